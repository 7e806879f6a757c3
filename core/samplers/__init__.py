"""The samplers, in the order of the menus. To add one: write its file here, then import it below."""

# ruff: noqa: F401, I001

from core.samplers.base import Sampler
from core.params import members, table

from core.samplers.p_by_k import PByK
from core.samplers.shuffled import Shuffled
from core.samplers.n_pairs import NPairs
from core.samplers.class_balanced import ClassBalanced
from core.samplers.hard_classes import HardClasses
from core.samplers.ratio import Ratio

SAMPLERS = table(*members(globals(), Sampler))
