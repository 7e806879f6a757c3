import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.statistics.histogram_edges import spanning_edges
from core.statistics.histogram_errors import errors_of
from core.statistics.pair_distances import auc, pair_distances
from core.statistics.pair_histogram import PairHistogram, pair_histogram
from core.statistics.roc import curve_auc, curve_from_histogram, equal_error_rate, exact_equal_error_rate


def embedded(count: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    labels = np.arange(count) % 20
    return generator.normal(size=(20, 8))[labels] + generator.normal(size=(count, 8)), labels


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=str)
@pytest.mark.parametrize("bins", [128, 1024, 65_536])
def test_counts_in_float32_are_off_by_no_more(bins: int, distance: Distance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    points, labels = embedded(500)
    edges = spanning_edges(points, distance, bins)
    found = pair_histogram(points, labels, edges, distance=distance, exact=False)
    auc_error, eer_error = errors_of(found, rooted=distance.power == 1)
    curve = curve_from_histogram(edges, found.positive_counts, found.negative_counts)
    pairs = pair_distances(points, labels, distance=distance)
    assert found.error > 0
    assert 0 < abs(curve_auc(curve) - auc(pairs)) <= auc_error < 60 / bins
    assert abs(equal_error_rate(curve)[0] - exact_equal_error_rate(pairs)[0]) <= eer_error < 60 / bins


@pytest.mark.parametrize("seed", range(20))
def test_squares_as_far_off_as_allowed_stay_within(seed: int) -> None:
    """The worst that may happen: all positives too far out and all negatives too near, or the other way round."""
    points, labels = embedded(120)
    pairs = pair_distances(points, labels, distance=SQUARED_EUCLIDEAN)
    edges = spanning_edges(points, SQUARED_EUCLIDEAN, 50 + 10 * seed)
    error = 0.3 * (1 + seed % 4) * float(edges[1])
    side = 1 if seed % 2 else -1
    moved = [np.maximum(pairs.positive + side * error, 0), np.maximum(pairs.negative - side * error, 0)]
    counts = [np.histogram(-squares, -edges[::-1])[0][::-1] for squares in moved]
    found = PairHistogram(edges, *counts, error=error)
    auc_error, eer_error = errors_of(found, rooted=False)
    curve = curve_from_histogram(edges, found.positive_counts, found.negative_counts)
    assert abs(curve_auc(curve) - auc(pairs)) <= auc_error
    assert abs(equal_error_rate(curve)[0] - exact_equal_error_rate(pairs)[0]) <= eer_error


def test_exact_counts_leave_half_the_couples_of_each_bin_open() -> None:
    found = PairHistogram(np.arange(4.0), np.array([6, 2, 0]), np.array([1, 3, 4]))
    auc_error, eer_error = errors_of(found, rooted=True)
    assert auc_error == (6 * 1 + 2 * 3) / 2 / (8 * 8)
    assert eer_error == min(4 / 8, 2 / 8) - max(1 / 8, 0.0)  # FAR goes from 1/8 to 4/8 where FRR goes from 2/8 to 0


def test_the_error_reaches_as_far_as_it_says() -> None:
    """Positives at 4.95 seen at 6.25, and negatives at 5.05 seen at 3.75: all couples are seen the wrong way round."""
    positive, negative = (np.histogram([square], np.arange(11.0))[0] for square in (6.25, 3.75))
    found = PairHistogram(np.arange(11.0), positive, negative, error=1.3)
    assert errors_of(found, rooted=False)[0] == 1
    further = PairHistogram(np.arange(11.0), positive, negative, error=0.9)
    assert errors_of(further, rooted=False)[0] == 0
