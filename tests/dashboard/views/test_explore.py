"""Explore opens on any run that has points, trained, recorded or brought, at any snapshot; others it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.jobs.measure_scores import ScoredUpload
from core.runs.run_folder import Run
from core.runs.store import Store
from core.verification.scored_pairs import ScoredPairs
from tests.core.measuring import measured
from tests.dashboard.large_runs import large_run
from tests.dashboard.pages import figures, notes, opened, shown_run


def test_a_first_visit_shows_a_recorded_lesson(empty_store: Store) -> None:
    app = opened("explore")
    assert shown_run(app).startswith("digits-") and len(figures(app)) == 2
    assert not app.info and not app.error


@pytest.mark.usefixtures("own_store")
def test_another_epoch_keeps_query_colour_and_search(run: Run) -> None:
    app = opened("explore", run=run.folder.name, query="17", colour="lost", search="7")
    app.select_slider[0].set_value("1").run()
    assert not app.exception and notes(app) == []
    assert app.number_input[0].value == 17 and app.selectbox(key="colour").value == "lost"
    assert app.text_input(key="search").value == "7"


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"query": "5000"}, "the query “5000”, where the points have the numbers 0 to 299"),
        ({"query": "x"}, "the query “x”, where the points have the numbers 0 to 299"),
        ({"colour": "moon"}, "the colour “moon”, which this run has no colour for"),
        ({"epoch": "99"}, "the epoch “99”, of which this run has no snapshot"),
        ({"suspects": "ghosts"}, "the suspects “ghosts”, which is not offered here"),
    ],
)
def test_what_the_address_asks_for_in_vain_is_told(run: Run, query: dict[str, str], said: str) -> None:
    (note,) = notes(opened("explore", run=run.folder.name, **query))
    assert said in note


@pytest.mark.usefixtures("own_store")
def test_brought_vectors_have_names_and_no_images(root: Path) -> None:
    app = opened("explore", run=large_run(root, 90, classes=9).folder.name)
    assert not app.get("imgs") and len(figures(app)) == 2
    assert any("90 of 90 points" in caption.value for caption in app.caption)


@pytest.mark.usefixtures("own_store")
def test_pairs_without_points_are_refused_in_a_sentence(root: Path) -> None:
    is_same = np.arange(60) < 20
    pairs = ScoredPairs(np.where(is_same, 0.2, 0.8) + np.arange(60) / 1000, is_same)
    name = measured(Store(root), ScoredUpload("scores.csv", pairs))[0].folder.name
    for state in ("running", "finished"):
        Store(root).set_state(name, state)
    app = opened("explore", run=name)
    assert "This run has pairs alone" in app.info[0].value and not figures(app)
