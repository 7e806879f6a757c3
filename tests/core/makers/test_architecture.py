"""The tables and drawings of docs/ARCHITECTURE.md say what the imports say."""

from __future__ import annotations

import pytest

from core.makers.architecture import drawing, page_parts, table
from core.makers.floors import FLOORS
from core.makers.marked_text import with_marked
from core.makers.rooms import Room, rooms_of
from tests.imports import ROOT

ARCHITECTURE = ROOT / "docs" / "ARCHITECTURE.md"


def room(docstring: str, *looks_at: str) -> Room:
    return Room(docstring, 2, frozenset(looks_at))


ROOMS = {
    "dashboard.views": room("The pages | one a file.", "dashboard.runs", "dashboard.palette", "core.runs"),
    "dashboard.runs": room("Runs. And more.", "dashboard.palette", "core.runs", "core.system"),
    "dashboard.palette": room("Colours."),
}


def test_the_tables_and_drawings_of_the_page_are_those_of_today() -> None:
    page = ARCHITECTURE.read_text()
    for name, content in page_parts().items():
        assert with_marked(page, name, content) == page, f"{name}: make format writes it again"


def test_a_table_begins_with_the_lowest_floor_and_names_the_highest_room_first() -> None:
    rows = table("dashboard", ROOMS).splitlines()[2:]
    floors = [FLOORS["dashboard"][name] for name in ("palette", "runs", "views")]
    assert rows == [
        f"| {floors[0]} | `palette` | Colours. | 2 | nothing |",
        f"| {floors[1]} | `runs` | Runs. | 2 | palette; of core: runs, system |",
        f"| {floors[2]} | `views` | The pages \\| one a file. | 2 | runs, palette; of core: runs |",
    ]


def test_a_drawing_has_the_highest_floor_on_top_and_no_arrow_that_a_longer_way_says() -> None:
    lines = [line.strip() for line in drawing("dashboard", ROOMS).splitlines()]
    order = [lines.index(f'dashboard_{name}["{name}"]') for name in ("views", "runs", "palette")]
    assert order == sorted(order)
    assert [line for line in lines if "-->" in line] == [
        "dashboard_views --> dashboard_runs",
        "dashboard_runs --> dashboard_palette",
    ]


def test_a_room_without_a_floor_is_refused() -> None:
    with pytest.raises(ValueError, match="a room must have a floor, got core.alone without one. Name it in"):
        table("core", {"core.alone": room("Nobody's room.")})


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
