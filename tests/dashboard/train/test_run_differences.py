"""One place counts and lists what differs from the run shown, and takes the run's settings."""

from __future__ import annotations

import pytest

from core.experiment.presets import PRESETS, RECORDINGS
from core.runs.store import Store
from dashboard.train.run_differences import experiment_shown
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("empty_store")


def test_one_place_counts_the_settings_that_differ_from_the_run_and_takes_the_run_s(empty_store: Store) -> None:
    experiment = PRESETS["hardest"].experiment
    row = empty_store.submit(experiment.described(), experiment.run_id(), experiment.title())
    app = opened("train", run=row.id)
    assert app.selectbox(key="train.preset").value == "digits"
    (table,) = [text.value for text in app.markdown if "the run shown" in text.value]
    assert table.splitlines()[2:] == ["| Miner | semi hard | batch hard |"]
    app.button(key="train.take").click().run()
    assert not app.exception
    assert app.session_state["train.miner"] == "batch-hard"
    assert app.selectbox(key="train.preset").value == "hardest"
    assert "train.take" not in {button.key for button in app.button}


def test_the_first_visit_says_in_what_the_lesson_differs() -> None:
    """It was recorded with fewer dimensions than the preset has."""
    app = opened("train")
    (table,) = [text.value for text in app.markdown if "the run shown" in text.value]
    assert table.splitlines()[2:] == ["| Encoder, dimension | 64 | 32 |"]


def test_of_a_run_that_is_unknown_or_was_not_trained_nothing_is_compared() -> None:
    assert experiment_shown("0" * 32) is None
    assert experiment_shown("digits-semi-hard") == RECORDINGS["digits-semi-hard"]
    app = opened("train", run="0" * 32)
    assert not [caption.value for caption in app.caption if "the run shown" in caption.value]
