"""The tables and drawings of the rooms, by hand for a few rooms and on the page for all of them."""

from __future__ import annotations

import pytest

from core.makers.architecture import drawing, page_parts, table
from core.makers.floors import FLOORS
from core.makers.marked_text import with_marked
from core.makers.rooms import Room, rooms_of
from tests.imports import ROOT

ARCHITECTURE = ROOT / "docs" / "ARCHITECTURE.md"
ROOMS = {
    "dashboard.views": Room(
        "Pages | one each. Not this.",
        7,
        frozenset({"core.runs", "core.maps", "dashboard.markdown", "dashboard.palette"}),
    ),
    "dashboard.markdown": Room("Names and words.", 1, frozenset()),
    "dashboard.palette": Room("Colours.", 1, frozenset({"dashboard.markdown"})),
}


def test_a_table_has_the_lowest_floor_first_and_the_own_package_before_others() -> None:
    floors = FLOORS["dashboard"]
    assert table("dashboard", ROOMS).splitlines()[2:] == [
        f"| {floors['markdown']} | `markdown` | Names and words. | 1 | nothing |",
        f"| {floors['palette']} | `palette` | Colours. | 1 | markdown |",
        f"| {floors['views']} | `views` | Pages \\| one each. | 7 | markdown, palette; of core: runs, maps |",
    ]


def test_a_drawing_has_a_box_for_each_floor_and_an_arrow_for_each_way_not_said_already() -> None:
    lines = [line.strip() for line in drawing("dashboard", ROOMS).splitlines()]
    assert lines[:2] == ["```mermaid", "flowchart TB"] and lines[-1] == "```"
    boxes = [line for line in lines if line.startswith("subgraph")]
    assert boxes == [f'subgraph floor{floor}["{floor}"]' for floor in range(len(boxes), 0, -1)]
    below = lines.index(f'subgraph floor{FLOORS["dashboard"]["views"]}["{FLOORS["dashboard"]["views"]}"]') + 1
    assert lines[below : below + 2] == ['dashboard_views["views"]', "end"]
    arrows = [line for line in lines if "-->" in line]
    assert arrows == ["dashboard_views --> dashboard_palette", "dashboard_palette --> dashboard_markdown"]


def test_a_room_without_a_floor_is_refused() -> None:
    with pytest.raises(ValueError, match="a room must have a floor, got core.alone without one. Name it in"):
        table("core", {"core.alone": Room("", 1, frozenset())})


def test_the_tables_and_drawings_of_the_page_are_those_of_today() -> None:
    page = ARCHITECTURE.read_text()
    for name, content in page_parts().items():
        assert with_marked(page, name, content) == page, f"{name}: make format writes it again"


@pytest.mark.parametrize("package", FLOORS)
def test_a_drawing_leads_wherever_the_imports_lead(package: str) -> None:
    rooms = rooms_of(package)
    arrows = [line.split(" --> ") for line in drawing(package, rooms).splitlines() if "-->" in line]
    below: dict[str, set[str]] = {name.replace(".", "_"): set() for name in rooms}
    for start, end in arrows:
        below[start.strip()].add(end)

    def reached(name: str) -> set[str]:
        return below[name].union(*(reached(other) for other in below[name]))

    for name, room in rooms.items():
        own = {other.replace(".", "_") for other in room.looks_at if other in rooms}
        assert reached(name.replace(".", "_")) >= own
