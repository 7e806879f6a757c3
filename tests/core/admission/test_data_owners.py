from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.admission.data_owners import (
    FILE,
    MACHINE,
    DataEntry,
    Owner,
    add_owner,
    admitted_ids,
    change,
    entries_of,
    own_card,
    owners_of,
    put_back,
)
from core.datasets.admitted import DataCard, data_root, folder_of, write_admitted
from core.datasets.vectors import Vectors


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))


def card(title: str = "a.npz", seed: int = 0) -> DataCard:
    """Of a set that is kept."""
    values = np.random.default_rng(seed).normal(size=(4, 3)).astype(np.float32)
    samples = Vectors(values, np.array([0, 0, 1, 1]), ("a", "b"))
    of_set = DataCard(
        id=samples.digest[:32],
        kind="vectors",
        title=title,
        created="2026-11-30T00:00:00+00:00",
        count=4,
        class_names=("a", "b"),
        origin={"name": title},
    )
    write_admitted(samples, of_set)
    return of_set


def test_several_may_have_brought_the_same_and_nobody_is_no_owner() -> None:
    name = card().id
    add_owner(name, Owner())
    assert entries_of(name) == {} and not (folder_of(name) / FILE).exists()
    for owner in ("one", "two", "one", MACHINE):
        add_owner(name, Owner(owner, owner.title()))
    assert owners_of(name) == ("one", "two", MACHINE)
    assert [entry.name for entry in entries_of(name).values()] == ["One", "Two", ""]


def test_each_owner_has_a_card_and_a_title_of_their_own() -> None:
    first, second = card("a.npz"), card("secret.npz")
    assert first.id == second.id, "the same values"
    add_owner(first.id, Owner("one", "Ada"), first)
    add_owner(first.id, Owner("two", "Ben"), second)
    cards = {owner: own_card(first.id, owner) for owner in ("one", "two", "three")}
    assert {owner: one.title for owner, one in cards.items()} == {"one": "a.npz", "two": "secret.npz", "three": "a.npz"}
    assert cards["two"].origin == {"name": "secret.npz"} and cards["one"].origin == {"name": "a.npz"}
    change(first.id, ["one"], title="Faces")
    assert own_card(first.id, "one").title == "Faces" and own_card(first.id, "two").title == "secret.npz"
    change(first.id, ["one"], title="")
    assert own_card(first.id, "one").title == "a.npz", "an empty title gives back that of the file"


def test_a_card_that_says_nothing_else_is_kept_once() -> None:
    first = card()
    add_owner(first.id, Owner("one"), first)
    add_owner(first.id, Owner("two"), DataCard(**vars(first) | {"created": "2027-01-01T00:00:00+00:00"}))
    assert sorted(path.name for path in folder_of(first.id).iterdir()) == [
        "columns.npz",
        "data.json",
        FILE,
        "samples.npy",
    ]


def test_a_change_is_of_the_owners_that_are_named_and_can_be_taken_back() -> None:
    name = card().id
    for owner in ("one", "two"):
        add_owner(name, Owner(owner))
    before = change(name, ["one", "stranger"], deleted_at="2026-01-01", shared_at="2026-01-01")
    assert owners_of(name) == ("two",) and not entries_of(name)["one"].is_shared and "stranger" not in before
    put_back(name, before)
    assert owners_of(name) == ("one", "two") and entries_of(name)["one"] == DataEntry()
    change(name, ["two"], shared_at="2026-01-01")
    assert entries_of(name)["two"].is_shared and not entries_of(name)["one"].is_shared


def test_the_user_of_this_machine_needs_no_entry_to_make_one() -> None:
    name = card().id
    before = change(name, [MACHINE], archived_at="2026-01-01")
    assert entries_of(name)[MACHINE].archived_at
    put_back(name, before)
    assert entries_of(name) == {MACHINE: DataEntry()}


def test_who_brings_it_again_has_it_back_in_the_list() -> None:
    name = card().id
    add_owner(name, Owner("one", "Ada"))
    change(name, ["one"], deleted_at="2026-01-01", archived_at="2026-01-01", title="Mine")
    add_owner(name, Owner("one", ""))
    assert entries_of(name)["one"] == DataEntry("Ada", "Mine")


def test_what_this_machine_had_before_stays_its_own(tmp_path: Path) -> None:
    name = card().id
    add_owner(name, Owner("one", "Ada"), was_there=True)
    assert owners_of(name) == (MACHINE, "one")
    change(name, ["one"], deleted_at="2026-01-01")
    assert owners_of(name) == (MACHINE,), "so its files stay"
    other = card(seed=1).id
    add_owner(other, Owner(), was_there=True)
    assert entries_of(other) == {}


def test_a_title_that_is_too_long_is_refused() -> None:
    name = card().id
    add_owner(name, Owner("one"))
    with pytest.raises(ValueError, match="the title of a set must have at most 100 characters, got 101. Shorten it."):
        change(name, ["one"], title="x" * 101)
    assert entries_of(name)["one"].title == ""


@pytest.mark.parametrize(
    "content",
    ["", "{", "{}", "3", '[1, "one"]', '{"owners": {"one": 3}}', '{"owners": {"one": {"title": "%s"}}}' % ("x" * 101)],
)
def test_a_damaged_file_names_nobody_that_it_does_not_name_and_a_list_is_of_an_earlier_version(content: str) -> None:
    name = card().id
    (folder_of(name) / FILE).write_text(content)
    assert owners_of(name) == (("one",) if "one" in content else ())


def test_owners_are_no_paths() -> None:
    name = card().id
    add_owner(name, Owner("../../x"), card("b.npz"))
    assert own_card(name, "../../x").title == "b.npz"
    assert {path.name for path in data_root().iterdir()} == {name}
    assert json.loads((folder_of(name) / FILE).read_text())["owners"]["../../x"]


def test_sets_that_are_whole_are_listed() -> None:
    names = {card(seed=seed).id for seed in (0, 1)}
    (data_root() / ("c" * 32)).mkdir()
    (data_root() / ".coming").mkdir()
    assert set(admitted_ids()) == names
    with pytest.raises(ValueError, match="data must be the id"):
        entries_of("..")
