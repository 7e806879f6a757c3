"""Which sets stand in whose list, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.admission.admit import admit
from core.admission.asked import Asked
from core.admission.coming import Status
from core.admission.data_owners import Owner, change
from core.admission.room import EACH
from core.runs.store import Store
from dashboard.data.panel import FAILED_WITH
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
        app.selectbox(key=CHOSEN).select_index(0)
        app = again(app)
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
    assert "data.use" not in keys(app) and "128 vectors" not in words(app), "what others share nobody has chosen yet"
    app.selectbox(key=CHOSEN).select_index(0)
    app = again(app)
    assert "128 vectors are not of unit length" in words(app) and "data.mend.scale-to-unit" not in keys(app)
    assert "Shared by Ada: you may use it as long as they share it" in words(app)


def test_a_mended_set_is_told_from_the_one_before_and_leads_back_to_it(reader: Reader) -> None:
    first = kept(vectors(), ADA, title="voices")
    asked = Asked(data=first, mends=("scale-to-unit",), owner=Owner(ADA.id, ADA.name))
    second = admit(asked, Path(), lambda stage, share: None).id
    app = panel("train")
    assert [line.partition(" samples")[2] for line in listed(app)] == [" · scaled to unit length", ""]
    assert app.selectbox(key=CHOSEN).value == second
    app.button(key="data.back").click()
    app = again(app)
    assert app.selectbox(key=CHOSEN).value == first and "data.back" not in keys(app)


def test_beside_a_refusal_no_other_set_is_chosen(reader: Reader) -> None:
    kept(vectors(), ADA, title="mine")
    app = panel("train")
    app.session_state[FAILED_WITH] = Status("failed", message="no such thing")
    app = again(app)
    assert "no such thing" in words(app) and "data.use" not in keys(app) and len(listed(app)) == 1
    app.selectbox(key=CHOSEN).select_index(0)
    assert "data.use" in keys(again(app))


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
