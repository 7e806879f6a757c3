"""The packed map: the figure stays while the query changes, and a search finds classes and names in any case."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload, keep
from core.maps.other_maps import PCA
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups import map_qualities, neighbourhoods, point_maps, snapshot_arrays


def test_another_query_changes_the_marks_alone(name: str) -> None:
    first, second = (point_maps.map_of(name, 20, "class", "", query, "light", 0) for query in (3, 4))
    assert first.figure is second.figure and first.digest == second.digest
    assert first.frames[0][2] != second.frames[0][2] and first.frames[0][0] == "3"
    other = point_maps.map_of(name, 20, "hubs", "", 3, "light", 0)
    assert other.figure != first.figure and other.frames == first.frames


@pytest.mark.usefixtures("maps_measured")
def test_points_and_marks_of_another_map_stand_where_that_has_them(name: str) -> None:
    own = point_maps.map_of(name, 20, "class", "", 3, "light", 0)
    map_qualities.found(name, 20, PCA)
    measured = map_qualities.found(name, 20, PCA)
    assert measured is not None
    other = point_maps.map_of(name, 20, "class", "", 3, "light", 0, PCA)
    for packed, layout in ((own, snapshot_arrays.shown_layout(name, 20)), (other, measured.layout)):
        figure = json.loads(packed.figure)
        held = figure["layout"]["xaxis"]["range"]
        assert held[0] <= layout[:, 0].min() and layout[:, 0].max() <= held[1]
        star = json.loads(bytes(packed.frames[0][3]))["data"][2]["x"]
        assert np.frombuffer(b64decode(star["bdata"]), star["dtype"])[0] == layout[3, 0]
    assert own.frames != other.frames and own.figure != other.figure


def test_until_all_is_compared_the_colour_is_the_class(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    by_class = point_maps.map_of(name, 20, "class", "", 3, "light", 0)
    monkeypatch.setattr(neighbourhoods, "found", lambda name, step: None)
    assert point_maps.map_of(name, 20, "outliers", "", 3, "light", 0).figure is by_class.figure


def test_a_search_finds_a_class_and_nothing_for_no_words(name: str, run: Run) -> None:
    labels = run.probe()["labels"]
    assert point_maps.search(name, "7").tolist() == np.flatnonzero(labels == 7).tolist()
    assert point_maps.search(name, "Row 17").tolist() == [17]
    assert len(point_maps.search(name, "  ")) == len(point_maps.search(name, "nobody")) == 0


def test_a_search_finds_names_in_any_case(own_store: None, root: Path) -> None:
    points = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    upload = Upload("a.npz", points, np.array([0, 0, 1, 1]), ("Anna", "Otto"), EUCLIDEAN)
    named = replace(upload, point_names=("IMG_1.png", "IMG_2.png", "img_12.png", "x"))
    name = keep(Store(root), named).id
    assert point_maps.search(name, "img_1").tolist() == [0, 2]
    assert point_maps.search(name, "ANNA").tolist() == [0, 1]
    assert point_maps.texts(name)[2] == "Otto\nimg_12.png"


def test_what_is_called_exactly_so_is_found_alone(own_store: None, root: Path) -> None:
    points = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    upload = Upload("a.npz", points, np.array([0, 0, 1, 1, 2]), ("1", "10", "100"), EUCLIDEAN)
    name = keep(Store(root), replace(upload, point_names=("a", "b", "10", "c", "abc"))).id
    assert point_maps.search(name, "1").tolist() == [0, 1] and point_maps.left_aside(name, "1") == 3
    assert point_maps.search(name, " 10 ").tolist() == [2, 3], "the class, and a point of that name"
    assert point_maps.search(name, "C").tolist() == [3] and point_maps.search(name, "bc").tolist() == [4]
    assert point_maps.search(name, "00").tolist() == [4] and point_maps.left_aside(name, "00") == 0


def test_where_a_search_finds_nothing_no_point_steps_back(name: str) -> None:
    found, nothing = (point_maps.map_of(name, 20, "class", words, 3, "light", 0) for words in ("", "nobody"))
    assert found.figure == nothing.figure != point_maps.map_of(name, 20, "class", "7", 3, "light", 0).figure
