"""The Verify page without a browser: goals, the address, the gallery and the card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.distances import DISTANCES
from core.handover.words import percentages
from core.losses import MultiSimilarity
from core.runs.run_folder import Run
from core.thresholds.outcome import outcome
from core.verification.goals import Eer, Far
from core.verification.near_pairs import PointPairs
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.sent import sent_with
from tests.dashboard.verify_pages import ROOT, curve_of, opened, said_by, threshold_of

pytestmark = pytest.mark.usefixtures("own_store")


@pytest.mark.parametrize("kind", ["cosine", "dot-product", "hamming"])
def test_thresholds_are_in_the_distance_of_the_run(kind: str, root: Path) -> None:
    distance = DISTANCES[kind]()
    run = made_run(root, replace(EXPERIMENT, distance=distance, loss=MultiSimilarity()))
    app = opened(run, goal="eer")
    assert threshold_of(app) == Eer().threshold(curve_of(run))
    assert sent_with(app, f"distance of the pair ({distance.title})")


def test_an_earlier_snapshot_has_its_own_threshold(run: Run) -> None:
    app = opened(run)
    app.selectbox(key="snapshot").select(10).run()
    assert not app.exception
    assert threshold_of(app) == Far(0.01).threshold(curve_of(run, 10)) != Far(0.01).threshold(curve_of(run))


def test_the_page_says_the_protocol_and_that_the_numbers_are_of_the_same_pairs(run: Run) -> None:
    text = "\n".join(caption.value for caption in opened(run).caption)
    curve = curve_of(run)
    assert "closed-set, by sample: new images of classes known from training" in text
    assert f"{curve.positive_count:,} genuine and {curve.negative_count:,} impostor pairs" in text
    assert "chosen and reported on the same pairs, which flatters" in text


def test_the_page_tells_of_the_bootstrap_where_others_report(many: Run) -> None:
    app = opened(many, far="10")
    found = many.appraisal(20)
    assert found is not None and found.reporting_replicates and found.reporting
    told = outcome(found, Far(0.1), "other-identities", PointPairs(*points_of(many)))
    assert told.threshold == threshold_of(app) and told.bootstrap_intervals
    far, frr = told.bootstrap_intervals
    assert 0 < far[0] < far[1] < 1
    shown = " | ".join(" to ".join(percentages(ends)).replace(" % to", " to") for ends in (far, frr))
    assert f"| bootstrap, no narrower | {shown} |" in said_by(app).replace("\u00a0", " ")
    assert "bootstrap" not in said_by(opened(many, far="10", protocol="same-pairs"))


def test_a_limit_that_the_pairs_cannot_support_is_said(run: Run) -> None:
    def warned(app: AppTest) -> bool:
        return any("This goal takes about" in caption.value for caption in app.caption)

    assert warned(opened(run, far="0.0001"))
    assert not warned(opened(run, far="20"))


def test_a_store_without_runs_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr("dashboard.lookups.runs.RECORDED", tmp_path)
    from dashboard.lookups import runs

    runs.store.clear()
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    app.switch_page("views/verify.py").run()
    assert not app.exception
    assert "Start one on the Train page" in app.info[0].value


def points_of(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """What the last snapshot's distance compares, and the labels."""
    return run.experiment().distance.prepared(run.snapshot(20, "embeddings")["embeddings"]), run.probe()["labels"]


def test_the_page_says_how_likely_a_limit_holds(many: Run) -> None:
    assert "How likely the limit holds on new identities" in said_by(opened(many, far="20"))
