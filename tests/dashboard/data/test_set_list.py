"""Which sets stand in whose list, and what is said of them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.admission.data_owners import change
from core.admission.room import EACH
from core.runs.store import Store
from dashboard.data.set_list import CHOSEN, GROUP
from dashboard.lookups.admitted_data import Group
from tests.core.heads import vectors
from tests.dashboard.data.panels import ADA, BEN, TEACHER, Reader, again, kept, keys, panel, words


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, store: Store) -> Reader:
    return Reader(monkeypatch)


def listed(app: AppTest) -> list[str]:
    return app.selectbox(key=CHOSEN).options if any(one.key == CHOSEN for one in app.selectbox) else []


def test_without_sets_there_is_only_the_place_to_bring_some(reader: Reader) -> None:
    app = panel("train")
    assert listed(app) == [] and "data.admit" in keys(app) and "data.use" not in keys(app)


def test_own_shared_archived_and_deleted_sets_stand_in_lists_of_their_own(reader: Reader) -> None:
    kept(vectors(0), ADA, title="mine")
    change(kept(vectors(1), ADA, title="old"), [ADA.id], archived_at="2026-01-01")
    change(kept(vectors(2), ADA, title="gone"), [ADA.id], deleted_at="2026-01-01")
    change(kept(vectors(3), BEN, title="theirs"), [BEN.id], shared_at="2026-01-01")
    kept(vectors(4), BEN, title="private")
    app = panel("train")
    expected = {Group.OWN: "mine", Group.SHARED: "theirs", Group.ARCHIVED: "old", Group.DELETED: "gone"}
    for group, title in expected.items():
        app.session_state[GROUP] = group
        (line,) = listed(again(app))
        assert line.startswith(f"{title} · 128 samples") and ("by Ben" in line) is (group is Group.SHARED)
        assert ("data.use" in keys(app)) is (group is not Group.DELETED)
        assert ("data.edit" in keys(app)) is (group in (Group.OWN, Group.ARCHIVED))
        assert ("data.edit.restore" in keys(app)) is (group is Group.DELETED)
        assert ("Deleted: it can be restored" in words(app)) is (group is Group.DELETED)
        assert ("Archived: it can be used" in words(app)) is (group is Group.ARCHIVED)
    assert "private" not in words(app)


def test_what_others_share_can_be_used_and_not_mended(reader: Reader) -> None:
    data = kept(vectors(), ADA)
    change(data, [ADA.id], shared_at="2026-01-01")
    app = panel("train")
    assert "data.mend.scale-to-unit" in keys(app)
    reader.become(BEN)
    app = panel("train")
    assert "128 vectors are not of unit length" in words(app) and "data.mend.scale-to-unit" not in keys(app)
    assert "Shared by Ada: you may use it as long as they share it" in words(app)


def test_a_teacher_reads_whose_a_set_is(reader: Reader) -> None:
    kept(vectors(), ADA)
    reader.become(TEACHER)
    app = panel("train")
    assert "Brought by Ada." in words(app) and "data.edit" in keys(app)


def test_who_is_limited_reads_how_much_is_left(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EACH, "2")
    kept(vectors(), ADA)
    assert "Yours take 0.00 of 2 GB." in words(panel("train"))
    for who in (TEACHER, None):
        reader.become(who)
        assert "Yours take" not in words(panel("train"))
