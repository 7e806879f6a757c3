"""What a class may train: by a teacher's link, and by the server for students alone."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from tests.dashboard.pages import notes, opened

pytestmark = pytest.mark.usefixtures("empty_store")
ADA, TEACHER = Visitor("a" * 32, "Ada"), Visitor("b" * 32, "Li", is_teacher=True)


def said(app: AppTest) -> str:
    return "\n".join(one.value.replace("\\", "") for one in (*app.caption, *app.error))


def started(app: AppTest) -> AppTest:
    app.button(key="train.start").click().run()
    assert not app.exception
    return app


def test_a_link_limits_whoever_has_opened_it_and_says_so(empty_store: Store) -> None:
    app = opened("train", limit="epochs=5,data=digits+strokes,presets=digits+hardest")
    assert "In this class: at most 5 epochs; data: digits, strokes; presets: Digits, Hardest only." in said(app)
    assert "must have at most 5 epochs, got 20" in said(started(app)) and not empty_store.rows()
    started(opened("train", limit="epochs=5", settings="--epochs 5"))
    (row,) = empty_store.rows()
    assert row.experiment["schedule"]["epochs"] == 5


def test_a_limit_of_updates_counts_the_batches_of_the_data(empty_store: Store) -> None:
    app = started(opened("train", limit="updates=10"))
    assert "must have at most 10 updates, got 280. Take fewer epochs." in said(app) and not empty_store.rows()


def test_other_data_are_refused(empty_store: Store) -> None:
    assert "must be one of those of this class (strokes), got digits" in said(
        started(opened("train", limit="data=strokes"))
    )
    assert not empty_store.rows()


def test_a_limit_that_is_none_has_a_note_and_limits_nothing(empty_store: Store) -> None:
    app = opened("train", limit="epochs=many")
    (note,) = notes(app)
    assert "the limits of the class “epochs=many”, which is no such limit of a class. Shown instead: no limit." in note
    started(app)
    assert len(empty_store.rows()) == 1


def test_learn_starts_nothing_beyond_the_limits_either(empty_store: Store) -> None:
    app = opened("learn", limit="epochs=5")
    app.button(key="learn.train").click().run()
    assert not empty_store.rows() and "must have at most 5 epochs" in said(app)


@pytest.mark.parametrize(("visitor", "count"), [(ADA, 0), (TEACHER, 1)])
def test_the_server_limits_students_whatever_their_address_says(
    visitor: Visitor, count: int, empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday", limit="epochs=5"))
    monkeypatch.setattr(visitors, "found_in", lambda *_: visitor)
    app = started(opened("train", limit="epochs=900"))
    assert len(empty_store.rows()) == count
    assert ("must have at most 5 epochs, got 20" in said(app)) == (count == 0)
