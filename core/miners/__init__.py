"""The miners, in the order of the menus. To add one: write its file here, then import it below."""

# ruff: noqa: F401, I001

from core.miners.base import Miner
from core.params import members, table

from core.miners.semi_hard import SemiHard
from core.miners.batch_hard import BatchHard
from core.miners.all import All
from core.miners.random import Random
from core.miners.hard_negative import HardNegative
from core.miners.batch_sample import BatchSample
from core.miners.distance_weighted import DistanceWeighted
from core.miners.soft_weighting import SoftWeighting
from core.miners.lifted_hard_negative import LiftedHardNegative
from core.miners.multi_similarity import MultiSimilarity
from core.miners.ratio import Ratio
from core.miners.n_pairs import NPairs

MINERS = table(*members(globals(), Miner))
