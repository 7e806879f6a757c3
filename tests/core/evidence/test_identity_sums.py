"""Sums over blocks of pairs, by groups of identities."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.evidence.identity_counts import identity_sums
from core.evidence.identity_sums import IdentitySums, identity_runs
from tests.core.identity_pairs import identity_pairs

SIZES = (4, 1, 6, 3, 5, 2, 7, 3)
GROUPS = np.array([0, 1, 1, 0, 2, 2, 0, 1])
EDGES = np.linspace(0, 12, 25)


@pytest.fixture(scope="module")
def points() -> tuple[np.ndarray, np.ndarray]:
    """On a grid, so that distances tie, and in no order of their labels."""
    generator = np.random.default_rng(0)
    labels = generator.permutation(np.repeat(np.arange(len(SIZES)), SIZES))
    centres = 1.5 * generator.normal(size=(len(SIZES), 3))
    return np.round((centres[labels] + generator.normal(size=(len(labels), 3))) * 4) / 4, labels


def test_a_group_has_what_its_identities_alone_have(points: tuple[np.ndarray, np.ndarray]) -> None:
    points, labels = points
    sums = identity_sums(points, labels, EDGES, groupings=(GROUPS % 2, GROUPS))
    for grouping, groups in ((1, GROUPS % 2), (2, GROUPS)):
        for group, (others, own) in enumerate(sums.curves(grouping)):
            inside = groups[labels] == group
            found, expected = sums.pairs(grouping, group), identity_pairs(points[inside], labels[inside], EDGES)
            for name in ("thresholds", "positive", "negative", "blocks", "block_squares"):
                assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
            for name in ("shares", "share_squares"):
                assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-5, err_msg=name)
            assert_array_equal(found.places, np.flatnonzero(groups == group))
            outside = identity_pairs(points[~inside], labels[~inside], EDGES).curve
            for curve, alone in ((own, expected.curve), (others, outside)):
                assert_array_equal(curve.false_accepts, alone.false_accepts)
                assert_array_equal(curve.true_accepts, alone.true_accepts)
                assert_array_equal(curve.thresholds, EDGES[1:])
                assert 0 < curve.false_accepts[8] < curve.negative_count


def test_blocks_of_rows_add_up(points: tuple[np.ndarray, np.ndarray]) -> None:
    points, labels = points
    whole = identity_sums(points, labels, EDGES, groupings=(GROUPS,))
    cuts = [0, 5, 14, 31]
    first, second, third = (
        identity_sums(points, labels, EDGES, groupings=(GROUPS,), rows=rows)
        for rows in zip(cuts, cuts[1:], strict=False)
    )
    assert first.positive.any() and third.negative.any()
    together = IdentitySums.empty(EDGES, whole.sizes, (GROUPS,))
    for part in (first, second, third):
        together.put(part)
    for name, array in together.arrays().items():
        assert_allclose(array, whole.arrays()[name], rtol=1e-12 if name == "share_squares" else 0, err_msg=name)
    again = whole.with_arrays(together.arrays())
    assert_allclose(again.pairs().impostor_numbers().pairs, whole.pairs().impostor_numbers().pairs, rtol=1e-3)


def test_rows_that_cut_an_identity_are_refused(points: tuple[np.ndarray, np.ndarray]) -> None:
    points, labels = points
    with pytest.raises(ValueError, match=r"rows must be those of whole identities, got 0 to 6. Cut where one ends."):
        identity_sums(points, labels, EDGES, rows=(0, 6))


def test_identities_of_more_rows_than_are_taken_at_once_have_the_same_sums(
    monkeypatch: pytest.MonkeyPatch, points: tuple[np.ndarray, np.ndarray]
) -> None:
    points, labels = points
    whole = identity_sums(points, labels, EDGES, groupings=(GROUPS,)).arrays()
    monkeypatch.setattr("core.evidence.identity_counts.ROWS_AT_ONCE", 4)
    assert max(SIZES) > 4 > min(SIZES)
    for name, array in identity_sums(points, labels, EDGES, groupings=(GROUPS,)).arrays().items():
        assert_allclose(array, whole[name], rtol=1e-5 if name.startswith("share") else 0, err_msg=name)


@pytest.mark.parametrize(("largest", "kind"), [(40_000, np.int32), (50_000, np.int64)])
def test_counts_have_room_for_all_pairs_of_the_largest_identity(largest: int, kind: type) -> None:
    """With all others: 40,000 x 40,001 are fewer than 2^31, 50,000 x 50,001 are not."""
    assert IdentitySums.empty(EDGES, np.array([1, largest])).positive.dtype == kind


@pytest.mark.parametrize(
    ("rows", "runs"),
    [
        (1, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 8)]),
        (9, [(0, 2), (2, 4), (4, 6), (6, 7), (7, 8)]),
        (11, [(0, 3), (3, 6), (6, 8)]),
        (31, [(0, 8)]),
    ],
)
def test_runs_have_as_many_identities_as_fill_so_many_rows(rows: int, runs: list[tuple[int, int]]) -> None:
    """Of 4, 1, 6, 3, 5, 2, 7 and 3; a larger one is alone."""
    assert list(identity_runs(np.array(SIZES), rows)) == runs
