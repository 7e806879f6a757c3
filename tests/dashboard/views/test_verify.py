"""The Verify page without a browser: goals, the address, the gallery and the card."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from core.distances import DISTANCES, EUCLIDEAN
from core.handover.words import percentages
from core.jobs.measure_embeddings import Upload
from core.losses import MultiSimilarity
from core.runs.run_folder import Run
from core.runs.store import Store
from core.statistics.pair_distances import pair_distances
from core.statistics.roc import Curve, exact_curve
from core.thresholds.outcome import outcome
from core.verification.exact_choice import PointPairs
from core.verification.goals import Accuracy, Eer, Far, Hand
from core.verification.goals.base import Goal
from tests.core.measuring import measured
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.verify_pages import ROOT, opened, said_by

pytestmark = pytest.mark.usefixtures("own_store")


def chooser(app: AppTest) -> ButtonGroup[str]:
    return next(group for group in app.get("button_group") if group.label == "Goal")


def threshold_of(app: AppTest) -> float:
    """Where Python puts the handle, out of what it sends to the browser."""
    component = next(one for one in app.get("bidi_component") if "threshold to drag" in one.proto.json)
    return json.loads(component.proto.json)["handles"][0]["value"]


def curve_of(run: Run, step: int = 20) -> Curve:
    """Of every distance."""
    embeddings, distance = run.snapshot(step, "embeddings")["embeddings"], run.experiment().distance
    return exact_curve(pair_distances(distance.prepared(embeddings), run.probe()["labels"], distance=distance))


@pytest.mark.parametrize(
    ("query", "goal"),
    [
        ({}, Far(0.01)),
        ({"far": "5"}, Far(0.05)),
        ({"goal": "eer"}, Eer()),
        ({"goal": "accuracy"}, Accuracy()),
        ({"goal": "hand", "threshold": "0.8125"}, Hand(0.8125)),
        ({"goal": "nonsense"}, Far(0.01)),
        ({"goal": "hand", "threshold": "nan"}, Hand(0.0)),
        ({"far": "nonsense"}, Far(0.01)),
    ],
)
def test_the_address_chooses_the_threshold(query: dict[str, str], goal: Goal, run: Run) -> None:
    assert threshold_of(opened(run, **query)) == goal.threshold(curve_of(run))


@pytest.mark.parametrize("kind", ["cosine", "dot-product", "hamming"])
def test_thresholds_are_in_the_distance_of_the_run(kind: str, root: Path) -> None:
    distance = DISTANCES[kind]()
    run = made_run(root, replace(EXPERIMENT, distance=distance, loss=MultiSimilarity()))
    app = opened(run, goal="eer")
    assert threshold_of(app) == Eer().threshold(curve_of(run))
    assert any(f"distance of the pair ({distance.title})" in one.proto.json for one in app.get("bidi_component"))


def test_a_chosen_goal_moves_the_handle_and_the_address(run: Run) -> None:
    app = opened(run)
    before = threshold_of(app)
    chooser(app).set_value("eer").run()
    assert not app.exception
    assert threshold_of(app) == Eer().threshold(curve_of(run)) != before
    assert app.query_params["goal"] == "eer"
    chooser(app).set_value("hand").run()
    assert threshold_of(app) == Eer().threshold(curve_of(run)), "by hand starts where the handle stands"
    assert app.query_params["threshold"] == str(threshold_of(app))
    chooser(app).set_value("far").run()
    assert threshold_of(app) == before
    assert "goal" not in app.query_params and "threshold" not in app.query_params


def test_section_and_protocol_stand_in_the_address_by_their_names(many: Run) -> None:
    app = opened(many, section="over-epochs", protocol="ten-folds")
    sections = next(group for group in app.get("button_group") if group.label == "Section")
    reported = next(box for box in app.selectbox if box.label == "Reported")
    assert (sections.value, reported.value) == ("over-epochs", "ten-folds")
    assert "Means over 10 folds" in said_by(app)
    sections.set_value("calibration").run()
    next(box for box in app.selectbox if box.label == "Reported").select("same-pairs").run()
    assert not app.exception and "Means over 10 folds" not in said_by(app)
    assert (app.query_params["section"], app.query_params["protocol"]) == ("calibration", "same-pairs")


def test_an_unknown_name_in_the_address_is_the_first(many: Run) -> None:
    app = opened(many, section="Over epochs", protocol="nonsense")
    sections = next(group for group in app.get("button_group") if group.label == "Section")
    reported = next(box for box in app.selectbox if box.label == "Reported")
    assert (sections.value, reported.value) == ("wrong-pairs", "other-identities")


def test_a_protocol_waits_for_a_snapshot_that_knows_it(many: Run) -> None:
    app = opened(many, protocol="ten-folds")
    app.selectbox(key="snapshot").select(10).run()
    assert not app.exception and "Means over" not in said_by(app)
    app.selectbox(key="snapshot").select(20).run()
    assert not app.exception and "Means over 10 folds" in said_by(app)


def test_an_earlier_snapshot_has_its_own_threshold(run: Run) -> None:
    app = opened(run)
    app.selectbox(key="snapshot").select(10).run()
    assert not app.exception
    assert threshold_of(app) == Far(0.01).threshold(curve_of(run, 10)) != Far(0.01).threshold(curve_of(run))


def test_the_gallery_shows_the_wrong_pairs_nearest_to_the_threshold(run: Run) -> None:
    app = opened(run, goal="eer")
    threshold, labels = threshold_of(app), run.probe()["labels"]
    points = run.snapshot(20, "embeddings")["embeddings"].astype(np.float64)
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    same, upper = labels[:, None] == labels, np.triu(np.ones_like(distances, dtype=bool), 1)
    accepts = np.sort(distances[upper & ~same & (distances <= threshold)])[::-1][:5]
    rejects = np.sort(distances[upper & same & (distances > threshold)])[:5]
    assert len(accepts) == len(rejects) == 5
    shown = [image.proto.imgs[0].caption.split(" at ")[1] for image in app.get("image")]
    assert shown == [f"{distance:.4g}" for distance in (*accepts, *rejects)]


def test_a_side_without_wrong_pairs_says_so(run: Run) -> None:
    captions = [caption.value for caption in opened(run, goal="hand", threshold="2").caption]
    assert "No genuine pair is refused." in captions


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
    monkeypatch.setattr("dashboard.runs.state.RECORDED", tmp_path)
    from dashboard.runs import state

    state.store.clear()
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    app.switch_page("views/verify.py").run()
    assert not app.exception
    assert "Start one on the Train page" in app.info[0].value


def points_of(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """What the last snapshot's distance compares, and the labels."""
    return run.experiment().distance.prepared(run.snapshot(20, "embeddings")["embeddings"]), run.probe()["labels"]


def run_in(app: AppTest) -> str:
    """The run that the address names, whichever form the testing library has it in."""
    named = app.query_params["run"]
    return named if isinstance(named, str) else named[0]


@pytest.fixture
def dominated(own_store: None, root: Path) -> Run:
    """The run of an upload in which one of 31 identities has 60 samples and the others two each."""
    labels = np.repeat(np.arange(31), [60] + [2] * 30)
    generator = np.random.default_rng(0)
    points = generator.normal(size=(31, 4))[labels] + 0.4 * generator.normal(size=(120, 4))
    upload = Upload("faces.npz", points, labels, tuple(f"p{label:02d}" for label in range(31)), EUCLIDEAN)
    store = Store(root)
    run = measured(store, upload)[0]
    for state in ("running", "finished"):
        store.set_state(run.folder.name, state)
    return run


def test_one_identity_with_most_pairs_is_named_with_three_ways_out(dominated: Run, root: Path) -> None:
    app, store = opened(dominated), Store(root)
    assert "are of one identity, p00" in said_by(app)
    app.button(key="asking.weigh").click().run()
    assert not app.exception and "identities" in app.query_params["weights"]
    assert "Identities counted alike" in said_by(app) and "are of one identity" not in said_by(app)
    for key, points in (("asking.leave", 60), ("asking.cap", 62)):
        app = opened(dominated)
        app.button(key=key).click().run()
        assert not app.exception
        new = Run(store.folder(run_in(app)))
        assert new.record().known_data.probe_count == points


def test_the_safe_side_is_in_the_address_and_further_from_the_limit(run: Run, many: Run) -> None:
    plain, safe = threshold_of(opened(many, far="20")), threshold_of(opened(many, far="20", safe="true"))
    assert safe < plain
    assert not [toggle for toggle in opened(many, goal="eer").toggle if toggle.label == "Safe side"]


def test_the_page_says_how_likely_a_limit_holds(many: Run) -> None:
    assert "How likely the limit holds on new identities" in said_by(opened(many, far="20"))


def test_a_number_that_is_typed_is_the_threshold(run: Run) -> None:
    app = opened(run, goal="hand", threshold="0.5")
    app.number_input(key="verify.typed").set_value(0.71234).run()
    assert not app.exception and threshold_of(app) == 0.71234
