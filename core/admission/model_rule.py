"""How images are prepared for a network that is brought: by what its author says, by what its file says, or by what its
input's shape leaves open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.models.image_rule import (
    FITS,
    LAYOUTS,
    METADATA,
    ORDERS,
    RANGES,
    WHOLE,
    ImageRule,
    from_zero_to_one,
    numbers,
)
from core.models.kept_models import FILE, IMAGES, NOBODY, READER, VECTORS
from core.models.onnx_graph import Place

COLOURS = (1, 3)
MOST_NUMBERS = 1 << 20  # of a vector


@dataclass(frozen=True)
class AskedRule:
    """What somebody says of how images are prepared; None for what they do not. Mean and deviation are of pixels in
    `range`, one for all channels or one for each."""

    height: int | None = None
    width: int | None = None
    layout: str | None = None
    order: str | None = None
    range: str | None = None
    mean: tuple[float, ...] | None = None
    deviation: tuple[float, ...] | None = None
    fit: str | None = None
    part: tuple[float, ...] | None = None

    @property
    def says_values(self) -> bool:
        """Whether it says how pixels become values."""
        return any(one is not None for one in (self.range, self.mean, self.deviation))


def takes_of(taken: Place) -> tuple[str, int]:
    """Whether an input takes images or vectors, and how many numbers a vector has. Raises ValueError for others."""
    shape = taken.shape or ()
    if len(shape) == 4:
        return IMAGES, 0
    if len(shape) == 2 and isinstance(shape[1], int) and shape[1] <= MOST_NUMBERS:
        return VECTORS, shape[1]
    raise ValueError(
        f"the input must be images (N, channels, H, W) or (N, H, W, channels), or vectors (N, D) of one length, got "
        f"{list(shape)}. Export the network with such an input."
    )


def rule_of_graph(taken: Place, asked: AskedRule, metadata: Mapping[str, str]) -> tuple[ImageRule, str]:
    """How images are prepared for an input of this shape, and who says so. What is asked for goes before what the file
    says; what neither says is: red, green, blue, from 0 to 1, the whole image stretched.

    Raises ValueError where the sizes are open and nobody says them, and where they contradict each other.
    """
    shape = taken.shape or ()
    told = _told(metadata)
    layout = asked.layout or _layout(shape)
    sizes = shape[1:] if layout == LAYOUTS[0] else (shape[3], *shape[1:3])
    channels = sizes[0] if isinstance(sizes[0], int) else int(told.get("channels", 3))
    if channels not in COLOURS:
        raise ValueError(
            f"images must have 1 or 3 channels, got an input {list(shape)}. Say where they stand (NCHW or NHWC), or "
            "export the network for such images."
        )
    height = _size("height", sizes[1], asked.height, told)
    width = _size("width", sizes[2], asked.width, told)
    rule = ImageRule(
        height,
        width,
        channels,
        *_scale(channels, asked, told),
        layout=layout,
        order=asked.order or ORDERS[0],
        fit=asked.fit or str(told.get("fit", FITS[0])),
        part=WHOLE if asked.part is None else asked.part,
    )
    return rule, READER if asked.says_values else FILE if told else NOBODY


def _layout(shape: tuple[int | str, ...]) -> str:
    """By where 1 or 3 channels stand; first, where both could be."""
    return LAYOUTS[1] if shape[3] in COLOURS and shape[1] not in COLOURS else LAYOUTS[0]


def _size(what: str, there: int | str, asked: int | None, told: Mapping[str, Any]) -> int:
    known = [one for one in (there if isinstance(there, int) else None, asked, told.get(what)) if one is not None]
    if not known:
        raise ValueError(
            f"the {what} of images must be said for a network that takes any, got none. Say it (--{what} 224)."
        )
    if isinstance(there, int) and asked is not None and asked != there:
        raise ValueError(f"the {what} must be {there}, as the network has it, got {asked}. Leave it out.")
    return int(known[0])


def _scale(channels: int, asked: AskedRule, told: Mapping[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and deviation of pixels from 0 to 1, one for each channel."""
    if not asked.says_values and told:
        return numbers(told["mean"]), numbers(told["deviation"])
    said = asked.range or RANGES[0]
    mean = from_zero_to_one(_each("mean", asked.mean or (0.0,), channels), said, is_mean=True)
    return mean, from_zero_to_one(_each("deviation", asked.deviation or (1.0,), channels), said, is_mean=False)


def _each(what: str, values: tuple[float, ...], channels: int) -> tuple[float, ...]:
    if len(values) not in (1, channels):
        raise ValueError(
            f"{what} must be one number, or one for each of {channels} channels, got {len(values)}. Correct it."
        )
    return values * channels if len(values) == 1 else values


def _told(metadata: Mapping[str, str]) -> dict[str, Any]:
    """What an encoder that Metric Lab has exported says of its images; empty for any other, and where that is
    damaged."""
    try:
        told = json.loads(metadata.get(METADATA, "null"))
        whole = all(isinstance(told[name], int) for name in ("height", "width", "channels"))
        lists = numbers(told["mean"]), numbers(told["deviation"])
        is_fitting = whole and {len(one) for one in lists} == {told["channels"]} and told["fit"] in FITS
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return dict(told) if is_fitting else {}
