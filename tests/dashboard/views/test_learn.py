"""Learn: the first page, and the one click that starts what it shows."""

from __future__ import annotations

import pytest

from core.experiment.presets import RECORDINGS
from core.runs.store import Store
from tests.dashboard.pages import opened


def test_one_click_starts_the_training_of_the_lesson_that_is_shown(empty_store: Store) -> None:
    app = opened("learn", lesson="digits-batch-hard")
    (button,) = (one for one in app.button if one.label == "Train this yourself")
    button.click().run()
    assert not app.exception
    (row,) = empty_store.rows()
    assert row.id == RECORDINGS["digits-batch-hard"].run_id() and row.state == "queued"
    assert "Train" in [header.value for header in app.subheader]
    assert any("waiting" in text.value for text in app.markdown), "Train shows that run"


def test_what_cannot_be_started_is_said_on_train(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.runs import submit

    def refuse(*of: object, **how: object) -> None:
        raise ValueError("the images must be here, got none.")

    monkeypatch.setattr(submit, "start", refuse)
    app = opened("learn")
    next(one for one in app.button if one.label == "Train this yourself").click().run()
    assert not app.exception and not empty_store.rows()
    assert any("the images must be here" in error.value for error in app.error)
