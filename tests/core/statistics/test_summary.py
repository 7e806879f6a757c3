from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.distances import DISTANCES, EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.statistics.distance_blocks import DIRECT_LIMIT, distance_matrix
from core.statistics.histogram_errors import errors_of
from core.statistics.pair_histogram import PairHistogram, pair_histogram
from core.statistics.retrieval import retrieval
from core.statistics.summary import Prepared, summarise
from core.statistics.triplet_census import census


def clusters(count: int, unit_length: bool = True) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 5, size=count)
    points = generator.normal(size=(5, 6))[labels] + generator.normal(size=(count, 6))
    if unit_length:
        points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32), labels


@pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=DISTANCES)
def test_numbers_are_those_of_the_parts(distance: Distance) -> None:
    embeddings, labels = clusters(200)
    embeddings[10:20] = embeddings[0]
    found = summarise(embeddings, labels, margin=0.2, distance=distance, bins=64)
    numbers = found.numbers
    counted = census(embeddings, labels, 0.2, distance=distance)
    assert (numbers["hard"], numbers["semi_hard"], numbers["easy"]) == (counted.hard, counted.semi_hard, counted.easy)
    points, (first, second) = distance.prepared(embeddings), np.triu_indices(200, 1)
    distances = distance_matrix(points, distance)
    same = labels[first] == labels[second]
    assert numbers["positive_pairs"] == found.positive_counts.sum() == same.sum()
    assert numbers["negative_pairs"] == found.negative_counts.sum() == (~same).sum()
    assert numbers["auc"] == pytest.approx(roc_auc_score(same, -distances[first, second]), abs=1e-12)
    assert numbers["mean_positive_distance"] == pytest.approx(distances[first, second][same].mean())
    assert numbers["mean_negative_distance"] == pytest.approx(distances[first, second][~same].mean())
    ranked = retrieval(embeddings, labels, distance=distance)
    assert (numbers["recall_at_1"], numbers["map_at_r"]) == (ranked.recall_at_1, ranked.map_at_r)
    assert numbers["r_precision"] == ranked.r_precision
    assert (numbers["points"], numbers["classes"]) == (200, 5)
    low, high = found.edges[0], found.edges[-1]
    assert 0 < numbers["eer"] < 0.5 and low < numbers["eer_threshold"] < high
    if np.isfinite(distance.largest(6)):
        assert (low, high) == pytest.approx((distance.smallest, distance.largest(6)))
    assert len(found.edges) == 65 and len(found.margins) == 101
    assert found.semi_hard_counts[found.margins.tolist().index(0.2)] == counted.semi_hard


def test_given_margins_are_kept_and_need_not_hold_the_margin() -> None:
    embeddings, labels = clusters(60)
    margins = np.array([0.0, 0.5, 1.0])
    found = summarise(embeddings, labels, margin=0.2, margins=margins)
    assert found.margins.tolist() == margins.tolist() and len(found.semi_hard_counts) == 3
    assert found.numbers["semi_hard"] == census(embeddings, labels, 0.2).semi_hard
    assert found.semi_hard_counts[1] == census(embeddings, labels, 0.5).semi_hard


def test_a_large_snapshot_has_the_statistics_of_direct_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, labels = clusters(DIRECT_LIMIT + 30)
    large = summarise(embeddings, labels, margin=0.2).numbers
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10_000)
    direct = summarise(embeddings, labels, margin=0.2).numbers
    assert large["hard"] != 0 and large["positive_pairs"] == direct["positive_pairs"]
    for name, value in direct.items():
        assert large[name] == pytest.approx(value, rel=1e-12), name


def test_rows_that_are_not_finite_are_counted() -> None:
    embeddings, labels = clusters(30)
    embeddings[[4, 9], 1] = np.nan, np.inf
    with pytest.raises(ValueError, match="NaN or infinity in 2 of 30 rows, first in row 4"):
        summarise(embeddings, labels, margin=0.2)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros(6, int), "labels must name at least two classes"),
        (np.arange(6), "at least one class must have two points"),
        (np.zeros(5, int), "got 5 for 6 points"),
        (np.zeros((6, 1), int), "must have one dimension"),
    ],
)
def test_labels_that_allow_no_statistics_are_refused(labels: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        summarise(np.eye(6), labels, margin=0.2)


def test_margin_must_not_be_negative() -> None:
    with pytest.raises(ValueError, match="margins must be finite numbers from 0 up"):
        summarise(np.eye(6), np.arange(6) % 2, margin=-1.0)


def test_a_block_has_as_many_whole_identities_as_fit_and_at_least_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 14 points, 4 rows at once: 2 + 1 + 1 fit exactly, 6 are more than fit, 1 + 3 fit exactly."""
    monkeypatch.setattr("core.statistics.summary.PAIRS_AT_ONCE", 14 * 4 + 13)
    labels = np.repeat(np.arange(6), [2, 1, 1, 6, 1, 3])
    prepared = Prepared(np.eye(14), labels, at_once=13)
    assert prepared.ranges() == [(0, 4), (4, 10), (10, 14)]
    assert Prepared(np.eye(14), labels, at_once=14).ranges() == [(0, 14)]


@pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=DISTANCES)
def test_thresholds_of_many_blocks_lie_around_all_that_distances_can_be(distance: Distance) -> None:
    """Two equal steps below the first fine edge, of which the second refuses every pair."""
    prepared = Prepared(*clusters(200), distance=distance, at_once=100)
    first, none, *others = prepared.thresholds
    low, high = prepared.fine_edges[[0, -1]]
    assert none == pytest.approx(low - (high - low) / 1024) and none - first == pytest.approx(low - none)
    assert (np.diff(prepared.thresholds) > 0).all() and others[-1] == high
    distances = distance_matrix(prepared.points, distance)[np.triu_indices(200, 1)]
    assert (others[0], others[-2]) == pytest.approx((distances.min(), distances.max()))


@pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=DISTANCES)
@pytest.mark.parametrize("is_exact", [True, False])
def test_numbers_of_many_blocks_are_off_by_no_more_than_they_say(
    distance: Distance, is_exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 100)
    embeddings, labels = clusters(200)
    prepared = Prepared(embeddings, labels, distance=distance, at_once=100)
    counted = pair_histogram(prepared.points, labels, prepared.fine_edges, distance=distance, exact=is_exact)
    found, direct = prepared.pairs(counted), summarise(embeddings, labels, margin=0.0, distance=distance)
    numbers, errors = found.numbers, errors_of(counted, rooted=distance.power == 1)
    assert (counted.error > 0) == bool(distance.power and not is_exact)
    assert (numbers["auc_error"], numbers["eer_error"]) == errors
    for name in ("positive_pairs", "negative_pairs"):
        assert numbers[name] == direct.numbers[name]
    for name, error in (("auc", "auc_error"), ("eer", "eer_error")):
        assert abs(numbers[name] - direct.numbers[name]) <= numbers[error] + 1e-12
    for kind in ("positive", "negative"):
        name = f"mean_{kind}_distance"
        assert abs(numbers[name] - direct.numbers[name]) <= numbers["mean_distance_error"] * (1 + 1e-9)
    assert len(found.edges) == 1025 and (found.edges[0], found.edges[-1]) == tuple(prepared.fine_edges[[0, -1]])
    if is_exact:
        points, upper = prepared.points, np.triu_indices(200, 1)
        distances = distance_matrix(points, distance)[upper][labels[upper[0]] == labels[upper[1]]]
        assert np.cumsum(found.positive_counts).tolist() == [(distances <= edge).sum() for edge in found.edges[1:]]


def test_a_mean_is_off_by_the_widest_bin_with_a_pair_and_by_what_distances_are() -> None:
    """Bins from -1 to 4: half of those inside, all of the outer ones; a square is off by 3/4."""
    edges, nothing = np.arange(-1.0, 5.0), np.zeros(5, np.int64)

    def mean_error(*filled: int, distance: Distance = EUCLIDEAN, error: float = 0.0) -> float:
        prepared = Prepared(np.eye(6), np.arange(6) % 2, distance=distance)
        vars(prepared)["fine_edges"] = edges
        counts = nothing.copy()
        counts[list(filled)] = 1
        kinds = (counts, nothing), (nothing, counts)
        (found,) = {prepared._mean_error(PairHistogram(edges, *both, error=error)) for both in kinds}
        return found

    assert mean_error(2, 3) == 0.5 and mean_error(2, 4) == mean_error(0, 2) == 1.0
    assert mean_error(2, 3, distance=SQUARED_EUCLIDEAN, error=0.75) == 0.5 + 0.75
    assert mean_error(2, 3, error=0.75) == 0.5 + (1 - 0.25**0.5), "1 may be 1/2"
    assert mean_error(1, error=0.75) == 0.5 + (1.75**0.5 - 1), "and 1 the root of 7/4"
    assert mean_error(4, error=0.75) == pytest.approx(1 + 3 - 8.25**0.5)
