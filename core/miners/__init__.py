"""The miners. To add one: write its file here, then name it below (the order is the menu's)."""

from core.miners.all import All
from core.miners.batch_hard import BatchHard
from core.miners.semi_hard import SemiHard
from core.params import table

MINERS = table(SemiHard, BatchHard, All)
