import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.statistics import few_positives
from core.statistics.distance_blocks import distance_matrix
from core.statistics.product_blocks import ProductRows
from core.statistics.retrieval import LARGEST_K
from core.statistics.row_scan import RowScan, scan
from core.statistics.triplet_census import checked_steps
from tests.core.spreads import KINDS, spread


def ranked_by_hand(distances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Rank of the nearest positive, R-precision and MAP@R of every point, by sorting all of its row; ties by column."""
    found = []
    for query, row in enumerate(distances):
        others = [column for column in range(len(row)) if column != query]
        ordered = [
            labels[column] == labels[query] for column in sorted(others, key=lambda column: (row[column], column))
        ]
        relevant = sum(ordered)
        if relevant:
            hits = [rank for rank in range(1, relevant + 1) if ordered[rank - 1]]
            first = ordered.index(True) + 1
            precisions = [(place + 1) / rank for place, rank in enumerate(hits)]
            kept = first if first <= max(LARGEST_K, relevant) else 0
            found.append((kept, len(hits) / relevant, sum(precisions) / relevant))
    return np.array(found)


@pytest.mark.parametrize("limit", [10, 10_000], ids=["products", "direct"])
@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_are_the_same_with_and_without_a_census(
    kind: str, distance: Distance, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Merged from both kinds in order, or looked for alone: among ties the lower row comes first either way."""
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", limit)
    points, labels = spread(kind, 240)
    expected = ranked_by_hand(distance_matrix(points, distance), labels)
    for added in (checked_steps(np.array([0.1])), np.empty(0)):
        found = scan(points, labels, added, depth=LARGEST_K, distance=distance, with_local_aucs=len(added) > 0)
        assert_array_equal(found.scores[:, 0], expected[:, 0])
        np.testing.assert_allclose(found.scores, expected, rtol=1e-12)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_products_that_are_handed_on_find_what_own_ones_find(
    kind: str, distance: Distance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By rows and columns in pieces; where too many distances lie together, some rows are looked at again."""
    points, labels = spread(kind, 240)
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    monkeypatch.setattr(few_positives, "COLUMNS_PER_SUM", 0)
    steps = checked_steps(np.array([0.1]) * float(np.median(distance.between(points[:9], points[9:18]))))
    work = RowScan(points, labels, steps, LARGEST_K, True, distance, None)
    if (taker := work.taker((40, 200))) is None:
        assert kind in ("tiny", "vanishing", "huge"), "of which float32 knows nothing"
        return
    moved = ProductRows(points[work.order], rooted=True).points.astype(np.float32)
    for top, bottom in ((40, 100), (100, 200)):
        for left, right in ((0, 90), (90, 91), (91, 240)):
            taker(np.ascontiguousarray(-2 * moved[top:bottom] @ moved[left:right].T), top, left)
    found, expected = taker.found(), work.of((40, 200))
    assert found.total == expected.total and expected.closer[-1] > 0
    for name in ("closer", "scores", "local_aucs"):
        assert_array_equal(getattr(found, name), getattr(expected, name))


def test_rows_with_many_positives_ask_for_more_than_products() -> None:
    points, labels = np.random.default_rng(0).normal(size=(2500, 4)), np.arange(2500) // 1250
    assert RowScan(points, labels, np.zeros(1), LARGEST_K, True, EUCLIDEAN, None).taker((0, 1250)) is None
    few = RowScan(points, np.arange(2500) // 2, np.zeros(1), LARGEST_K, True, EUCLIDEAN, None)
    assert few.taker((0, 1250)) is not None
    labels = np.where(np.arange(2500) < 1250, 0, np.arange(2500) // 2)
    some = RowScan(points, labels, np.zeros(1), LARGEST_K, True, EUCLIDEAN, None)
    assert some.taker((0, 2500)) is None and some.taker((1250, 2500)) is not None


def test_products_that_are_handed_on_spare_a_look_at_all_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where distances scatter, but for a few rows."""
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    points, labels = np.random.default_rng(0).normal(size=(700, 8)), np.arange(700) // 2
    again: list[int] = []
    known = RowScan._take_many
    monkeypatch.setattr(RowScan, "_take_many", lambda self, rows: again.append(len(rows)) or known(self, rows))
    taker = RowScan(points, labels, checked_steps(np.array([0.1])), LARGEST_K, True, EUCLIDEAN, None).taker((0, 700))
    moved = ProductRows(points, rooted=True).points.astype(np.float32)
    assert taker is not None
    taker(-2 * moved @ moved.T, 0, 0)
    assert taker.found().closer[-1] > 0 and sum(again) < 20


@pytest.mark.parametrize(("is_lattice", "multiplied"), [(True, 128), (False, 700)], ids=["lattice", "scattered"])
def test_products_are_given_up_where_they_leave_most_rows_in_doubt(
    is_lattice: bool, multiplied: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first rows, all of which tie."""
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    generator = np.random.default_rng(0)
    points = 0.1 * generator.integers(0, 4, (700, 3)) if is_lattice else generator.normal(size=(700, 8))
    made: list[int] = []
    known = ProductRows.block
    monkeypatch.setattr(ProductRows, "block", lambda self, rows, out: made.append(len(rows)) or known(self, rows, out))
    scan(points, np.arange(700) % 2, checked_steps(np.array([0.1])), depth=LARGEST_K, with_local_aucs=True)
    assert sum(made) == multiplied


@pytest.mark.parametrize("sizes", [[1, 1, 40], [2, 2, 2, 2], [30, 1], [5] * 12])
def test_classes_of_any_sizes_are_merged_whole(sizes: list[int]) -> None:
    generator = np.random.default_rng(len(sizes))
    labels = generator.permutation(np.repeat(np.arange(len(sizes)), sizes))
    points = generator.integers(0, 3, (len(labels), 3)).astype(np.float32)
    expected = ranked_by_hand(distance_matrix(points), labels)
    found = scan(points, labels, checked_steps(np.array([0.5])), depth=LARGEST_K)
    np.testing.assert_allclose(found.scores, expected, rtol=1e-12)


@pytest.mark.parametrize("count", [12, 90])
@pytest.mark.parametrize("shares", [(1.0,), (1e-200, 1.0), (1.0, 1e-310)])
def test_squares_without_an_end_tie_and_keep_their_columns(count: int, shares: tuple[float, ...]) -> None:
    """Of points whose squares overflow all distances are infinite; few or many of those share a bucket."""
    generator = np.random.default_rng(count)
    labels, sizes = np.arange(count) % 4, generator.choice(shares, size=(count, 1))
    points = 1e160 * generator.normal(size=(count, 3)) * sizes
    with np.errstate(over="ignore"):
        distances = distance_matrix(points)
        assert np.isinf(distances).any()
        expected, steps = ranked_by_hand(distances, labels), checked_steps(np.array([0.1]))
        for added in (steps, np.empty(0)):
            found = scan(points, labels, added, depth=LARGEST_K)
            np.testing.assert_allclose(found.scores, expected, rtol=1e-12)
    is_same = labels[:, None] == labels
    positive = is_same & ~np.eye(count, dtype=bool)
    rows = [(row[same], row[~other]) for row, same, other in zip(distances, positive, is_same, strict=True)]
    closer = [sum(int((further < near[:, None] + more).sum()) for near, further in rows) for more in steps]
    assert scan(points, labels, steps).closer.tolist() == closer
