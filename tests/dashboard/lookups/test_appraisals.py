"""What comes of a goal is exact where a reader can wait for it, and the card says what was chosen."""

from __future__ import annotations

import numpy as np
import pytest

from core.runs.run_folder import Run
from core.verification.goals import Eer, Far, Youden
from core.verification.protocols import SAME
from core.verification.weighted_curve import IDENTITIES
from dashboard.lookups import appraisals
from tests.dashboard.verify_pages import curve_of


def test_the_threshold_is_one_of_all_distances(name: str, run: Run) -> None:
    assert appraisals.outcome_of(name, 20, Far(0.01), SAME).threshold == Far(0.01).threshold(curve_of(run))


def test_many_points_are_chosen_for_among_the_thresholds_that_are_kept(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appraisals, "MOST_POINTS", 10)
    curve, goals = curve_of(run), [Eer(), Youden(), *(Far(limit) for limit in (0.003, 0.0137, 0.077, 0.21))]
    found = [appraisals.outcome_of(name, 20, goal, SAME).threshold for goal in goals]
    assert set(found) <= set(run.threshold_edges(20).tolist())
    assert found != [goal.threshold(curve) for goal in goals], "some are between those that are kept"


def test_a_snapshot_without_an_appraisal_says_to_train_again(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "appraisal", lambda run, step: None)
    with pytest.raises(ValueError, match="the run must keep what intervals are computed from"):
        appraisals.appraisal(name, 20)


def test_figures_are_those_of_the_pairs_the_theme_and_the_weights(many: Run, name: str) -> None:
    arguments = [("light",), ("dark",), ("light", IDENTITIES)]
    drawn = [appraisals.figures(many.folder.name, 20, SAME, *rest) for rest in arguments]
    assert len({figures.roc.figure for figures in drawn}) == 3
    assert "1 - TAR" not in drawn[0].distances.figure and drawn[0].det.figure != drawn[0].roc.figure


def test_a_card_holds_the_threshold_and_the_run(name: str, run: Run) -> None:
    told = appraisals.outcome_of(name, 20, Eer(), SAME)
    card = appraisals.card(name, run.snapshots()[-1], told)
    assert (card["threshold"], card["run"]) == (told.threshold, name)
    assert np.isclose(card["false_accepts"] + card["true_rejects"], curve_of(run).negative_count)
