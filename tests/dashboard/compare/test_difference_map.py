"""What one improved and the other did not, below the matrix of its comparison."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.anchor_changes import FIRST_ALONE, SECOND_ALONE, Changes
from core.jobs import measure_anchors
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.compare import difference_map
from dashboard.lookups import anchor_changes
from tests.dashboard.changed_samples import changed_comparison
from tests.dashboard.compared_strategies import compared
from tests.dashboard.pages import figures, opened


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption)).replace("\\", "")


def test_it_is_folded_until_somebody_asks(empty_store: Store) -> None:
    app = opened("compare", comparison=changed_comparison(empty_store.root).id)
    assert "improved with" not in said(app)
    app.session_state[difference_map.OPEN] = True
    app.run()
    assert not app.exception and "samples improved with semi-hard alone" in said(app)
    assert "first" not in app.query_params


def test_every_mark_is_counted_beside_what_chance_would_give(empty_store: Store) -> None:
    comparison = changed_comparison(empty_store.root)
    app = opened("compare", comparison=comparison.id, first="all", second="random")
    found = anchor_changes.changes(comparison, "all", "random")
    assert found is not None and found.by_chance is not None
    words = said(app)
    assert f"▲ **{found.counts[FIRST_ALONE]:,}** samples improved with all alone" in words
    assert f"▼ **{found.counts[SECOND_ALONE]:,}** samples improved with random alone" in words
    assert f"about {found.by_chance:,.0f} samples would be of each alone" in words
    assert "on average from 2 seeds" in words and "Before is the untrained encoder." in words
    assert any("those that all alone improved" in alt for alt in figures(app))


def test_the_two_and_the_places_are_chosen_and_kept_in_the_address(empty_store: Store) -> None:
    app = opened("compare", comparison=changed_comparison(empty_store.root).id, first="all")
    first, second = (app.selectbox(key=f"url.{name}") for name in ("first", "second"))
    assert (first.value, second.value) == ("all", "semi-hard")
    second.set_value("random").run()
    app.segmented_control(key="url.layout").set_value("second").run()
    kept = app.session_state["url.kept"]
    assert (kept["first"], kept["second"], kept["layout"]) == ("all", "random", "second") and not app.exception
    app.selectbox(key="url.second").set_value("all").run()
    assert "one beside itself differs in nothing" in said(app)


def test_from_one_seed_nothing_is_said_of_chance(empty_store: Store) -> None:
    comparison = changed_comparison(empty_store.root, seeds=1)
    words = said(opened("compare", comparison=comparison.id, first="all"))
    assert "From one seed nobody knows how many of these are chance." in words


def test_identical_trainings_leave_no_sample_to_one_alone(empty_store: Store) -> None:
    comparison = compared(empty_store.root)
    for run_id in comparison.members:
        measure_anchors.measured(empty_store.root, Run(empty_store.folder(run_id)))
    app = opened("compare", comparison=comparison.id, first="random")
    words = said(app)
    assert "▲ **0** samples improved with random alone" in words and "▼ **0** samples improved with semi-hard" in words
    assert "about 0 samples would be of each alone" in words


def test_until_it_is_measured_it_says_so(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchor_changes, "_have_measured", lambda name, missing: None)
    comparison = changed_comparison(empty_store.root, is_measured=False)
    assert "The map appears once both" in said(opened("compare", comparison=comparison.id, first="all"))
    monkeypatch.setattr(anchor_changes, "is_measuring", lambda comparison: True)
    assert "are being measured" in said(opened("compare", comparison=comparison.id, first="all"))


def test_a_sample_that_is_clicked_is_shown_and_kept_in_the_address(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = changed_comparison(empty_store.root)
    app = opened("compare", comparison=comparison.id, first="all", second="random")
    assert "Click a sample" in said(app)
    app.session_state[difference_map.MAP] = {"selected": {"alone": [5]}}
    app.run()
    assert app.session_state["url.kept"]["sample"] == "5" and "number 5" in said(app)
    app.session_state[difference_map.MAP] = {"selected": {}}
    app.run()
    assert "sample" not in app.session_state["url.kept"] and "Click a sample" in said(app)


def test_a_link_opens_it_at_its_sample_and_says_where_there_is_none(empty_store: Store) -> None:
    comparison = changed_comparison(empty_store.root, seeds=1)
    assert "number 7: of its triplets" in said(opened("compare", comparison=comparison.id, sample="7"))
    app = opened("compare", comparison=comparison.id, sample="999999")
    assert "Click a sample" in said(app) and "which is not among the" in said(app)


def test_of_two_that_begin_differently_each_share_before_is_said(empty_store: Store) -> None:
    comparison, count = changed_comparison(empty_store.root, seeds=1), 10
    before = np.array([[0.6] * count, [0.8] * count])
    apart = Changes((0,), before, np.full(count, 0.3), np.full(count, 0.05), None)
    words = difference_map._meaning(comparison, ("all", "random"), apart)
    assert "60.0% are in right order before and 90.0% with all, 80.0% before and 85.0% with random." in words


def test_of_folds_it_is_said_that_the_first_of_each_seed_counts(empty_store: Store) -> None:
    comparison = changed_comparison(empty_store.root, seeds=1)
    found = anchor_changes.changes(comparison, "all", "random")
    assert found is not None
    folds = replace(comparison, members=comparison.members | {"f" * 32: ["all", 0, 1]})
    each = [difference_map._meaning(of, ("all", "random"), found) for of in (comparison, folds)]
    assert ["the first fold of each seed" in words for words in each] == [False, True]


def test_strategies_that_hold_out_other_samples_are_refused_in_words(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(first: object, second: object) -> None:
        raise ValueError("two strategies must hold out the same samples, got none.")

    comparison = changed_comparison(empty_store.root, seeds=1)
    monkeypatch.setattr(anchor_changes, "_between", refuse)
    assert "hold out the same samples, got none" in said(opened("compare", comparison=comparison.id, first="all"))
