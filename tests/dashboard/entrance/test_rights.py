"""Who may see a run or brought data, and who may steer or change them."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from core.admission.data_owners import MACHINE, Owner, add_owner, change
from core.runs.entry import Entry
from core.runs.listing import Asked, lines, runs_at_all
from core.runs.run_row import Row
from core.runs.store import Store
from dashboard.entrance import rights, visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from tests.core.heads import brought, vectors

ADA, BEN, TEACHER = Visitor("ada", "Ada"), Visitor("ben", "Ben"), Visitor("li", "Li", is_teacher=True)
TRAINED = Row("0" * 32, "run", "", {"loss": {}}, "", entry=Entry(owners='[["ada", "Ada"]]'))
BROUGHT = replace(TRAINED, experiment={"kind": "embeddings"})
SHARED = replace(BROUGHT, entry=replace(BROUGHT.entry, shared_at="2026-01-01"))
OF_NOBODY = replace(BROUGHT, entry=Entry())
OF_TWO = replace(TRAINED, entry=Entry(owners='[["ada", "Ada"], ["ben", "Ben"]]'))
NEWER = replace(TRAINED, experiment={"kind": "of tomorrow"})


@pytest.mark.parametrize(
    ("who", "row", "sees", "steers", "shares"),
    [
        (ADA, TRAINED, True, True, False),
        (BEN, TRAINED, True, False, False),
        (TEACHER, TRAINED, True, True, False),
        (ADA, BROUGHT, True, True, False),
        (BEN, BROUGHT, False, False, False),
        (BEN, SHARED, True, False, False),
        (ADA, OF_NOBODY, False, False, False),
        (TEACHER, OF_NOBODY, True, True, False),
        (ADA, OF_TWO, True, True, True),
        (TEACHER, OF_TWO, True, True, False),
        (BEN, NEWER, False, False, False),
        (None, OF_NOBODY, True, True, False),
        (None, OF_TWO, True, True, False),
    ],
)
def test_rights(
    who: Visitor | None, row: Row, sees: bool, steers: bool, shares: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday") if who else WayIn())
    monkeypatch.setattr(visitors, "found_in", lambda *_: who)
    assert (rights.may_see(row), rights.may_steer(row), rights.is_one_of_several(row)) == (sees, steers, shares)


def test_whoever_is_unknown_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    with pytest.raises(PermissionError, match="must be known here"):
        rights.may_see(BROUGHT)


class Asking:
    """Who asks; nobody in particular at first, as where everybody is the user of this machine."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def become(self, who: Visitor | None) -> None:
        """From now on it is this one."""
        self._patch.setattr(visitors, "chosen_way", WayIn(code="sunday") if who else WayIn())
        self._patch.setattr(visitors, "found_in", lambda *_: who)


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Asking:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    return Asking(monkeypatch)


def rights_to(data: str) -> tuple[bool, bool, tuple[str, ...]]:
    return rights.may_see_data(data), rights.may_change_data(data), rights.acting_owners(data)


def test_brought_data_are_their_owners_until_they_share_them(asking: Asking) -> None:
    data = brought(vectors()).data
    add_owner(data, Owner("ada", "Ada"))
    of_all = ("ada",)
    for who, expected in (
        (ADA, (True, True, of_all)),
        (BEN, (False, False, ())),
        (TEACHER, (True, True, of_all)),
        (None, (True, True, of_all)),
    ):
        asking.become(who)
        assert rights_to(data) == expected, who
    change(data, ["ada"], shared_at="2026-01-01")
    asking.become(BEN)
    assert rights_to(data) == (True, False, ()), "used, and not changed"
    change(data, ["ada"], deleted_at="2026-01-02")
    assert rights_to(data) == (False, False, ()), "what is deleted is shared with nobody"
    asking.become(ADA)
    assert rights_to(data) == (False, True, of_all), "restored, and not used"


def test_one_of_several_owners_acts_for_themselves(asking: Asking) -> None:
    data = brought(vectors()).data
    for owner in ("ada", "ben", "li"):
        add_owner(data, Owner(owner))
    for who, acting in ((ADA, ("ada",)), (TEACHER, ("li",)), (None, ("ada", "ben", "li"))):
        asking.become(who)
        assert rights.acting_owners(data) == acting


def test_data_that_nobody_has_brought_are_the_machines_and_a_teachers(asking: Asking) -> None:
    data = brought(vectors()).data
    for who, expected in (
        (None, (True, True, (MACHINE,))),
        (TEACHER, (True, True, (MACHINE,))),
        (ADA, (False, False, ())),
    ):
        asking.become(who)
        assert rights_to(data) == expected, who


def test_trainings_on_brought_data_are_seen_by_those_who_see_the_data(asking: Asking) -> None:
    data = brought(vectors()).data
    add_owner(data, Owner("ada", "Ada"))
    of_ben = replace(
        TRAINED, experiment={"dataset": {"kind": "brought", "data": data}}, entry=Entry(owners='[["ben", "Ben"]]')
    )
    cid = Visitor("cid", "Cid")
    for who, sees in ((ADA, True), (BEN, True), (TEACHER, True), (cid, False)):
        asking.become(who)
        assert rights.may_see(of_ben) is sees, who
    change(data, ["ada"], shared_at="2026-01-01")
    assert rights.may_see(of_ben)
    assert rights.may_see(replace(of_ben, experiment={"dataset": {"kind": "digits"}}))


def test_who_brings_something_is_known_by_id_and_limited_unless_a_teacher(asking: Asking) -> None:
    for who, owner in (
        (None, Owner()),
        (ADA, Owner("ada", "Ada", is_limited=True)),
        (TEACHER, Owner("li", "Li", is_limited=False)),
    ):
        asking.become(who)
        assert rights.asking_owner() == owner


EXPERIMENTS = (
    {"loss": {}},
    {"kind": "embeddings"},
    {"kind": "scores", "dataset": {"kind": "brought", "data": "b" * 32}},
    {"kind": "of tomorrow"},
    {"dataset": {"kind": "digits"}},
    *({"dataset": {"kind": "brought", "data": data * 32}} for data in "abc"),
)
LISTED = ("[]", '[["ada", "Ada"]]', '[["ben", "ada"]]', '[["ben", "Ben"], ["ada", "Ada"]]', "ada", '["ada"]')


def test_the_index_finds_what_each_may_see(asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sight` is the rule of `may_see`, and of `may_steer` for what is deleted, on random runs."""
    store, chance = Store(tmp_path), random.Random(0)
    for number in range(200):
        store.submit(chance.choice(EXPERIMENTS), f"{number:032x}", "run")
        values = {"owners": chance.choice(LISTED), "shared": chance.choice(("", "2026-01-01")), "id": f"{number:032x}"}
        deleted = chance.choice(("", "2026-01-02"))
        store.ask(
            f"UPDATE runs SET owners = :owners, shared_at = :shared, deleted_at = '{deleted}' WHERE id = :id", values
        )
    for who in (ADA, BEN, Visitor("cid", "Cid"), TEACHER, None):
        asking.become(who)
        monkeypatch.setattr(
            rights, "may_see_data", lambda data, who=who: who is None or who.is_teacher or data[0] == who.id[0]
        )
        for shelf, rows, may in (
            ("listed", store.rows(), rights.may_see),
            ("deleted", store.deleted_rows(), rights.may_steer),
        ):
            asked = Asked(shelf=shelf, is_grouped=False, sight=rights.sight(store))
            expected = {row.id for row in rows if may(row)}
            assert {line.id for line in lines(store, asked)} == expected == set(runs_at_all(store, asked)), (who, shelf)
        assert (rights.sight(store) is None) == (who in (TEACHER, None))
