"""The rooms of a small tree, and the arrows between rooms that say something."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.makers.rooms import Room, reduced, room_of, rooms_of

MADE = {
    "core/__init__.py": '"""A tree."""',
    "core/low/__init__.py": '"""Low things\n(all of them). Looks at nothing."""',
    "core/low/first.py": "import math, alone",
    "core/high/__init__.py": '"""High"""\nfrom dashboard.page import show',
    "core/high/second.py": "def late():\n    from ..low.first import first",
    "core/high/deep/third.py": "from core import low, high",
    "core/alone.py": '"""A module v1.2 alone."""\nfrom core.high.second import late',
    "dashboard/page.py": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in MADE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_every_folder_and_every_module_at_the_top_is_a_room(tree: Path) -> None:
    assert rooms_of("core", tree) == {
        "core.low": Room("Low things\n(all of them). Looks at nothing.", 1, frozenset()),
        "core.high": Room("High", 2, frozenset({"core.low", "dashboard.page"})),
        "core.alone": Room("A module v1.2 alone.", 1, frozenset({"core.high"})),
    }
    assert rooms_of("dashboard", tree) == {"dashboard.page": Room("", 1, frozenset())}


@pytest.mark.parametrize(
    ("docstring", "purpose"),
    [
        ("Low things\n(all of them). Looks at nothing.", "Low things (all of them)."),
        ("A module v1.2 alone.", "A module v1.2 alone."),
        ("High", "High"),
        ("", ""),
    ],
)
def test_the_purpose_is_the_first_sentence(docstring: str, purpose: str) -> None:
    assert Room(docstring, 1, frozenset()).purpose == purpose


def test_a_module_belongs_to_the_room_below_its_package() -> None:
    assert [room_of(name) for name in ("core.statistics.roc", "core.lazy", "core")] == [
        "core.statistics",
        "core.lazy",
        "core",
    ]


def test_what_a_longer_way_says_is_not_drawn() -> None:
    ways = {"a": frozenset("bcd"), "b": frozenset("c"), "c": frozenset("d"), "d": frozenset()}
    assert reduced(ways) == {"a": ["b"], "b": ["c"], "c": ["d"], "d": []}
