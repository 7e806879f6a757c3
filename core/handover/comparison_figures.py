"""The figures of a comparison: every two strategies beside each other, what each reaches, and how it got there.

Drawn by matplotlib, which needs no browser, writes PNG and SVG, and is loaded only here and only when something is
drawn: a page never loads it. plotly draws in a browser, which a command line cannot count on. Numbers stand in the
figures as text, so they are read without a legend; strategies differ by colour, marker and dashes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

from core.comparison.reached import NUMBERS
from core.comparison.results import Results
from core.evidence.seeded_differences import BETTER, WORSE, SeededDifference
from core.handover.colours import INK, MUTED, NEGATIVE, PAPER, POSITIVE
from core.handover.seed_bands import band_of
from core.handover.strategy_looks import Look, looks_of
from core.records.main_numbers import MAP_AT_R
from core.system.atomic_files import write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 24  # strategies in a figure; tables have all of them
Marker = str | tuple[int, int, float]
# As matplotlib has them, by the names of plotly; a hexagram is a star of six points.
MARKERS: Mapping[str, Marker] = {
    "circle": "o",
    "diamond": "D",
    "square": "s",
    "triangle-up": "^",
    "triangle-down": "v",
    "cross": "P",
    "x": "X",
    "star": "*",
    "pentagon": "p",
    "hexagram": (6, 1, 0.0),
}
DASHES: Mapping[str, tuple[float, tuple[float, ...]]] = {
    "solid": (0, ()),
    "dash": (0, (3, 3)),
    "dot": (0, (1, 1)),
    "dashdot": (0, (3, 1, 1, 1)),
    "longdash": (0, (5, 5)),
    "longdashdot": (0, (5, 2, 1, 2)),
}
MEASURES = {"font.size": 9.0, "svg.fonttype": "none", "svg.hashsalt": "metric-lab", "text.parse_math": False}
DOTS = 160  # to the inch, of a PNG
CELL, SIDE, HEAD = (1.32, 0.68), 1.5, 0.86  # inches: a cell, the names beside the matrix, and what is above it
NARROWEST = 5.4  # inches
SMALL_LETTERS = 15  # to the inch
SHORT = 18  # letters of a name of which three stand beside each other
ACROSS = 3
TURNED = {BETTER: WORSE, WORSE: BETTER}
GROUNDS = {BETTER: (POSITIVE["light"], 0.28), WORSE: (NEGATIVE["light"], 0.28)}
OPEN_GROUND = (MUTED["light"], 0.16)


def matrix(results: Results, key: str = MAP_AT_R.key) -> Figure:
    """The strategy of each row minus that of each column, with its interval and its verdict; on the diagonal what a
    strategy reaches by itself."""
    names = results.strategies[:MOST]
    width, height = max(SIDE + CELL[0] * len(names) + 0.1, NARROWEST), HEAD + CELL[1] * len(names) + 0.5
    figure, axes = _one(width, height)
    axes.set_position((SIDE / width, 0.5 / height, CELL[0] * len(names) / width, CELL[1] * len(names) / height))
    axes.set(xlim=(0, len(names)), ylim=(len(names), 0))
    axes.axis("off")
    places = {name: place for place, name in enumerate(names)}
    for name, place in places.items():
        axes.text(place + 0.5, -0.06, _short(name, 17), ha="center", va="bottom", color=INK["light"])
        axes.text(-0.06, place + 0.5, _short(name, 19), ha="right", va="center", color=INK["light"])
        _cell(axes, place, place, results.levels[name][key], None)
    for one in results.differences[key]:
        if one.first in places and one.second in places:
            row, column = places[one.first], places[one.second]
            _cell(axes, row, column, one.difference, one.verdict)
            _cell(axes, column, row, _turned(one.difference), TURNED.get(one.verdict, one.verdict))
    title = f"{NUMBERS[key].title}: the strategy of the row minus that of the column"
    below = (
        f"95 % intervals {results.over(key)}, all differences together. Diagonal: what each reaches.{_shown(results)}"
    )
    figure.text(0.12 / width, 1 - 0.1 / height, title, va="top", weight="bold", color=INK["light"])
    lines = "\n".join(wrap(below, int(width * SMALL_LETTERS)))
    figure.text(0.12 / width, 0.1 / height, lines, size=8, va="bottom", color=INK["light"])
    return figure


def levels(results: Results) -> Figure:
    """What each strategy reaches in each number, with its interval."""
    from matplotlib.figure import Figure

    names = results.strategies[:MOST]
    down = -(-len(NUMBERS) // ACROSS)
    figure = Figure(
        figsize=(9.6, down * (0.72 + 0.24 * len(names)) + 0.3), layout="constrained", facecolor=PAPER["light"]
    )
    panels = figure.subplots(down, ACROSS, sharey=True, squeeze=False).flatten()
    for axes, (key, number) in zip(panels, NUMBERS.items(), strict=True):
        _quiet(axes)
        for place, (name, look) in enumerate(_looks(results).items()):
            level = results.levels[name][key]
            if abs(level.low) < float("inf"):
                axes.plot([level.low, level.high], [place, place], color=look.colour, lw=1.6, solid_capstyle="butt")
            axes.plot(level.value, place, marker=MARKERS[look.symbol], color=look.colour, ms=5.5)
        better = {True: "more is better", False: "less is better", None: "describes the space"}
        axes.set_title(f"{number.title} ({better[number.more_is_better]})", loc="left", size=9, color=INK["light"])
        axes.set(
            ylim=(len(names) - 0.4, -0.6), yticks=range(len(names)), yticklabels=[_short(one, 24) for one in names]
        )
        axes.margins(x=0.08)
        axes.grid(axis="x", color=MUTED["light"], alpha=0.25, lw=0.6)
    figure.supxlabel(
        f"95 % intervals {results.over_levels}.{_shown(results)}", size=8, x=0.01, ha="left", color=INK["light"]
    )
    return figure


def curves(results: Results, key: str = MAP_AT_R.key) -> Figure:
    """A number over the updates: the mean of each strategy, between the lowest and the highest of its seeds."""
    names = results.strategies[:MOST]
    figure, axes = _one(7.2, 4.2 + 0.11 * len(names), layout="constrained")
    _quiet(axes)
    seeds: dict[str, int] = {}
    for name, look in _looks(results).items():
        band = band_of([one for one in results.trainings if one.strategy == name], key, results.folds)
        if band is None:
            continue
        seeds[name] = band.seeds
        axes.fill_between(band.updates, band.low, band.high, color=look.colour, alpha=0.16, lw=0)
        axes.plot(
            band.updates,
            band.mean,
            color=look.colour,
            linestyle=DASHES[look.dash],
            marker=MARKERS[look.symbol],
            markevery=0.09,
            ms=4.5,
            lw=1.6,
            label=_short(name, 34),
        )
    axes.set_ylabel(f"{NUMBERS[key].title} of held-out samples", color=INK["light"])
    axes.set_xlabel("updates", color=INK["light"])
    axes.grid(color=MUTED["light"], alpha=0.25, lw=0.6)
    columns = 3 if max(map(len, names)) <= SHORT else 2
    figure.legend(loc="outside upper left", ncols=columns, frameon=False, labelcolor=INK["light"], handlelength=3.2)
    below = "\n".join(wrap(f"Lines and bands: {_over_seeds(seeds)}.{_shown(results)}", int(7.2 * SMALL_LETTERS)))
    figure.supxlabel(below, size=8, x=0.01, ha="left", color=INK["light"])
    return figure


FIGURES: dict[str, Callable[[Results], Figure]] = {"matrix": matrix, "levels": levels, "curves": curves}
"""Those that are written, by the names of their files."""


def write_figures(folder: Path, results: Results) -> None:
    """Each as PNG and as SVG."""
    for name, draw in FIGURES.items():
        write_bytes(folder / f"{name}.png", drawn(draw, results, "png"))
        write_bytes(folder / f"{name}.svg", drawn(draw, results, "svg"))


def drawn(draw: Callable[[Results], Figure], results: Results, form: str) -> bytes:
    """A figure as a file, the same for the same results, whatever the day."""
    content = io.BytesIO()
    with _measures():
        about: dict[str, str | None] = {"Date": None, "Creator": None} if form == "svg" else {"Software": None}
        draw(results).savefig(content, format=form, dpi=DOTS, metadata=about)
    return content.getvalue()


@contextmanager
def _measures() -> Iterator[None]:
    """Our sizes, and no word of letters that the font of a PNG has not."""
    from matplotlib import rc_context

    with rc_context(MEASURES), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _one(width: float, height: float, layout: Literal["constrained"] | None = None) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor=PAPER["light"], layout=layout)
    return figure, figure.add_subplot(facecolor="none")


def _quiet(axes: Axes) -> None:
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED["light"])
    axes.tick_params(colors=INK["light"], labelsize=8, length=2.5)
    axes.set_axisbelow(True)


def _cell(axes: Axes, row: int, column: int, of: SeededDifference, verdict: str | None) -> None:
    """What it says; without a verdict a level, on no ground."""
    from matplotlib.patches import Rectangle

    ground, alpha = ("none", 0.0) if verdict is None else GROUNDS.get(verdict, OPEN_GROUND)
    edge = MUTED["light"] if verdict is None else "none"
    axes.add_patch(Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, fc=ground, alpha=alpha or None, ec=edge, lw=0.6))
    sign, weight = ("", "bold") if verdict is None else ("+", "normal")
    heights = (0.38, 0.66) if verdict is None else (0.26, 0.52, 0.78)
    ends = f"{of.low:{sign}z.3f} to {of.high:{sign}z.3f}" if abs(of.low) < float("inf") else "no interval"
    texts = [(f"{of.value:{sign}z.3f}", 10.0, weight), (ends, 7.5, "normal")]
    texts += [] if verdict is None else [(verdict, 7.5, "bold" if verdict in GROUNDS else "normal")]
    for height, (text, size, how) in zip(heights, texts, strict=True):
        axes.text(column + 0.5, row + height, text, ha="center", va="center", size=size, weight=how, color=INK["light"])


def _turned(of: SeededDifference) -> SeededDifference:
    """The same with the strategies the other way round; 0 stays without a sign of its own."""
    return SeededDifference(0.0 - of.value, 0.0 - of.high, 0.0 - of.low, of.confidence, of.seeds, of.identities)


def _over_seeds(counts: Mapping[str, int]) -> str:
    """Of how many seeds the line of each strategy is."""
    different = set(counts.values())
    if different <= {1}:
        return "one seed"
    if len(different) == 1:
        return f"mean and range of {max(different)} seeds"
    each = ", ".join(f"{_short(name, 34)}:\u00a0{count}" for name, count in counts.items())
    return f"mean and range of the seeds that are there ({each})"


def _looks(results: Results) -> dict[str, Look]:
    """Of the strategies that are drawn, by their place among all of the comparison, as on its page."""
    looks = looks_of(results.asked or results.strategies, "light")
    return {name: looks[name] for name in results.strategies[:MOST]}


def _short(name: str, width: int) -> str:
    """A name in at most three lines, of letters that can be shown."""
    shown = "".join(letter if letter.isprintable() else " " for letter in name)
    return "\n".join(wrap(shown, width, max_lines=3, placeholder=" …")) or "–"


def _shown(results: Results) -> str:
    count = len(results.strategies)
    return f" The first {MOST} of {count} strategies are drawn." if count > MOST else ""
