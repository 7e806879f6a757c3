"""The live figure: one plotly figure that moves, is scrubbed, dragged and selected in the browser, without being
rebuilt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import plotly.graph_objects as go
from plotly.io.json import to_json_plotly
from streamlit.components import v2

from dashboard.components import frames as frame_store
from dashboard.components import routes
from dashboard.components.gestures import Follower, Handle, Readout, Recolour, Scrub, Sprite, encoded
from dashboard.components.packed_handle import PackedHandle
from dashboard.components.spool import Content, Spool
from dashboard.wording import say

__all__ = [
    "Follower",
    "Handle",
    "Packed",
    "Readout",
    "Recolour",
    "Result",
    "Scrub",
    "Sprite",
    "Stacked",
    "live_figure",
    "pack",
]

Select = Literal["", "point", "lasso", "both", "mark"]
CHAPTER = 100  # frames whose list travels by its digest, once, where there are more of them
LARGE = 32_000  # characters of a figure that travels by its digest, once, and not in every message
REPORTED = ("frame", "handles", "selected", "clicked", "missing")  # by the browser, each as a state of its own


Frame: TypeAlias = tuple[str, float, str, Content]  # name, place on the scrub bar, digest and content


@dataclass(frozen=True)
class Result:
    """What the reader did last: the frame they stopped at, where they left each handle, the ids they selected by trace
    name, and where both are asked for the click, with its trace, its id and a number that no other click has."""

    frame: str | None = None
    handles: dict[str, float] = field(default_factory=dict)
    selected: dict[str, list[int]] = field(default_factory=dict)
    clicked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Packed:
    """A figure ready to send. Build it once with `pack`, cache it by run and epoch, and hand it to every session."""

    figure: str
    frames: tuple[Frame, ...] = ()
    stacked: str = ""
    """The layout of the same traces one below the other, for a narrow window."""
    frame_label: str = ""
    """What the transport bar says of a frame, with its `{value}` and that of the `{last}` one; its name if empty."""
    digest: str = ""
    """Of the figure, where it is large."""


@dataclass(frozen=True)
class Stacked:
    """That a figure takes its `stacked` layout and this height where it is narrower than `below` pixels."""

    below: int
    height: int


def pack(figure: go.Figure, stacked: go.Layout | None = None, frame_label: str = "") -> Packed:
    """Turn a figure and its frames into text; numpy arrays become plotly's binary arrays.

    A frame's place on the scrub bar is the first number in its name ("epoch 7" -> 7), or else its row, so that figures
    with different frames can follow each other.
    """
    content = figure.to_dict()
    content.get("layout", {}).pop("template", None)
    frames = content.pop("frames", [])
    narrow = to_json_plotly(stacked.to_plotly_json() | {"template": None}) if stacked else ""
    packed = tuple(pack_frame(frame, row) for row, frame in enumerate(frames))
    text = to_json_plotly(content)
    digest = frame_store.digest_of(text.encode()) if len(text) > LARGE else ""
    return Packed(text, packed, narrow, frame_label, digest)


def pack_frame(frame: Mapping[str, Any], row: int = 0, spool: Spool | None = None) -> Frame:
    """One frame of a `Packed`, its content in the spool if there is one. A live run packs each of its frames once, and
    only its figure again and again."""
    name = str(frame.get("name") or say("components.figure.frame", row=row))
    number = re.search(r"-?\d+(\.\d+)?", name)
    parts = [
        {key: encoded(value) if isinstance(value, np.ndarray) else value for key, value in part.items()}
        for part in frame["data"]
    ]
    text = to_json_plotly({**frame, "data": parts}).encode()
    content = spool.put(text) if spool else text
    return name, float(number[0]) if number else float(row), frame_store.digest_of(text), content


def live_figure(
    figure: go.Figure | Packed,
    *,
    key: str,
    height: int,
    alt: str,
    tween_seconds: float = 0.5,
    scrub: Scrub | None = None,
    handles: Sequence[Handle | PackedHandle] = (),
    sprite: Sprite | None = None,
    select: Select = "",
    group: str = "",
    source: str = "",
    stacked: Stacked | None = None,
) -> Result:
    """Draw a plotly figure on a node that is never replaced, and return what the reader did with it.

    Points: traces of type `scattergl` with mode `markers` are drawn on a canvas behind plotly's axes; they glide to
    new places in `tween_seconds` when their number stays the same, and so do words (mode `text`). The `text` of points
    is shown on hover, with the tiles of `sprite` that `customdata` names (one tile or several a point; captions in the
    trace's `meta={"captions": [...]}`); `customdata`, or its first column, is also the id that `selected` reports. All
    other traces are plotly's. Axes, legend, fonts and grid follow Streamlit's theme unless the figure sets them.

    `scrub` gives the figure's frames a transport bar; figures of the same `group` follow it (frames without `scrub`:
    no bar of their own), share the place of handles of the same name, and dim what is not selected in any of them.
    A figure of several maps names each in the `meta={"place": name}` of its points: whatever is selected in one is
    selected by its ids in all, and so is what is pointed at; with `select="mark"` nothing of it is reported.
    Whatever is clicked or lassoed can be chosen by keyboard, too: see keys.js.
    A button that the keyboard comes to shows the numbers as a table.
    `height`, for a root font of 15 pixels, is the figure's alone: a transport bar adds 44 pixels, readouts about
    60; `stacked` gives a figure of several columns another layout and height in a narrow window. Nothing is reported
    while something moves or is dragged; on release, pause, click or lasso the script (or the fragment that draws the
    figure) runs once.

        figure = go.Figure(
            go.Scattergl(x=x, y=y, mode="markers", name="held out", customdata=rows, text=names),
            frames=[
                go.Frame(name=f"epoch {n}", data=[{"x": x, "y": y}], traces=[0])
                for n, (x, y) in enumerate(maps)
            ],
        )
        sprite = Sprite(f"/runs/{run_id}/probe.png", 28, 28, columns=64)
        result = live_figure(
            figure, key="train.map", height=420, alt="Map of the held-out images, one colour a class",
            scrub=Scrub(), sprite=sprite, select="lasso",
        )
        chosen = result.selected.get("held out", [])

    In a live run call it from `@st.fragment(run_every=2)` with all frames so far: only frames new to the browser
    travel, and `figure` may be a `Packed`, a handle a `PackedHandle` out of a cache. In between, twice a second, the
    browser asks `source`, an address of this server, for what is new: see `routes.routes`.
    """
    if height < 120:
        raise ValueError(f"height must be at least 120 pixels, got {height}. Use 400 or more for a map.")
    packed = _kept(figure if isinstance(figure, Packed) else pack(figure), key)
    result = _component()(
        key=key,
        data={
            **_script(),
            "figure": "" if packed.digest else packed.figure,
            "figure_digest": packed.digest,
            **_listed(packed.frames),
            "height": height,
            "stacked": _stacked(packed, stacked),
            "tween_seconds": tween_seconds,
            "scrub": asdict(scrub) | {"words": _words(packed)} if scrub else None,
            "handles": [_sent(handle) for handle in handles],
            "sprite": asdict(sprite) | {"url": routes.below_base(sprite.url)} if sprite else None,
            "select": select,
            **_words_of_selecting(select),
            "group": group,
            "source": routes.below_base(source) if source else "",
            **{"alt": alt, "table": _words_of_table()},
        },
        **{f"on_{name}_change": _ignore for name in REPORTED},
    )
    return _result(result)


def _words_of_selecting(select: Select) -> dict[str, Any]:
    """What is said of how many points a lasso holds, on the switch to drawing one by finger, and of keys."""
    keys = {"keys": _words_of_keys(select)}
    if select not in ("lasso", "both", "mark"):
        return {"counted": None, "lasso": "", **keys}
    names = ("alone", "everywhere", "by_place", "part", "clear")
    counted = {name: say(f"components.figure.counted.{name}") for name in names}
    return {"counted": counted, "lasso": say("components.figure.lasso"), **keys}


def _words_of_keys(select: Select) -> dict[str, str] | None:
    """What is said while points are chosen by keyboard, for keys.js."""
    if not select:
        return None
    is_lasso = select != "point"
    words = {name: say(f"components.figure.keys.{name}") for name in ("label", "nothing", "chosen")}
    words["help"] = say(f"components.figure.keys.{'help_lasso' if is_lasso else 'help'}")
    return words | {"circle": say("components.figure.keys.circle") if is_lasso else ""}


def _words_of_table() -> dict[str, str]:
    """Of the table of a figure's numbers, for table.js."""
    names = ("show", "hide", "rows", "series", "across", "up", "value")
    return {name: say(f"components.figure.table.{name}") for name in names}


def _script() -> dict[str, str]:
    """Where the parts of the script are, and what is said where one of them does not load."""
    return {
        "module": routes.module_url(),
        "plotly": routes.plotly_url(),
        "frames_url": routes.frames_url(),
        "failed": say("components.figure.failed"),
    }


def _kept(packed: Packed, key: str) -> Packed:
    """The same, with its frames, and itself if it is large, ready for the browser to fetch."""
    if packed.digest:
        frame_store.keep_version(key, packed.digest, packed.figure.encode())
    for _, _, digest, content in packed.frames:
        frame_store.keep(digest, content)
    return packed


def _listed(frames: Sequence[Frame]) -> dict[str, Any]:
    """What a message says of the frames: of a long run the last ones, and where the lists of those before are."""
    named = [frame[:3] for frame in frames]
    whole = max(len(named) - 1, 0) // CHAPTER  # so that the last frame stands in the message itself
    chapters = [_chapter(tuple(named[row * CHAPTER : (row + 1) * CHAPTER])) for row in range(whole)]
    for digest, content in chapters:
        frame_store.keep(digest, content)
    return {
        "chapters": [digest for digest, _ in chapters],
        "frames": [list(frame) for frame in named[whole * CHAPTER :]],
    }


@lru_cache(maxsize=256)
def _chapter(named: tuple[tuple[str, float, str], ...]) -> tuple[str, bytes]:
    """The digest and the content of a list of frames that will not change."""
    content = to_json_plotly([list(frame) for frame in named]).encode()
    return frame_store.digest_of(content), content


def _sent(handle: Handle | PackedHandle) -> Any:
    """What a message says of a handle."""
    if isinstance(handle, Handle):
        return encoded(handle)
    frame_store.keep(handle.digest, handle.content)
    return {"digest": handle.digest, "value": handle.value}


def _words(packed: Packed) -> dict[str, str]:
    """Of the transport bar, for transport.js."""
    names = ("playback", "play", "pause", "back", "forward", "frame", "frame_of", "speed", "speed_of")
    words = {name: say(f"components.transport.{name}") for name in names}
    return words | ({"frame_of": packed.frame_label} if packed.frame_label else {})


def _stacked(packed: Packed, stacked: Stacked | None) -> dict[str, Any] | None:
    return asdict(stacked) | {"layout": packed.stacked} if stacked and packed.stacked else None


def _result(state: Mapping[str, Any]) -> Result:
    parts = (dict(state.get(name) or {}) for name in ("handles", "selected", "clicked"))
    return Result(state.get("frame"), *parts)


def _ignore() -> None:
    """Streamlit gives a state a place in the result only where it has a callback."""


@cache
def _component() -> Any:
    script = Path(__file__).with_name("live_figure.js").read_text(encoding="utf-8")
    # Outside a shadow root, because plotly writes its own style sheet into the document.
    return v2.component("metric_lab.live_figure", js=script, isolate_styles=False)
