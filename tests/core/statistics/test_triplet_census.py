import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine, DotProduct, Hamming, Manhattan
from core.distances.base import Distance
from core.statistics import distance_blocks
from core.statistics.distance_blocks import DIRECT_LIMIT, distance_matrix
from core.statistics.triplet_census import Census, census, census_curve
from tests.core.spreads import KINDS, spread


def by_hand(distances: np.ndarray, labels: np.ndarray, margin: float) -> Census:
    hard = semi_hard = easy = 0
    for anchor in range(len(labels)):
        for positive in np.flatnonzero(labels == labels[anchor]):
            for negative in np.flatnonzero(labels != labels[anchor]):
                if positive == anchor:
                    continue
                to_positive, to_negative = distances[anchor, positive], distances[anchor, negative]
                if to_negative < to_positive:
                    hard += 1
                elif to_negative < to_positive + margin:
                    semi_hard += 1
                else:
                    easy += 1
    return Census(hard, semi_hard, easy)


def by_rows(distances: np.ndarray, labels: np.ndarray, margin: float) -> Census:
    """The same, one anchor at a time, for sets too large for the triple loop; in the type of the distances."""
    hard = closer = total = 0
    for anchor, row in enumerate(distances):
        same = labels == labels[anchor]
        negatives = row[~same]
        same[anchor] = False
        for to_positive in row[same]:
            hard += int((negatives < to_positive).sum())
            closer += int((negatives < to_positive + row.dtype.type(margin)).sum())
            total += len(negatives)
    return Census(hard, closer - hard, total - closer)


def lattice(seed: int, count: int = 36) -> tuple[np.ndarray, np.ndarray]:
    """Points with many ties and duplicates, in classes of unequal size, one of a single point."""
    generator = np.random.default_rng(seed)
    labels = np.concatenate([[9], generator.choice(4, size=count - 1, p=[0.5, 0.3, 0.15, 0.05])])
    return generator.integers(0, 4, size=(count, 3)).astype(np.float32), labels


def clusters(count: int, classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, classes, size=count)
    points = generator.normal(size=(classes, 8))[labels] + generator.normal(size=(count, 8))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), labels


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Manhattan(), DotProduct(), Hamming()], ids=str)
@pytest.mark.parametrize("margin", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_triple_loop_with_ties_and_duplicates(seed: int, margin: float, distance: Distance) -> None:
    embeddings, labels = lattice(seed)
    embeddings -= 2
    distances = distance_matrix(distance.prepared(embeddings), distance)
    expected = by_hand(distances, labels, margin)
    assert expected.hard and (expected.easy or isinstance(distance, Hamming)) and (expected.semi_hard or not margin)
    assert len(np.unique(embeddings, axis=0)) < len(embeddings) and len(np.unique(distances)) < 40
    assert census(embeddings, labels, margin, distance=distance) == expected
    assert census(embeddings, labels, margin, distance=distance, distances=distances) == expected
    curve = census_curve(embeddings, labels, np.array([0.0, margin, 5.0]), distance=distance)
    assert (curve.hard, curve.semi_hard[1], curve.easy[1]) == (expected.hard, expected.semi_hard, expected.easy)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=14),
    st.sampled_from([0.0, 0.5, 1.0, 2.0]),
)
@settings(deadline=None, max_examples=150)
def test_equals_the_triple_loop_on_any_lattice(points: list[tuple[int, int, int]], margin: float) -> None:
    table = np.array(points)
    embeddings, labels = table[:, :2].astype(np.float64), table[:, 2]
    expected = by_hand(distance_matrix(embeddings), labels, margin)
    assert census(embeddings, labels, margin) == expected
    curve = census_curve(embeddings, labels, np.array([margin]))
    assert (curve.hard, curve.semi_hard[0], curve.easy[0]) == (expected.hard, expected.semi_hard, expected.easy)


def test_the_curve_equals_the_census_at_every_margin() -> None:
    embeddings, labels = clusters(400, 5)
    margins = np.sort(np.append(np.linspace(0, 2, 41), 0.123))
    curve = census_curve(embeddings, labels, margins, threads=2)
    assert (np.diff(curve.semi_hard) >= 0).all() and 0 < curve.hard < curve.total
    for step, margin in enumerate(margins):
        found = census(embeddings, labels, float(margin), threads=2)
        assert (found.hard, found.semi_hard, found.easy) == (curve.hard, curve.semi_hard[step], curve.easy[step])
    assert by_rows(distance_matrix(embeddings), labels, 0.123) == census(embeddings, labels, 0.123)


def test_crowded_buckets_stay_exact() -> None:
    """One far positive stretches the range of the buckets, so that nearly all others share one."""
    embeddings, labels = clusters(300, 3)
    embeddings[::50] *= np.float32(1e5)
    expected = by_rows(distance_matrix(embeddings), labels, 0.2)
    assert expected.hard and expected.semi_hard
    assert census(embeddings, labels, 0.2) == expected
    curve = census_curve(embeddings, labels, np.array([0.2]))
    assert (curve.hard, curve.semi_hard[0]) == (expected.hard, expected.semi_hard)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine()], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_counts_from_products_are_those_of_the_distances(
    kind: str, distance: Distance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every comparison that the products leave open is made again, with ties, copies and margins that are met."""
    embeddings, labels = spread(kind, 500)
    distances = distance_matrix(distance.prepared(embeddings), distance)
    margins = np.array([0.0, *np.quantile(np.diff(np.unique(distances)), [0.5, 1.0]), np.median(distances)])
    margins.sort()
    expected = census_curve(embeddings, labels, margins, distance=distance, distances=distances)
    assert 0 < expected.hard < expected.total
    monkeypatch.setattr(distance_blocks, "DIRECT_LIMIT", 10)
    found = census_curve(embeddings, labels, margins, distance=distance, threads=2)
    assert found.hard == expected.hard and found.semi_hard.tolist() == expected.semi_hard.tolist()
    by_row = by_rows(distances, labels, float(margins[1]))
    assert (by_row.hard, by_row.semi_hard) == (expected.hard, expected.semi_hard[1])


@pytest.mark.parametrize("count", [2048, 2049])
def test_whole_numbers_are_counted_exactly_on_both_sides_of_the_limit(count: int) -> None:
    """Products of points moved to their mean broke these ties; the right numbers are from a plain loop elsewhere."""
    generator = np.random.default_rng(5)
    embeddings = generator.integers(-1, 2, (2049, 8)).astype(np.float32)[:count]
    labels = generator.integers(0, 40, 2049)[:count]
    right = {2048: Census(96272878, 28334825, 83469471), 2049: Census(96441266, 28382537, 83618685)}
    assert census(embeddings, labels, 0.2) == right[count]


def test_classes_far_apart_keep_their_close_neighbours_apart() -> None:
    """100 apart with 0.01 inside: float32 kept no digit of the distances that decide."""
    generator = np.random.default_rng(0)
    labels = np.arange(DIRECT_LIMIT + 52) % 12
    points = 100.0 * (labels // 2)[:, None] + 0.01 * generator.normal(size=(len(labels), 4))
    points += 0.03 * (labels % 2)[:, None]
    expected = census(points, labels, 0.02, distances=distance_matrix(points))
    assert 0.001 < expected.hard / (expected.hard + expected.semi_hard + expected.easy) < 0.1
    assert census(points, labels, 0.02) == expected
    rounded = points.astype(np.float32)
    assert census(rounded, labels, 0.02) == census(rounded, labels, 0.02, distances=distance_matrix(rounded))


@pytest.mark.parametrize("labels", [np.zeros(5, int), np.arange(5)])
def test_no_triplet_gives_zeros(labels: np.ndarray) -> None:
    embeddings = np.arange(10, dtype=np.float32).reshape(5, 2)
    assert census(embeddings, labels, 0.2) == Census(0, 0, 0)
    assert census_curve(embeddings, labels, np.array([0.2])).semi_hard.tolist() == [0]


def test_collapsed_embeddings_are_semi_hard_for_any_margin() -> None:
    embeddings, labels = np.ones((12, 2), np.float32), np.arange(12) % 3
    assert census(embeddings, labels, 0.1) == Census(0, 12 * 3 * 8, 0)
    assert census(embeddings, labels, 0.0) == Census(0, 0, 12 * 3 * 8)


@pytest.mark.parametrize("margin", [-0.1, float("nan"), float("inf")])
def test_margin_must_be_a_finite_number_from_zero(margin: float) -> None:
    with pytest.raises(ValueError, match="margins must be finite numbers from 0 up"):
        census(np.eye(4), np.arange(4) % 2, margin)


def test_margins_must_ascend() -> None:
    with pytest.raises(ValueError, match="margins must ascend"):
        census_curve(np.eye(4), np.arange(4) % 2, np.array([0.2, 0.1]))
