from __future__ import annotations

from pathlib import Path

import pytest

from core.makers.rooms import Room, reduced, room_of, rooms_of

MADE = {
    "core/__init__.py": '"""A tree."""',
    "core/losses/__init__.py": '"""The losses, e.g. triplet.\nOne a file. More."""\nfrom core.losses import triplet',
    "core/losses/triplet.py": "from core.batch.mined import Pairs\nimport numpy",
    "core/losses/shapes/hinge.py": "def late():\n    from core.params import param",
    "core/batch/__init__.py": "",
    "core/params.py": '"""Parameters"""',
    "dashboard/train/hints.py": "from core import params\nimport core.losses.triplet",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in MADE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_room_is_a_folder_or_a_module_at_the_top() -> None:
    assert room_of("core.statistics.roc") == room_of("core.statistics") == "core.statistics"
    assert room_of("core.verification.goals.far") == "core.verification"
    assert room_of("core") == "core"


def test_a_room_has_the_docstring_the_modules_and_the_imports_of_its_files(tree: Path) -> None:
    rooms = rooms_of("core", tree)
    assert set(rooms) == {"core.losses", "core.batch", "core.params"}
    assert rooms["core.losses"].modules == 2
    assert rooms["core.losses"].looks_at == {"core.batch", "core.params"}, "not itself, and nothing from outside"
    assert rooms["core.batch"] == Room("", 1, frozenset())
    assert rooms["core.params"] == Room("Parameters", 1, frozenset())


def test_a_room_looks_at_rooms_of_other_packages_too(tree: Path) -> None:
    assert rooms_of("dashboard", tree)["dashboard.train"] == Room("", 1, frozenset({"core.params", "core.losses"}))


@pytest.mark.parametrize(
    ("docstring", "purpose"),
    [
        ("One sentence. And another.", "One sentence."),
        ("Over two\nlines. And more.", "Over two lines."),
        ("run.json is no end of a sentence. This is.", "run.json is no end of a sentence."),
        ("No full stop", "No full stop"),
        ("", ""),
    ],
)
def test_the_purpose_is_the_first_sentence(docstring: str, purpose: str) -> None:
    assert Room(docstring, 1, frozenset()).purpose == purpose


def test_what_a_longer_way_says_is_not_drawn() -> None:
    ways = {"a": frozenset("bcd"), "b": frozenset("c"), "c": frozenset("d"), "d": frozenset()}
    assert reduced(ways) == {"a": ["b"], "b": ["c"], "c": ["d"], "d": []}


def test_arrows_to_what_is_no_room_stay() -> None:
    assert reduced({"a": frozenset({"b", "x"}), "b": frozenset()}) == {"a": ["b", "x"], "b": []}
