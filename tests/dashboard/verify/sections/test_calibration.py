"""The section on calibration without a browser: what it says is what the run has kept."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.evidence.calibration import Calibrated, pair_counts, probability_at, reweighted
from core.evidence.calibration_fits import brier_score, log_loss, reliability
from core.runs.run_folder import Run
from core.thresholds.outcome import Outcome, outcome
from core.verification.goals import Eer, Goal
from core.verification.protocols import SAME
from tests.dashboard import verify_pages
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.verify_pages import said_by, sent

pytestmark = pytest.mark.usefixtures("own_store")


def opened(run: Run, **query: str) -> AppTest:
    return verify_pages.opened(run, **{"section": "calibration"} | query)


def told(run: Run, goal: Goal, step: int = 20) -> Outcome:
    found = run.appraisal(step)
    assert found is not None
    return outcome(found, goal, SAME)


@pytest.mark.parametrize("percent", [50, 2])
def test_calibration_says_the_probability_at_the_threshold_and_judges_both_fits(run: Run, percent: int) -> None:
    app = opened(run, goal="eer", share=str(percent))
    found, share = run.appraisal(20), percent / 100
    assert found is not None and found.calibration is not None
    edges, counts = run.threshold_edges(20), pair_counts(found.everyone.curve)
    threshold = told(run, Eer()).threshold
    table = app.dataframe[0].value
    for name, fitted in (("Platt", found.calibration.platt), ("isotonic", found.calibration.isotonic)):
        values = reweighted(fitted, share)
        shown = re.search(rf"\*\*([\d.]+) %\*\* \({name}\)", said_by(app))
        assert shown and float(shown[1]) / 100 == pytest.approx(probability_at(edges, values, threshold), rel=0.05)
        judged = reliability(values, *counts, genuine_share=share).expected_calibration_error
        numbers = [judged, brier_score(values, *counts, share), log_loss(values, *counts, share)]
        assert table[name].tolist() == [f"{value:.4f}" for value in numbers] and numbers[1] > 0.0001
    assert "fitted on the same pairs, which flatters" in said_by(app)
    assert sent(app, "over the predicted probability") and sent(app, "of the same class, over the distance")


def test_the_gap_is_said_in_one_sentence(run: Run) -> None:
    found = run.appraisal(20)
    assert found is not None and found.calibration is not None and found.calibration.local_auc
    said = said_by(opened(run))
    assert f"positives come first with **{found.calibration.local_auc:.4f}** (local AUC)" in said


def test_the_gap_is_the_difference_of_what_is_shown_and_may_be_nothing() -> None:
    from dashboard.verify.sections.calibration import gap_in_words

    none = np.zeros(3)
    assert "over all pairs with **0.9500**: one threshold costs **0.0300**." in gap_in_words(
        Calibrated(none, none, 0.98, 0.95)
    )
    assert "one threshold costs nothing." in gap_in_words(Calibrated(none, none, 0.94, 0.95))
    assert gap_in_words(Calibrated(none, none)) == ""


def test_an_earlier_snapshot_says_where_calibration_is_known(run: Run) -> None:
    app = opened(run)
    app.selectbox(key="snapshot").select(10).run()
    assert not app.exception
    assert "known of the run's last snapshot alone: choose epoch 2." in said_by(app)
    assert not len(app.dataframe)


def test_a_run_of_an_older_version_says_so(root: Path) -> None:
    run = made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=2)))
    (run.folder / "appraisal.npz").unlink()
    assert "kept by an older version" in said_by(opened(run))


def test_of_halves_one_is_fitted_and_the_other_judged(many: Run) -> None:
    app, found = opened(many, goal="eer"), many.appraisal(20)
    assert found is not None and found.calibration is not None and found.reporting is not None
    score = brier_score(found.calibration.platt, *pair_counts(found.reporting.curve))
    assert score != brier_score(found.calibration.platt, *pair_counts(found.everyone.curve))
    assert app.dataframe[0].value["Platt"].tolist()[1] == f"{score:.4f}"
    assert "Fitted on one half of the identities, judged on the other" in said_by(app)
    assert "fitted on half of their identities" in said_by(opened(many, protocol="same-pairs"))
