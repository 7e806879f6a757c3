"""The curves below the matrix."""

from __future__ import annotations

import json

import pytest

from core.runs.store import Store
from dashboard.compare import matrix
from dashboard.lookups import kept_comparisons
from tests.dashboard.compare.test_matrix import said
from tests.dashboard.compared_strategies import compared
from tests.dashboard.pages import figures, opened
from tests.dashboard.sent import sent_to_components


def curves(alt: str, app: object) -> dict[str, dict[str, object]]:
    """The lines of the figure with these words, by name."""
    (sent,) = (data for data in sent_to_components(app) if data.get("alt", "").startswith(alt))
    return {trace["name"]: trace for trace in json.loads(sent["figure"])["data"] if "name" in trace}


def test_over_what_they_go_is_kept_in_the_address(empty_store: Store) -> None:
    app = opened("compare", comparison=compared(empty_store.root).id, number="eer")
    assert list(curves("EER of each strategy over updates", app)) == ["semi-hard", "random"]
    assert "the mean over seeds, as far as all of them have come" in said(app) and "Seeds: 2." in said(app)
    app.segmented_control(key="url.over").set_value("seconds").run()
    assert not app.exception and app.session_state["url.kept"]["over"] == "seconds"
    assert curves("EER of each strategy over seconds", app) and "without what is measured in between" in said(app)


def test_differences_are_to_the_pinned_baseline(empty_store: Store) -> None:
    app = opened("compare", comparison=compared(empty_store.root).id, baseline="random")
    assert list(curves("MAP@R of each strategy over updates", app)) == ["random", "semi-hard"]
    app.toggle(key="url.differences").set_value(True).run()
    assert not app.exception and app.session_state["url.kept"]["differences"] == "true"
    assert list(curves("MAP@R of each strategy minus random", app)) == ["semi-hard"]
    assert "Each seed minus the same seed of random." in said(app)
    app.pills(key="url.shown").set_value(["random"]).run()
    assert "Only the baseline is shown" in said(app) and not app.exception


def test_colours_stay_when_others_are_hidden(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1)
    alt = "MAP@R of each strategy over updates"
    all_of_them = curves(alt, opened("compare", comparison=comparison.id))
    alone = curves(alt, opened("compare", comparison=comparison.id, shown="random"))
    assert list(alone) == ["random"] and alone["random"]["line"] == all_of_them["random"]["line"]
    assert alone["random"]["line"] != all_of_them["semi-hard"]["line"]


def test_differences_are_counted_by_the_seeds_that_both_have(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_comparisons, "_have_measured", lambda name, missing: None)
    monkeypatch.setattr(matrix, "keep_engine", lambda: None)
    comparison = compared(empty_store.root, seeds=3, trained=5, is_measured=False)
    app = opened("compare", comparison=comparison.id, baseline="random")
    assert "Seeds: 2 of random, 3 of semi-hard." in said(app)
    app.toggle(key="url.differences").set_value(True).run()
    assert "Seeds: 2." in said(app) and not app.exception


def test_from_one_seed_no_band_is_promised(empty_store: Store) -> None:
    words = said(opened("compare", comparison=compared(empty_store.root, seeds=1).id))
    assert "Of one seed each, so there is no band." in words and "Thin lines" not in words


def test_a_number_that_no_snapshot_holds_has_no_curve(empty_store: Store) -> None:
    app = opened("compare", comparison=compared(empty_store.root, seeds=1).id, number="frr_at_far")
    assert "No curve of FRR at 1 % FAR: it is measured at the end of a training." in said(app)
    assert not any("of each strategy over" in alt for alt in figures(app))


def test_they_fill_while_runs_come_in_and_a_run_that_failed_takes_nothing(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_comparisons, "_have_measured", lambda name, missing: None)
    monkeypatch.setattr(matrix, "keep_engine", lambda: None)
    comparison = compared(empty_store.root, trained=3, is_measured=False)
    last = comparison.runs_of("random")[1]  # still under way
    app = opened("compare", comparison=comparison.id)
    assert "Seeds: 2 of semi-hard, 1 of random." in said(app)
    empty_store.set_state(last, "failed", message="the disk is full")
    (empty_store.folder(last) / "snapshots.jsonl").write_text("")
    app = opened("compare", comparison=comparison.id)
    assert "Seeds: 2 of semi-hard, 1 of random." in said(app) and "1 is paused, ended without numbers" in said(app)
    assert list(curves("MAP@R of each strategy over updates", app)) == ["semi-hard", "random"]
