import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import distance_rows
from core.census import Census, census, census_curve
from core.distance_rows import DIRECT_LIMIT, distance_matrix
from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, DotProduct, Hamming, Manhattan
from core.distances.base import Distance


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


def test_a_large_set_is_counted_exactly_from_its_float32_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, labels = clusters(600, 4)
    embeddings[5:60:5] = embeddings[0]
    exact = census(embeddings, labels, 0.2)
    monkeypatch.setattr(distance_rows, "DIRECT_LIMIT", 100)
    order = np.argsort(labels, kind="stable")
    (_, block), *_ = distance_rows.distance_blocks(embeddings[order], rows=600)
    expected = by_rows(block, labels[order], 0.2)
    found = census(embeddings, labels, 0.2, threads=2)
    total = exact.hard + exact.semi_hard + exact.easy
    assert found.hard + found.semi_hard + found.easy == total
    for ours, theirs, true in zip(
        (found.hard, found.semi_hard), (expected.hard, expected.semi_hard), (exact.hard, exact.semi_hard), strict=True
    ):
        # A product of blocks of another height may round differently, by one comparison in a million here.
        assert abs(ours - theirs) <= total * 1e-6
        assert abs(ours - true) <= total * 1e-6
    curve = census_curve(embeddings, labels, np.array([0.2]), threads=2)
    assert (curve.hard, curve.semi_hard[0]) == (found.hard, found.semi_hard)


def test_above_the_limit_agrees_with_the_direct_distances() -> None:
    embeddings, labels = clusters(DIRECT_LIMIT + 52, 6)
    direct = census(embeddings, labels, 0.2, distances=distance_matrix(embeddings))
    found = census(embeddings, labels, 0.2)
    assert abs(found.hard - direct.hard) <= 1e-6 * direct.easy
    assert abs(found.semi_hard - direct.semi_hard) <= 1e-6 * direct.easy


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
