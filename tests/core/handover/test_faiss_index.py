"""The index as faiss opens it: it ranks as the distance does, and its limit accepts what the threshold accepts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import faiss
import numpy as np
import pytest

from core.distances import Angle, Cosine, DotProduct, Euclidean, Manhattan, SquaredEuclidean
from core.distances.base import Distance
from core.handover.faiss_index import ABOUT, INDEX, POINTS, SQUARED, write_index
from tests.core.taken_home import embedding_set

DISTANCES = [Euclidean(), SquaredEuclidean(), Cosine(), Angle(), DotProduct()]


def distances_of(distance: Distance, embeddings: np.ndarray) -> np.ndarray:
    prepared = distance.prepared(embeddings)
    return distance.between(prepared, prepared)


def queries(about: dict[str, object], embeddings: np.ndarray) -> np.ndarray:
    if about["scale_queries_to_length_1"]:
        embeddings = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    return np.ascontiguousarray(embeddings)


@pytest.mark.parametrize("distance", DISTANCES, ids=str)
def test_faiss_ranks_as_the_distance_does(distance: Distance, tmp_path: Path) -> None:
    points = embedding_set(distance, 40)
    write_index(tmp_path, points)
    index, about = faiss.read_index(str(tmp_path / INDEX)), json.loads((tmp_path / ABOUT).read_text())
    _, found = index.search(queries(about, points.embeddings), 40)
    expected = np.argsort(distances_of(distance, points.embeddings), axis=1, kind="stable")
    assert index.ntotal == 40 and "limit" not in about
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("distance", DISTANCES, ids=str)
def test_the_limit_accepts_the_same_pairs(distance: Distance, tmp_path: Path) -> None:
    points = embedding_set(distance, 40)
    apart = distances_of(distance, points.embeddings)
    ordered = np.unique(apart[np.triu_indices(40, 1)])
    threshold = float(ordered[200] + ordered[201]) / 2
    write_index(tmp_path, points, threshold)
    index, about = faiss.read_index(str(tmp_path / INDEX)), json.loads((tmp_path / ABOUT).read_text())
    bounds, _, found = index.range_search(queries(about, points.embeddings), about["limit"])
    accepted = {(row, int(other)) for row in range(40) for other in found[bounds[row] : bounds[row + 1]]}
    assert accepted == {tuple(pair) for pair in np.argwhere(apart <= threshold).tolist()}
    assert 0 < len(accepted) < 40 * 39


def test_range_search_leaves_out_a_pair_at_the_limit_as_the_rule_says(tmp_path: Path) -> None:
    points = embedding_set()
    points.embeddings[:] = 0
    points.embeddings[1, 0] = 0.5
    write_index(tmp_path, points, 0.5)
    about = json.loads((tmp_path / ABOUT).read_text())
    bounds, _, _ = faiss.read_index(str(tmp_path / INDEX)).range_search(points.plain[:1], about["limit"])
    assert about["limit"] == 0.25 and about["faiss_gives"] == SQUARED and bounds[1] == 11
    assert "leaves out a pair at the limit itself" in about["rule"]


def test_the_points_are_told_in_order_and_are_no_formulas(tmp_path: Path) -> None:
    points = embedding_set()
    write_index(tmp_path, points)
    with (tmp_path / POINTS).open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [int(line["row"]) for line in lines] == points.rows.tolist()
    assert lines[0]["class"] == "'=1+1" and [int(line["number"]) for line in lines] == list(range(12))


def test_a_distance_that_no_index_ranks_by_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be of a distance that it ranks by .*cosine.*, got Manhattan"):
        write_index(tmp_path, embedding_set(Manhattan()))
    assert not list(tmp_path.iterdir())
