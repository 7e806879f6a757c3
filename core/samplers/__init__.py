"""The samplers. To add one: write its file here, then name it below (the order is the menu's)."""

from core.params import table
from core.samplers.p_by_k import PByK
from core.samplers.shuffled import Shuffled

SAMPLERS = table(PByK, Shuffled)
