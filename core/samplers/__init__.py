"""The samplers. Looks at params and lazy.
To add one: write its file here, then name it below (the order is the menu's)."""

from core.params import table
from core.samplers.base import Sampler
from core.samplers.class_balanced import ClassBalanced
from core.samplers.hard_classes import HardClasses
from core.samplers.n_pairs import NPairs
from core.samplers.p_by_k import PByK
from core.samplers.ratio import Ratio
from core.samplers.shuffled import Shuffled

SAMPLERS: dict[str, type[Sampler]] = table(
    PByK,
    Shuffled,
    NPairs,
    ClassBalanced,
    HardClasses,
    Ratio,
)
