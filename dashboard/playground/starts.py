"""Where the points of a playground lie at first: of one triplet, of two pairs, or of several classes."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians, sin, sqrt
from types import MappingProxyType

from core.losses import LOSSES
from dashboard.components.loss_playground import Space

SPACES: tuple[Space, ...] = ("circle", "plane", "sphere")

# Of each point its class, its angle in degrees, its distance from the middle on a plane, and its height on a sphere.
Places = tuple[tuple[str, float, float, float], ...]
STARTS: Mapping[str, Places] = MappingProxyType(
    {
        "triplet": (("a", 100, 0.45, 0.6), ("a", 48, 0.85, 0.45), ("b", 160, 0.95, 0.4)),
        "pairs": (("a", 110, 0.55, 0.6), ("a", 40, 0.9, 0.35), ("b", 170, 0.8, 0.5), ("b", 265, 0.85, 0.4)),
        "classes": (
            *(("a", 70, 0.9, 0.5), ("a", 120, 0.45, 0.75), ("a", 15, 0.7, 0.3)),
            *(("b", 150, 0.95, 0.45), ("b", 200, 0.6, 0.8), ("b", 95, 1.1, 0.3)),
            *(("c", 280, 0.8, 0.55), ("c", 330, 0.5, 0.85), ("c", 235, 0.95, 0.35)),
        ),
        "twelve": (
            *(("a", 70, 0.9, 0.5), ("a", 120, 0.45, 0.75), ("a", 15, 0.7, 0.3), ("a", 350, 0.95, 0.6)),
            *(("b", 150, 0.95, 0.45), ("b", 200, 0.6, 0.8), ("b", 95, 1.1, 0.3), ("b", 175, 0.3, 0.9)),
            *(("c", 280, 0.8, 0.55), ("c", 320, 0.5, 0.85), ("c", 235, 0.95, 0.35), ("c", 300, 1.15, 0.2)),
        ),
    }
)  # fmt: skip
PAIRED, CLASSED = ("n-pair", "angular"), ("quadruplet",)


def start_for(loss: str) -> str:
    """The name of the start that shows a loss best with the fewest points."""
    kind = LOSSES[loss]
    if loss in PAIRED:
        return "pairs"
    of_classes = kind.compares.startswith("class") or (kind.consumes is None and loss not in PAIRED)
    return "classes" if of_classes or loss in CLASSED else "triplet"


def points_at(start: str, space: str) -> str:
    """The points of a start as an address has them."""
    return "".join(f"{label}{'_'.join(map(_hundredths, _place(place, space)))}" for label, *place in STARTS[start])


def _place(place: list[float], space: str) -> tuple[float, ...]:
    angle, radius, height = place
    flat = {"circle": 1.0, "plane": radius, "sphere": sqrt(1 - height**2)}[space]
    across = (flat * cos(radians(angle)), flat * sin(radians(angle)))
    return (*across, height) if space == "sphere" else across


def _hundredths(value: float) -> str:
    return str(round(100 * value))
