"""No two lines of a figure merge for eyes that lack a kind of cone: their colours, dashes, marks or hatches differ."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import Any

import pytest

from core.runs.run_folder import Run
from dashboard import palette
from dashboard.palette import Theme
from dashboard.runs import state
from dashboard.verify.sections import SECTIONS
from tests.dashboard.colour_vision import EYES, apart, difference, seen
from tests.dashboard.pages import opened
from tests.dashboard.sent import sent_to_components

THEMES: tuple[Theme, ...] = ("light", "dark")
ENOUGH = 18.0  # in CIEDE2000; two lines side by side are told apart from about 10 on
PAGES = {
    "learn": {},
    "train": {},
    "mine": {},
    "compare": {},
    "explore": {},
    **{f"verify {section}": {"section": section} for section in SECTIONS},
}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_that_were_published(
    first: tuple[float, float, float], second: tuple[float, float, float], expected: float
) -> None:
    assert difference(first, second) == pytest.approx(expected, abs=1e-4)


def test_red_and_green_are_close_without_a_cone_and_grey_stays_grey() -> None:
    assert difference(seen("#808080", "deuteranopia"), seen("#808080", "all cones")) < 0.5
    red, green = "#c05040", "#708020"
    assert difference(seen(red, "deuteranopia"), seen(green, "deuteranopia")) < 10
    assert difference(seen(red, "all cones"), seen(green, "all cones")) > 35


@pytest.mark.parametrize("theme", THEMES)
def test_the_palette_keeps_the_distances_that_it_names(theme: Theme) -> None:
    hardness = [apart(*pair) for pair in combinations(palette.HARDNESS[theme].values(), 2)]
    animals = [apart(*pair) for pair in combinations(palette.ANIMALS[theme].values(), 2)]
    assert min(hardness) >= {"light": 36, "dark": 31}[theme]
    assert min(animals) >= {"light": 19, "dark": 20}[theme]
    assert apart(palette.POSITIVE[theme], palette.NEGATIVE[theme]) >= ENOUGH


def looks(trace: dict[str, Any]) -> dict[str, Any]:
    """What of a trace tells it from others beside its colour."""
    line, marker = trace.get("line", {}), trace.get("marker", {})
    mode = trace.get("mode", "lines")
    return {
        "dash": line.get("dash", "solid") if "lines" in mode else None,
        "symbol": str(marker.get("symbol", "circle")) if "markers" in mode else None,
        "hatch": trace.get("fillpattern", {}).get("shape", ""),
        "shape": (line.get("shape", "linear"), trace.get("fill", ""), bool(trace.get("stackgroup"))),
    }


def colour_of(trace: dict[str, Any]) -> str:
    """As #RRGGBB; empty where it has none of its own, or one a point."""
    mode = trace.get("mode", "lines")
    colour = trace.get("line" if "lines" in mode else "marker", {}).get("color", "")
    if trace.get("stackgroup"):
        colour = trace.get("fillcolor", "")
    return colour if isinstance(colour, str) and re.fullmatch("#[0-9A-Fa-f]{6}", colour) else ""


def merging(figure: dict[str, Any]) -> list[str]:
    """Pairs of lines of one panel that look alike to some eyes."""
    found = []
    for first, second in combinations(figure["data"], 2):
        panels = [(trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in (first, second)]
        colours = [colour_of(trace) for trace in (first, second)]
        if panels[0] != panels[1] or not all(colours) or looks(first) != looks(second):
            continue
        if first.get("name") == second.get("name") or first.get("legendgroup", 1) == second.get("legendgroup", 2):
            continue  # parts of one line
        if (distance := apart(*colours)) < ENOUGH:
            found.append(f"{first.get('name')} | {second.get('name')}: {colours} {distance:.1f} {looks(first)}")
    return found


def test_lines_that_merge_are_found_and_those_that_differ_in_dash_are_not() -> None:
    red, green = ({"mode": "lines", "name": colour, "line": {"color": colour}} for colour in ("#c05040", "#708020"))
    assert len(merging({"data": [red, green]})) == 1
    assert not merging({"data": [red, green | {"line": {"color": "#708020", "dash": "dash"}}]})
    assert not merging({"data": [red, green | {"xaxis": "x2", "yaxis": "y2"}]})


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_no_two_lines_of_a_figure_merge(name: str, theme: Theme, many: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "theme", lambda: theme)
    page = name.split()[0]
    query = PAGES[name] | ({"run": many.folder.name} if page in ("train", "mine", "verify", "explore") else {})
    figures = sent_to_components(opened(page, **query))
    drawn = [json.loads(one["figure"]) for one in figures if "figure" in one]
    assert drawn and sum(bool(colour_of(trace)) for figure in drawn for trace in figure["data"]) >= 2
    assert not (found := [fault for figure in drawn for fault in merging(figure)]), "\n".join(found)


def test_every_kind_of_eyes_is_looked_at() -> None:
    assert set(EYES) == {"all cones", "protanopia", "deuteranopia", "tritanopia"}
