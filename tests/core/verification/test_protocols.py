"""Parts share no identity, and folds report what the others have chosen."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.statistics.roc import Curve
from core.verification.protocols import (
    FOLDS,
    OTHERS,
    PROTOCOLS,
    SAME,
    Folds,
    mean_and_error,
    parts,
    parts_of_pairs,
    protocols_for,
)
from core.verification.scored_pairs import ScoredPairs


def some_labels(seed: int = 0, identities: int = 57) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return generator.permutation(np.repeat(np.arange(identities) * 7, generator.integers(1, 9, size=identities)))


@pytest.mark.parametrize("count", [2, 10])
def test_no_identity_is_in_two_parts_and_none_is_left_out(count: int) -> None:
    labels = some_labels()
    found = parts(labels, count)
    by_identity = [np.unique(found[labels == label]) for label in np.unique(labels)]
    assert all(len(of) == 1 for of in by_identity)
    assert_array_equal(np.unique(found), np.arange(count))


@pytest.mark.parametrize("count", [2, 10])
def test_parts_have_equal_shares_of_identities_and_of_those_with_genuine_pairs(count: int) -> None:
    labels = some_labels()
    found = parts(labels, count)
    sizes = {label: (labels == label).sum() for label in np.unique(labels)}
    for chosen in (list(sizes), [label for label, size in sizes.items() if size > 1]):
        shares = np.bincount([found[labels == label][0] for label in chosen], minlength=count)
        assert shares.max() - shares.min() <= 1
    assert min(sizes.values()) == 1


def test_same_labels_and_seed_same_parts() -> None:
    labels = some_labels()
    assert_array_equal(parts(labels, 2, seed=3), parts(labels, 2, seed=3))
    assert (parts(labels, 2, seed=3) != parts(labels, 2, seed=4)).any()


def test_twenty_identities_with_genuine_pairs_can_be_halved() -> None:
    labels = np.repeat(np.arange(21), 2)
    assert protocols_for(labels[2:]) == [OTHERS, FOLDS, SAME]
    assert protocols_for(labels[3:]) == [SAME]
    assert set(PROTOCOLS) == {OTHERS, FOLDS, SAME}


def curves(seed: int, count: int = 10, steps: int = 30) -> tuple[np.ndarray, list[Curve]]:
    generator = np.random.default_rng(seed)
    edges = np.linspace(0, 3, steps + 1)
    found = []
    for _ in range(count):
        wrongly, right = generator.integers(0, 50, size=(2, steps)).cumsum(1)
        found.append(Curve(edges[1:], wrongly, right, int(wrongly[-1]), int(right[-1])))
    return edges, found


def test_folds_come_back_from_their_arrays() -> None:
    edges, choosing = curves(0)
    _, reporting = curves(1)
    again = Folds.from_arrays(edges, Folds(choosing, reporting).arrays())
    for one, two in zip(again.choosing + again.reporting, choosing + reporting, strict=True):
        assert_array_equal(one.false_accepts, two.false_accepts)
        assert_array_equal(one.true_accepts, two.true_accepts)
        assert (one.negative_count, one.positive_count) == (two.negative_count, two.positive_count)


def test_mean_and_standard_error() -> None:
    values = [0.1, 0.4, 0.2, 0.9]
    mean, error = mean_and_error(values)
    assert_allclose(mean, sum(values) / 4)
    assert_allclose(error**2, sum((value - mean) ** 2 for value in values) / 3 / 4)


def test_a_pair_is_in_the_parts_of_its_identities() -> None:
    """Forty identities, every second one with a genuine pair; the same parts as labels that repeat those twice."""
    generator = np.random.default_rng(0)
    first, second = generator.integers(100, 140, size=(2, 300))
    genuine = np.arange(100, 140, 2)
    first, second = np.concatenate([first, genuine, np.arange(100, 140)]), np.concatenate([second, genuine, [140] * 40])
    keep = (first != second) | (first % 2 == 0)
    pairs = ScoredPairs(np.zeros(keep.sum()), (first == second)[keep], first[keep], second[keep])
    labels = np.concatenate([np.arange(100, 141), genuine])
    of = dict(zip(labels.tolist(), parts(labels, 2).tolist(), strict=True))
    expected = [[of[label] for label in side[keep].tolist()] for side in (first, second)]
    assert parts_of_pairs(pairs, 2).tolist() == expected and {0, 1} == set(expected[0])


def test_pairs_of_nobody_and_of_few_have_no_parts() -> None:
    distances, is_same, identity = np.zeros(40), np.arange(40) % 2 == 0, np.arange(40) // 2
    assert parts_of_pairs(ScoredPairs(distances, is_same), 2) is None
    other = np.where(is_same, identity, 99)
    assert parts_of_pairs(ScoredPairs(distances, is_same, identity, other), 2) is not None
    fewer = slice(2, None)
    assert parts_of_pairs(ScoredPairs(distances[fewer], is_same[fewer], identity[fewer], other[fewer]), 2) is None
