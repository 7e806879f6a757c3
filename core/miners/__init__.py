"""The miners. Looks at batch, kernels and params.
To add one: write its file here, then name it below (the order is the menu's)."""

from core.miners.all import All
from core.miners.base import Miner
from core.miners.batch_hard import BatchHard
from core.miners.batch_sample import BatchSample
from core.miners.distance_weighted import DistanceWeighted
from core.miners.hard_negative import HardNegative
from core.miners.lifted_hard_negative import LiftedHardNegative
from core.miners.multi_similarity import MultiSimilarity
from core.miners.n_pairs import NPairs
from core.miners.random import Random
from core.miners.ratio import Ratio
from core.miners.semi_hard import SemiHard
from core.miners.soft_weighting import SoftWeighting
from core.params import table

MINERS: dict[str, type[Miner]] = table(
    SemiHard,
    BatchHard,
    All,
    Random,
    HardNegative,
    BatchSample,
    DistanceWeighted,
    SoftWeighting,
    LiftedHardNegative,
    MultiSimilarity,
    Ratio,
    NPairs,
)
