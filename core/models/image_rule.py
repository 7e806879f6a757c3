"""How an image becomes what a network takes, in plain values: from what its author says, in the author's own terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import numpy as np

METADATA = "metric_lab.preprocessing"  # under which an exported file says how images are prepared for it, as JSON
LAYOUTS = ("NCHW", "NHWC")
ORDERS = ("RGB", "BGR")
RANGES = ("0 to 1", "0 to 255", "-1 to 1")
FITS = ("stretch", "crop", "pad")  # as core/datasets/fitting.py has them
MOST_PIXELS = 1024  # of a side
WHOLE = (0.0, 0.0, 1.0, 1.0)
GREY = tuple(
    weight / 65536 for weight in (19595, 38470, 7471)
)  # of red, green and blue, by ITU-R 601 as Pillow has them


@dataclass(frozen=True)
class ImageRule:
    """Of an image the `part` (top, left, bottom, right, as shares of its sides) is resized to height x width by an
    antialiased bilinear filter; in so many channels, 3 of them in this order; of each value from 0 to 1 the mean is
    taken away and the rest divided by the deviation. Mean and deviation are listed in the order of the channels."""

    height: int
    width: int
    channels: int
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    layout: str = LAYOUTS[0]
    order: str = ORDERS[0]
    fit: str = FITS[0]
    part: tuple[float, ...] = WHOLE

    def __post_init__(self) -> None:
        if self.channels not in (1, 3) or not all(1 <= side <= MOST_PIXELS for side in (self.height, self.width)):
            raise ValueError(
                f"images must have 1 or 3 channels and sides of 1 to {MOST_PIXELS:,} pixels, got {self.channels} "
                f"channels of {self.height} x {self.width}. Say the height and width that the network takes."
            )
        for what, allowed in (("layout", LAYOUTS), ("order", ORDERS), ("fit", FITS)):
            if getattr(self, what) not in allowed:
                raise ValueError(f"{what} must be {' or '.join(allowed)}, got {getattr(self, what)!r:.40}. Choose one.")
        values = (*self.mean, *self.deviation)
        is_whole = {len(self.mean), len(self.deviation)} == {self.channels} and all(map(isfinite, values))
        if not is_whole or not all(value > 0 for value in self.deviation):
            raise ValueError(
                f"each of {self.channels} channels must have a mean and a deviation above 0, got {list(self.mean)} and "
                f"{list(self.deviation)}. Give one number for all of them, or one for each."
            )
        if len(self.part) != 4 or not (0 <= self.part[0] < self.part[2] <= 1 and 0 <= self.part[1] < self.part[3] <= 1):
            raise ValueError(
                f"part must be top, left, bottom and right as shares from 0 to 1, got {list(self.part)}. Take 0,0,1,1 "
                "for the whole image."
            )

    @classmethod
    def read(cls, written: object) -> Self:
        """Of what `written` gives. Raises ValueError for what is damaged."""
        try:
            if not isinstance(written, Mapping):
                raise TypeError(written)
            height, width, channels = (int(written[name]) for name in ("height", "width", "channels"))
            mean, deviation, part = (numbers(written[name]) for name in ("mean", "deviation", "part"))
            layout, order, fit = (str(written[name]) for name in ("layout", "order", "fit"))
            return cls(height, width, channels, mean, deviation, layout, order, fit, part)
        except (KeyError, TypeError) as problem:
            raise ValueError(
                f"the rule for images must be whole, got {problem!r:.60}. Bring the network again."
            ) from None

    def written(self) -> dict[str, Any]:
        """Plain values, as JSON has them."""
        values = vars(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one image as the network takes it."""
        size = (self.height, self.width)
        return (self.channels, *size) if self.layout == LAYOUTS[0] else (*size, self.channels)

    def rows_of(self, height: int) -> tuple[int, int]:
        """Between which rows of an image so high its part lies."""
        return _between(self.part[0], self.part[2], height)

    def columns_of(self, width: int) -> tuple[int, int]:
        """Between which columns of an image so wide its part lies."""
        return _between(self.part[1], self.part[3], width)

    def values_of(self, pixels: np.ndarray) -> np.ndarray:
        """Pixels of the right size (N, H, W) or (N, H, W, 3) uint8 -> float32 as the network takes them."""
        import numpy as np  # which a page does not need to show a card

        values = pixels.astype(np.float32) / np.float32(255)
        if self.channels == 1 and values.ndim == 4:
            values = values @ np.array(GREY, np.float32)
        values = values[..., None] if values.ndim == 3 else values
        values = np.broadcast_to(values, (*values.shape[:3], self.channels))
        if self.order == ORDERS[1]:
            values = values[..., ::-1]
        values = (values - np.array(self.mean, np.float32)) / np.array(self.deviation, np.float32)
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2) if self.layout == LAYOUTS[0] else values)


def numbers(values: Sequence[float]) -> tuple[float, ...]:
    """As fractions. Raises TypeError for what are no numbers."""
    return tuple(float(value) for value in values)


def numbers_in(what: str, text: str | None) -> tuple[float, ...] | None:
    """Numbers between commas; None where nothing is said. Raises ValueError for others."""
    if not (text or "").strip():
        return None
    try:
        return tuple(float(word) for word in str(text).split(","))
    except ValueError:
        raise ValueError(f"{what} must be numbers with commas between them, got {text!r:.60}. Correct it.") from None


def from_zero_to_one(values: tuple[float, ...], told: str, *, is_mean: bool) -> tuple[float, ...]:
    """A mean or a deviation that is said of pixels in the range `told`, of pixels from 0 to 1: both name the same
    change. Raises ValueError for another range."""
    if told not in RANGES:
        raise ValueError(f"range must be {', '.join(RANGES)}, got {told!r:.40}. Choose one.")
    low, high = {"0 to 1": (0.0, 1.0), "0 to 255": (0.0, 255.0), "-1 to 1": (-1.0, 1.0)}[told]
    return tuple((value - (low if is_mean else 0.0)) / (high - low) for value in values)


def _between(low: float, high: float, size: int) -> tuple[int, int]:
    first = min(round(low * size), size - 1)
    return first, max(round(high * size), first + 1)
