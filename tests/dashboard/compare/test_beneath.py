"""The views below the matrix: one at a time, of whatever there is."""

from __future__ import annotations

import pytest

from core.runs.store import Store
from dashboard.compare import matrix
from dashboard.compare.beneath import VIEWS
from dashboard.lookups import kept_comparisons
from tests.dashboard.compare.test_matrix import said
from tests.dashboard.compared_strategies import compared
from tests.dashboard.pages import figures, opened

DRAWN = {
    "curves": "MAP@R of each strategy over updates",
    "distances": "Distances of the positive and negative pairs of semi-hard",
    "triplets": "Shares of easy, semi-hard and hard triplets",
    "roc": "ROC curves of all strategies",
}


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody measures or trains."""
    monkeypatch.setattr(kept_comparisons, "_have_measured", lambda name, missing: None)
    monkeypatch.setattr(matrix, "keep_engine", lambda: None)


def test_each_view_draws_its_figure_and_no_other(empty_store: Store) -> None:
    comparison = compared(empty_store.root)
    app = opened("compare", comparison=comparison.id)
    for view in ("curves", *(view for view in DRAWN if view != "curves")):
        app.segmented_control(key="url.view").set_value(view).run()
        assert not app.exception
        drawn = "\n".join(figures(app))
        assert [other for other, alt in DRAWN.items() if alt in drawn] == [view]
    assert app.session_state["url.kept"]["view"] == "roc"


def test_settings_are_those_that_differ(empty_store: Store) -> None:
    words = said(opened("compare", comparison=compared(empty_store.root, seeds=1).id, view="settings"))
    assert "| miner | semi-hard | random |" in words and "| schedule" not in words
    assert "Only the settings in which the strategies differ." in words


@pytest.mark.usefixtures("still")
def test_before_anything_has_begun_no_view_fails(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1, trained=0, is_measured=False)
    for run_id in comparison.members:
        (empty_store.folder(run_id) / "snapshots.jsonl").write_text("")
    app = opened("compare", comparison=comparison.id)
    for view in reversed(list(VIEWS)):
        app.segmented_control(key="url.view").set_value(view).run()
        assert not app.exception and not app.error
        assert ("None of the strategies that are shown has a snapshot yet." in said(app)) is (view != "settings")


def test_with_all_but_one_hidden_no_view_fails(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1, is_measured=False)
    app = opened("compare", comparison=comparison.id, shown="random", baseline="semi-hard")
    for view in reversed(list(VIEWS)):
        app.segmented_control(key="url.view").set_value(view).run()
        assert not app.exception and not app.error
        drawn = "\n".join(figures(app))
        assert "pairs of semi-hard" not in drawn and (view == "settings" or DRAWN[view][:20] in drawn)
        assert (view != "settings") or "These strategies have the same settings." in said(app)
