"""The augmentations. Looks at params and lazy.
To add one: write its file here, then name it below (the order is the menu's)."""

from core.augmentations.base import Augmentation
from core.augmentations.crops_and_colour import CropsAndColour
from core.augmentations.erasing import Erasing
from core.augmentations.turns_and_shifts import TurnsAndShifts
from core.augmentations.untouched import Untouched
from core.params import table

AUGMENTATIONS: dict[str, type[Augmentation]] = table(
    Untouched,
    TurnsAndShifts,
    CropsAndColour,
    Erasing,
)
