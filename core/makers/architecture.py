"""Tables and drawings of the rooms of core and of the dashboard, read from their files.

`python -m core.makers.architecture docs/ARCHITECTURE.md` writes them between the markers of that page. An arrow of a
drawing says that a room imports from another one; what a longer way says already is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from core.makers.floors import FLOORS
from core.makers.marked_text import write_marked
from core.makers.rooms import Room, reduced, rooms_of


def table(package: str, rooms: Mapping[str, Room]) -> str:
    """A Markdown table of the rooms, the lowest floor first."""
    floors = list(FLOORS[package])
    lines = ["| floor | room | what is in it | modules | what it looks at |", "|---|---|---|---|---|"]
    for name in sorted(rooms, key=lambda name: (_floor(name), floors.index(_short(name)))):
        lines.append(_row(name, rooms[name], package))
    return "\n".join(lines)


def drawing(package: str, rooms: Mapping[str, Room]) -> str:
    """A Mermaid flowchart: each floor a box, the highest on top."""
    own = {name: frozenset(other for other in room.looks_at if other in rooms) for name, room in rooms.items()}
    lines = ["```mermaid", "flowchart TB"]
    for floor in sorted(set(FLOORS[package].values()), reverse=True):
        lines.append(f'    subgraph floor{floor}["{floor}"]')
        lines += [f'        {_node(name)}["{_short(name)}"]' for name in rooms if _floor(name) == floor]
        lines.append("    end")
    for name, others in reduced(own).items():
        lines += [f"    {_node(name)} --> {_node(other)}" for other in others]
    return "\n".join([*lines, "```"])


def page_parts() -> dict[str, str]:
    """What stands between the markers of the page, by their names."""
    parts = {}
    for package in FLOORS:
        rooms = rooms_of(package)
        parts[f"{package}-rooms"] = table(package, rooms)
        parts[f"{package}-drawing"] = drawing(package, rooms)
    return parts


def _row(name: str, room: Room, package: str) -> str:
    seen: dict[str, list[str]] = {}
    for other in sorted(room.looks_at, key=lambda other: (-_floor(other), other)):
        seen.setdefault(other.split(".")[0], []).append(_short(other))
    own = [", ".join(seen.pop(package))] if package in seen else []
    looks_at = "; ".join([*own, *(f"of {below}: {', '.join(names)}" for below, names in seen.items())]) or "nothing"
    purpose = room.purpose.replace("|", "\\|")
    return f"| {_floor(name)} | `{_short(name)}` | {purpose} | {room.modules} | {looks_at} |"


def _floor(name: str) -> int:
    package, _, room = name.partition(".")
    if room not in FLOORS[package]:
        raise ValueError(f"a room must have a floor, got {name} without one. Name it in core/makers/floors.py.")
    return FLOORS[package][room]


def _short(name: str) -> str:
    return name.partition(".")[2]


def _node(name: str) -> str:
    return name.replace(".", "_")


if __name__ == "__main__":
    for words in sys.argv[1:]:
        for marker, content in page_parts().items():
            write_marked(Path(words), marker, content)
