"""The gallery of wrong pairs, and what a reader does about labels that are wrong."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.jobs.withdraw_samples import take_out
from core.jobs.worker import train
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups import wrong_pairs
from dashboard.lookups.wrong_pairs import SHOWN_PAIRS
from tests.dashboard.verify_pages import group, named, opened, said_by, spread, threshold_of

pytestmark = pytest.mark.usefixtures("own_store")


def test_the_gallery_shows_the_wrong_pairs_nearest_to_the_threshold(run: Run) -> None:
    app = opened(run, goal="eer")
    threshold, labels = threshold_of(app), run.probe()["labels"]
    points = run.snapshot(20, "embeddings")["embeddings"].astype(np.float64)
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    expected: list[str] = []
    for is_same in (False, True):
        wrong = np.triu((labels[:, None] == labels) == is_same, 1) & ((distances > threshold) == is_same)
        ordered = sorted(np.argwhere(wrong).tolist(), key=lambda pair: abs(distances[*pair] - threshold))
        chosen = spread(ordered, lambda pair: labels[pair].tolist(), SHOWN_PAIRS)
        assert len(chosen) == SHOWN_PAIRS > 5
        expected += [f"{distances[*pair]:.4g}" for pair in chosen]
    assert at_distances(app) == expected


def at_distances(app: AppTest) -> list[str]:
    return [image.proto.imgs[0].caption.split(" at ")[1] for image in app.get("image")]


def test_more_pairs_come_on_request(run: Run) -> None:
    app = opened(run, goal="eer")
    before = at_distances(app)
    next(button for button in app.button if button.label == f"{SHOWN_PAIRS} more").click().run()
    after = at_distances(app)
    assert len(before) == 2 * SHOWN_PAIRS and len(after) == 3 * SHOWN_PAIRS
    assert set(before) <= set(after) and after[2 * SHOWN_PAIRS :] == before[SHOWN_PAIRS:]


def test_a_side_without_wrong_pairs_says_so(run: Run) -> None:
    captions = [caption.value for caption in opened(run, goal="hand", threshold="2").caption]
    assert "No genuine pair is refused." in captions


def test_the_worst_come_first_on_request(run: Run) -> None:
    app = opened(run, goal="eer")
    nearest = [float(image.proto.imgs[0].caption.split(" at ")[1]) for image in app.get("image")]
    group(app, "Order").set_value("Worst first").run()
    worst = [float(image.proto.imgs[0].caption.split(" at ")[1]) for image in app.get("image")]
    end = SHOWN_PAIRS
    assert not app.exception and worst[0] < min(nearest[:end]) and worst[end] > max(nearest[end:])
    assert worst[:end] == sorted(worst[:end]) and worst[end:] == sorted(worst[end:], reverse=True)


def test_samples_with_wrong_labels_are_taken_out_and_put_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    app, store = opened(run, goal="eer"), Store(run.folder.parents[1])
    box = next(button for button in app.button if button.label.startswith("row "))
    row = int(box.label.removeprefix("row "))
    box.click().run()
    chosen = next(box for box in app.multiselect if box.label == "Labels that are wrong")
    assert chosen.value == [row]
    next(button for button in app.button if button.label == "Measure without them").click().run()
    assert not app.exception
    new = finished(store, named(app, "run"))
    without = new.record().without
    assert without and without.run == run.folder.name and without.rows == (row,)
    app = opened(new, goal="eer")
    next(button for button in app.button if button.label == "Put 1 back").click().run()
    assert not app.exception and named(app, "run") == run.folder.name


def finished(store: Store, name: str | None) -> Run:
    """The run that the page asked for, measured."""
    assert name
    answer = train(store.folder(name), store.row(name).experiment, device="cpu", report=print, wanted=lambda: "run")
    assert answer == "finished"
    for state in ("running", "finished"):
        store.set_state(name, state)
    return Run(store.folder(name))


def test_rows_keep_their_numbers_and_before_stands_beside_after(run: Run) -> None:
    store = Store(run.folder.parents[1])
    new = finished(store, take_out(store, run.folder.name, run, 20, [0, 3, 100]).id)
    app = opened(new, goal="hand", threshold="0.9")
    rows = sorted({int(button.label.removeprefix("row ")) for button in app.button if button.label.startswith("row ")})
    kept = np.delete(np.arange(300), [0, 3, 100])
    points, labels = run.snapshot(20, "embeddings")["embeddings"].astype(np.float64), run.probe()["labels"]
    assert not {0, 3, 100} & set(rows)
    shown = {image.proto.imgs[0].caption.split(" at ")[1] for image in app.get("image")}
    distances = np.linalg.norm(points[rows][:, None] - points[rows], axis=2)
    assert shown <= {f"{distance:.4g}" for distance in distances.ravel().tolist()}
    said = said_by(app)
    assert "3 of 300 points left out: rows 0; 3; 100, counted from 0." in said
    for rows_of, column in ((np.arange(300), 2), (kept, 3)):
        distances = np.linalg.norm(points[rows_of][:, None] - points[rows_of], axis=2)
        pairs = np.triu(np.ones_like(distances, bool), 1)
        impostors = int((pairs & (labels[rows_of][:, None] != labels[rows_of])).sum())
        line = next(line for line in said.splitlines() if line.startswith("| Impostor pairs"))
        assert line.split(" | ")[column - 1].strip("| *") == f"{impostors:,}"


def test_suspects_are_gone_through_by_sample_and_marked(run: Run) -> None:
    app = opened(run, goal="hand", threshold="1.2")
    app.selectbox(key="snapshot").select(0).run()
    group(app, "Order").set_value("By sample").run()
    assert not app.exception
    listed = next(radio for radio in app.radio if radio.label == "Suspects")
    assert len(listed.options) > 5 and all("row" in option and " or " in option for option in listed.options)
    listed.set_value(2).run()
    suspect = wrong_pairs.suspects(run.folder.name, 0, threshold_of(app))[2].suspect
    assert f"**{suspect.by_other:,} of {suspect.of_other:,}**" in said_by(app)
    app.button(key="verify.mark").click().run()
    chosen = next(box for box in app.multiselect if box.label == "Labels that are wrong")
    assert not app.exception and chosen.value == [suspect.row]
    app.button(key="verify.mark").click().run()
    assert next(box for box in app.multiselect if box.label == "Labels that are wrong").value == []
