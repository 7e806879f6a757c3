"""What is said below a map, and that another one of the same points takes its place."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import measure_map_quality
from core.jobs.measure_map_quality import MeasuredMap
from core.maps.other_maps import OWN, PCA, SEED
from core.runs.run_folder import Run
from core.statistics.map_quality import MapQuality
from dashboard.lookups import map_qualities
from dashboard.runs import map_quality
from dashboard.runs.map_quality import ShownMap, in_sentences, title
from tests.dashboard.pages import notes, opened
from tests.dashboard.sent import sent_with

pytestmark = pytest.mark.usefixtures("own_store")
MAP = {"train": "Map of the held-out", "explore": "a lasso selects"}


@pytest.fixture(autouse=True)
def nothing_measured(root: Path) -> None:
    """By a test before."""
    shutil.rmtree(root / measure_map_quality.HOME, ignore_errors=True)


def said(app: AppTest) -> str:
    """The sentence on the map."""
    (caption,) = [one.value for one in app.caption if "on this map" in one.value]
    return caption


def places(app: AppTest, page: str) -> np.ndarray:
    """(N, 2) where the points of the map are sent to."""
    data = sent_with(app, MAP[page])
    assert data is not None
    trace = json.loads(data["figure"])["data"][0]
    return np.stack([decoded(trace[axis]) for axis in "xy"], axis=1)


def decoded(sent: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"])


def measured_now(name: str, *kinds: str) -> None:
    for kind in kinds:
        map_qualities.found(name, 20, kind)


@pytest.mark.usefixtures("maps_measured")
@pytest.mark.parametrize("page", ["train", "explore"])
def test_the_sentence_has_the_numbers_of_the_map_that_is_shown(page: str, run: Run) -> None:
    name = run.folder.name
    measured_now(name, OWN, SEED)
    own, seed = (measure_map_quality.measured(run, 20, kind) for kind in (OWN, SEED))
    app = opened(page, run=name)
    assert f"trustworthiness {own.quality.trustworthiness:.3f}" in said(app)
    assert f"{100 * own.quality.contradicted:.1f} % of the triplets" in said(app) and "are the same" not in said(app)
    np.testing.assert_allclose(places(app, page), own.layout, atol=1e-6)
    app.segmented_control(key="map").set_value(SEED).run()
    assert not app.exception and app.query_params["map"] == "seed"
    assert f"trustworthiness {seed.quality.trustworthiness:.3f}" in said(app)
    assert f"{10 * seed.agreement:.1f} of the 10 nearest are the same as on the PCA map" in said(app)
    np.testing.assert_allclose(places(app, page), seed.layout, atol=1e-6)
    assert np.abs(seed.layout - own.layout).max() > 0.01
    app.segmented_control(key="map").set_value(OWN).run()
    assert "map" not in app.query_params
    np.testing.assert_allclose(places(app, page), own.layout, atol=1e-6)


@pytest.mark.parametrize("page", ["train", "explore"])
def test_the_own_map_stands_there_until_the_other_one_is_drawn(page: str, run: Run) -> None:
    app = opened(page, run=run.folder.name, map="seed")
    assert [one.value for one in app.caption if "is being drawn" in one.value] == ["The map “UMAP” is being drawn."]
    np.testing.assert_allclose(places(app, page), run.snapshot(20)["map"], atol=1e-6)
    assert app.segmented_control(key="map").value == SEED
    app = opened(page, run=run.folder.name)
    assert [one for one in app.caption if "is being measured" in one.value]


@pytest.mark.parametrize("page", ["train", "explore"])
def test_a_map_that_there_is_not_is_refused_in_a_note(page: str, run: Run) -> None:
    app = opened(page, run=run.folder.name, map="tsne")
    (note,) = notes(app)
    assert "the map “tsne”, which there is not of this map" in note and "Shown instead: PCA" in note


@pytest.mark.usefixtures("maps_measured")
def test_the_map_of_the_moment_in_the_address_is_judged(run: Run) -> None:
    name = run.folder.name
    map_qualities.found(name, 10, OWN)
    app = opened("train", run=name, frame="epoch 1")
    assert said(app).startswith("**Epoch 1**")
    assert f"{measure_map_quality.measured(run, 10, OWN).quality.trustworthiness:.3f}" in said(app)


def test_a_run_under_way_is_not_measured(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.lookups import runs

    monkeypatch.setattr(map_qualities, "found", None)
    row = runs.row_of(run.folder.name)
    assert row is not None
    monkeypatch.setattr(runs, "row_of", lambda name: replace(row, state="running"))
    app = opened("train", run=run.folder.name)
    assert [one for one in app.caption if one.value.startswith("How far the map can be trusted is measured once")]


def test_a_map_that_could_not_be_measured_can_be_asked_for_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(map_qualities, "has_failed", lambda name, step, kind: not asked)
    monkeypatch.setattr(map_qualities, "ask_again", lambda name, step, kind: asked.append(kind))
    app = opened("train", run=run.folder.name)
    assert [one for one in app.caption if one.value.startswith("It could not be measured")]
    app.button(key="map-quality.again").click().run()
    assert asked == [OWN] and [one for one in app.caption if "is being measured" in one.value]


@pytest.mark.parametrize(
    ("quality", "words"),
    [
        (MapQuality(300, 10, 0.5, 0.25, 7, float("nan")), "2.5 are among its 10 nearest"),
        (MapQuality(300, 10, 0.5, 0.25, 0, float("nan")), "No triplet has an order that it could contradict."),
        (MapQuality(2, 0, float("nan"), float("nan"), 0, float("nan")), "too few points to judge their neighbours by"),
        (MapQuality(100, 10, 0.5, 0.25, 9, 0.125), "Measured on 100 of 300 points."),
    ],
)
def test_what_there_is_nothing_to_say_of_is_said_in_words(quality: MapQuality, words: str, run: Run) -> None:
    line = run.maps()[-1]
    measured = MeasuredMap(np.zeros((300, 2)), "pca", quality, 1.0)
    sentence = in_sentences(run.folder.name, ShownMap(line, OWN, OWN, measured), measured)
    assert words in sentence and (quality.triplets == 7 or "nan" not in sentence)


def test_maps_are_called_by_how_they_are_made(run: Run) -> None:
    of_umap = replace(run.maps()[-1], map="umap")
    assert [title(kind, of_umap) for kind in (OWN, PCA, SEED)] == ["UMAP", "PCA", "UMAP, another seed"]
    assert [title(kind, run.maps()[-1]) for kind in (OWN, SEED)] == ["PCA", "UMAP"]
    assert title(OWN, replace(of_umap, map="none")) == "PCA"


def test_no_number_is_said_of_a_moment_without_embeddings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert map_quality.shown_map(run.folder.name, run.maps(), run.snapshots()[:-1]) is None
    monkeypatch.setattr(map_quality, "shown_map", lambda *arguments: None)
    app = opened("train", run=run.folder.name)
    assert [one for one in app.caption if "has kept its map alone" in one.value]
