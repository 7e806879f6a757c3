"""Distances, triplets and ROC curves of the last snapshots, of one seed or of all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.comparison.record import rewrite
from core.runs.store import Store
from dashboard.compare import matrix
from dashboard.lookups import kept_comparisons
from tests.dashboard.compare.test_matrix import said
from tests.dashboard.compared_strategies import compared
from tests.dashboard.pages import figures, opened


def test_a_seed_is_chosen_in_the_address(empty_store: Store) -> None:
    app = opened("compare", comparison=compared(empty_store.root).id, view="triplets")
    assert "the mean share of all finished seeds" in said(app)
    app.segmented_control(key="url.seed").set_value("1").run()
    assert not app.exception and app.session_state["url.kept"]["seed"] == "1"
    assert "the mean share of seed 1" in said(app)


def test_every_strategy_has_a_histogram_and_ways_to_its_run(empty_store: Store) -> None:
    app = opened("compare", comparison=compared(empty_store.root, seeds=1).id, view="distances")
    drawn = [alt for alt in figures(app) if alt.startswith("Distances of the positive")]
    assert [alt.rsplit(" ", 1)[1] for alt in drawn] == ["semi-hard", "random"]
    assert {"compare.leads.verify.distances.0", "compare.leads.mine.distances.1"} <= {one.key for one in app.button}
    assert "url.seed" not in {one.key for one in app.segmented_control}, "of one seed there is no choice"


def test_strategies_that_have_not_begun_from_a_seed_are_named(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_comparisons, "_have_measured", lambda name, missing: None)
    monkeypatch.setattr(matrix, "keep_engine", lambda: None)
    comparison = compared(empty_store.root, trained=3, is_measured=False)
    (empty_store.folder(comparison.runs_of("random")[1]) / "snapshots.jsonl").write_text("")
    words = said(opened("compare", comparison=comparison.id, view="roc", seed="1"))
    assert "Without a snapshot yet: random." in words and "of seed 1" in words


def test_while_nothing_is_finished_it_says_of_which_seeds_it_is(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "keep_engine", lambda: None)
    comparison = compared(empty_store.root, seeds=1, trained=0, is_measured=False)
    words = said(opened("compare", comparison=comparison.id, view="roc"))
    assert "where there is none of those that have begun" in words


def test_a_strategy_that_was_stopped_early_is_said_to_be_one(empty_store: Store) -> None:
    made = compared(empty_store.root, seeds=1, is_measured=False)
    rewrite(empty_store.root, replace(made, stopped={"random": 0.25}))
    words = said(opened("compare", comparison=made.id, view="triplets"))
    assert "Stopped early, and drawn as they were then: random after 25% of its updates." in words
    assert "Stopped early" not in said(opened("compare", comparison=made.id, view="triplets", shown="semi-hard"))
