"""What a live figure can be asked to do, in words of figures and not of metric learning."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from types import NoneType
from typing import Any, Literal

import numpy as np

Numbers = Sequence[float] | np.ndarray
Axis = Literal["x", "y", "diagonal", ""]


@dataclass(frozen=True)
class Scrub:
    """A transport bar under the figure for its frames."""

    seconds_per_frame: float = 0.6
    autoplay: bool = False
    """Play from the first frame once all frames are there; a reader who asks for reduced motion sees the last one,
    still."""
    loop: bool = False
    frame: str | None = None
    """The frame to open at, by name; when it changes, the figure goes there. None: the last one, or the first where
    it plays by itself."""
    again: int = 0
    """When it changes, the figure goes to `frame` once more, wherever the reader has gone since."""


@dataclass(frozen=True)
class Readout:
    """A number that follows a handle: `values[i]` belongs to `stops[i]`. Formats: ",d" ".1%" ".3f" ".3g" and "" for
    text."""

    label: str
    values: Numbers | Sequence[str]
    format: str = ".3f"


@dataclass(frozen=True)
class Follower:
    """The one-point trace named `trace` moves to (x[i], y[i]) as the handle stands at stop i."""

    trace: str
    x: Numbers
    y: Numbers


@dataclass(frozen=True)
class Recolour:
    """Points of the trace named `trace` take colour and symbol k, where k is the number of `cuts` that are at most
    `by[point]`.

    A cut is a number, or "handle" for where the handle stands; one colour (and symbol) more than there are cuts.
    """

    trace: str
    by: Numbers
    cuts: Sequence[float | str]
    colours: Sequence[str]
    symbols: Sequence[str] = ()


@dataclass(frozen=True)
class Handle:
    """A line that the reader drags along an axis; everything that depends on it is looked up in arrays sent once.

    `axis`: "x" a vertical line, "y" a horizontal one, "diagonal" the line y = x + value, "" no line: it goes where a
    handle of the same name goes in another figure of the group. With `stops` (ascending) the handle stands only there,
    and readouts, followers and words have one entry a stop. `sentence` is shown under the figure: "Accept at most
    {value:.2f}: {impostors:,d} get in", names looked up in `words`. `value` moves the handle whenever the page sends
    another one than before; what the reader did since holds otherwise.
    """

    name: str
    axis: Axis
    value: float
    stops: Numbers = ()
    subplot: str = "xy"
    label: str = ""
    format: str = ".3f"
    readouts: Sequence[Readout] = ()
    followers: Sequence[Follower] = ()
    recolours: Sequence[Recolour] = ()
    sentence: str = ""
    words: Mapping[str, Numbers | Sequence[str]] = field(default_factory=dict)
    colour: str = ""
    """Of the line and the grip; the theme's accent if empty."""

    def __post_init__(self) -> None:
        if len(self.stops) and np.any(np.diff(np.asarray(self.stops, dtype=float)) < 0):
            raise ValueError(f"stops of handle {self.name!r} must ascend. Sort them, and their readouts with them.")
        lengths = [("readout", readout.label, len(readout.values)) for readout in self.readouts]
        lengths += [("follower", follower.trace, len(follower.x)) for follower in self.followers]
        lengths += [("word", name, len(values)) for name, values in self.words.items()]
        for what, name, length in lengths:
            if length != len(self.stops):
                raise ValueError(
                    f"{what} {name!r} of handle {self.name!r} must have one entry a stop, "
                    f"got {length} for {len(self.stops)} stops. Look both up in the same table."
                )


@dataclass(frozen=True)
class Sprite:
    """One picture that holds a tile per image, row by row; point ids in `customdata` are tile numbers."""

    url: str
    tile_width: int
    tile_height: int
    columns: int


SHORT_TYPES = {"float64": "f8", "float32": "f4", "int32": "i4", "int16": "i2", "int8": "i1"}
SHORT_TYPES |= {"uint32": "u4", "uint16": "u2", "uint8": "u1"}


def encoded(value: Any) -> Any:
    """A gesture as JSON; numbers travel as plotly's binary arrays, without loss."""
    if type(value) in (str, int, float, bool, NoneType):  # by far the most of all: words at each stop of a handle
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: encoded(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {name: encoded(part) for name, part in value.items()}
    if isinstance(value, np.ndarray) or (isinstance(value, (list, tuple)) and value and _all_numbers(value)):
        return _binary(np.asarray(value))
    if isinstance(value, (list, tuple)):
        return [encoded(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _all_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, (int, float, np.number)) for value in values)


def _binary(array: np.ndarray) -> Any:
    if array.dtype.kind not in "fiub":
        return [encoded(part) for part in array.tolist()]
    if str(array.dtype) not in SHORT_TYPES:
        array = array.astype(np.float64)  # 64-bit counts are exact in it up to 2**53
    return {
        "dtype": SHORT_TYPES[str(array.dtype)],
        "bdata": base64.b64encode(array.tobytes()).decode("ascii"),
    }
