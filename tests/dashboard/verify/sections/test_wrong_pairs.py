"""The gallery of wrong pairs, and what a reader does about labels that are wrong."""

from __future__ import annotations

import numpy as np
import pytest

from core.jobs.worker import train
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.dashboard.verify_pages import group, named, opened, threshold_of

pytestmark = pytest.mark.usefixtures("own_store")


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


def test_the_worst_come_first_on_request(run: Run) -> None:
    app = opened(run, goal="eer")
    nearest = [float(image.proto.imgs[0].caption.split(" at ")[1]) for image in app.get("image")]
    group(app, "Order").set_value("Worst first").run()
    worst = [float(image.proto.imgs[0].caption.split(" at ")[1]) for image in app.get("image")]
    assert not app.exception and max(worst[:5]) < min(nearest[:5]) and min(worst[5:]) > max(nearest[5:])


def test_samples_with_wrong_labels_are_taken_out_and_put_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    app, store = opened(run, goal="eer"), Store(run.folder.parents[1])
    wrong = next(box for box in app.multiselect if box.label == "Labels that are wrong")
    wrong.select(wrong.options[0]).run()
    next(button for button in app.button if button.label == "Measure without them").click().run()
    assert not app.exception
    new = named(app, "run")
    assert new and new != run.folder.name
    without = Run(store.folder(new)).record().without
    assert without and without.run == run.folder.name and len(without.rows) == 1
    row = store.row(new)
    answer = train(store.folder(new), row.experiment, device="cpu", report=print, wanted=lambda: "run")
    assert answer == "finished"
    for state in ("running", "finished"):
        store.set_state(new, state)
    app = opened(Run(store.folder(new)), goal="eer")
    next(button for button in app.button if button.label == "Put 1 back").click().run()
    assert not app.exception and named(app, "run") == run.folder.name
