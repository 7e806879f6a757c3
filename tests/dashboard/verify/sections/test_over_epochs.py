"""The section on epochs without a browser: what it says is what every snapshot of the run says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.thresholds.outcome import Outcome, Rate, outcome
from core.thresholds.over_epochs import Moment, carried
from core.verification.goals import Eer, Goal, Hand
from core.verification.near_pairs import PointPairs
from core.verification.protocols import OTHERS, SAME
from dashboard.figures.thresholds import percentages
from tests.dashboard import verify_pages
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.verify_pages import said_by, sent

pytestmark = pytest.mark.usefixtures("own_store")


def opened(run: Run, **query: str) -> AppTest:
    return verify_pages.opened(run, **{"section": "over-epochs"} | query)


@pytest.fixture(scope="module")
def other(root: Path) -> Run:
    """The same with another seed."""
    return made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=1)))


def told(run: Run, goal: Goal, step: int = 20) -> Outcome:
    """The last snapshot's threshold is the best of all distances, that of others the best of those that are kept."""
    found, points = run.appraisal(step), run.snapshot(step, "embeddings")["embeddings"]
    assert found is not None
    return outcome(found, goal, SAME, PointPairs(points, run.probe()["labels"]) if step == 20 else None)


def test_epochs_say_how_far_the_threshold_moved_and_what_the_old_one_does(run: Run) -> None:
    app, goal = opened(run, goal="eer"), Eer()
    before, after = (round(told(run, goal, step).threshold, 3) for step in (10, 20))
    assert before != after
    assert f"from {before:.3f} at epoch 1 to {after:.3f} at epoch 2, by **{abs(after - before):.3f}**" in said_by(app)
    found = run.appraisal(20)
    assert found is not None
    far, frr = (percentages(rate) for rate in carried(found, told(run, goal, 10).threshold, SAME))
    assert f"FAR **{far[0]}** ({far[1]} to {far[2]}) and FRR **{frr[0]}** ({frr[1]} to {frr[2]})." in said_by(app)
    assert "That of the threshold is known of the last snapshot alone." not in said_by(app)
    assert sent(app, "The threshold over the epochs") and sent(app, "of the threshold of each epoch")


def test_a_limit_is_repeated_beside_what_came_of_it(run: Run) -> None:
    said = said_by(opened(run))
    assert "where 1 % FAR was asked for" in said and "known of the last snapshot alone" not in said
    assert "where 5 % FRR was asked for" in said_by(opened(run, goal="frr"))


def test_a_threshold_that_has_settled_is_not_said_to_move() -> None:
    from dashboard.verify.sections.over_epochs import moved_in_words

    rate = Rate(0.1, 0.0, 0.2)
    path = [Moment(at, float(at), threshold, None, rate, rate) for at, threshold in enumerate((0.3, 0.9001, 0.9004))]
    assert moved_in_words(Eer(), path) == (
        "The threshold is 0.900 at epoch 1 and at epoch 2: it has settled in this training. Choose it anew after the "
        "next."
    )


def test_a_threshold_by_hand_stays_where_it_is(run: Run) -> None:
    app = opened(run, goal="hand", threshold="0.8")
    assert f"stays at **{told(run, Hand(0.8)).threshold:.3f}**" in said_by(app)


def test_snapshots_at_which_the_goal_is_met_by_nobody_are_drawn(root: Path) -> None:
    run = made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=3)))
    arrays = run.snapshot(0)
    wrongly, accepted = arrays["everyone_accepted"]
    arrays["everyone_accepted"] = np.stack([np.maximum(wrongly, 5), accepted])  # five impostors at the same place
    np.savez(run.folder / "snapshots" / "000000.npz", **arrays)
    said = said_by(opened(run, far="0"))
    assert "The threshold moved from" in said and "Not drawn" not in said


def test_runs_beside_it_have_their_thresholds_and_its_own_applied(run: Run, other: Run) -> None:
    app, goal = opened(run, goal="eer"), Eer()
    app.multiselect[0].select(other.folder.name).run()
    assert not app.exception
    table = app.dataframe[0].value
    first, second = told(run, goal), told(other, goal)
    assert first.threshold != second.threshold
    assert table["Threshold"].tolist() == [f"{first.threshold:.4g}", f"{second.threshold:.4g}"]
    found = other.appraisal(20)
    assert found is not None
    far, frr = carried(found, first.threshold, SAME)
    assert table["FAR, this run's"].tolist()[1] == percentages([far.share])[0] != table["FAR"].tolist()[1]
    assert table["FRR, this run's"].tolist()[1] == percentages([frr.share])[0]
    both = first.threshold, second.threshold
    assert f"**{np.mean(both):.4g} ± {np.std(both, ddof=1):.2g}**" in said_by(app)


def test_one_snapshot_has_no_path(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run.snapshots()
    monkeypatch.setattr(Run, "snapshots", lambda self: whole[-1:])
    assert "there is no path to draw" in said_by(opened(run))


def test_folds_are_replaced_by_halves_and_it_is_said(many: Run) -> None:
    app, found = opened(many, protocol="ten-folds", goal="eer"), many.appraisal(10)
    assert found is not None
    threshold = outcome(found, Eer(), OTHERS).threshold
    assert threshold != outcome(found, Eer(), SAME).threshold
    assert f"The threshold moved from {threshold:.3f} at epoch 1" in said_by(app)
    assert "so one half of the identities reports here" in said_by(app)
    assert "No other finished run of these data" in said_by(app)
