"""Pairs of a list have the variance of the couples that share an identity."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.brought.scored_pairs import ScoredPairs
from core.thresholds.dependence import identity_pairs
from core.thresholds.identity_pairs import scored_identity_pairs
from tests.core.thresholds.test_dependence import SIZES, points_of


def test_scored_pairs_of_a_set_have_its_evidence():
    points, labels = points_of(SIZES, seed=3)
    edges = np.linspace(0, 12, 25)
    first, second = np.triu_indices(len(labels), 1)
    order = np.random.default_rng(0).permutation(len(first))
    first, second = first[order], second[order]
    distances = np.sqrt(np.square(points[first] - points[second]).sum(1))
    pairs = ScoredPairs(distances, labels[first] == labels[second], labels[first], labels[second], ("?",) * 7)
    found, expected = scored_identity_pairs(pairs, edges), identity_pairs(points, labels, edges)
    for name, value in vars(expected).items():
        assert_allclose(getattr(found, name), value, err_msg=name)


@pytest.mark.parametrize("place", [1, 3, 5])
def test_some_pairs_of_a_set_have_the_variance_written_out(place):
    """Not every couple of identities was compared, and not equally often."""
    points, labels = points_of((5,) * 8, seed=4)
    edges = np.linspace(0, 10, 15)
    generator = np.random.default_rng(0)
    keep = generator.random(780) < 0.3
    first, second = (rows[keep] for rows in np.triu_indices(40, 1))
    distances = np.sqrt(np.square(points[first] - points[second]).sum(1))
    same = labels[first] == labels[second]
    pairs = ScoredPairs(distances, same, labels[first], labels[second], ("?",) * 8)
    found = scored_identity_pairs(pairs, edges)
    for is_same, variance, fitted in (
        (False, found.false_accept_variance(), 3),
        (True, found.false_reject_variance(), 1),
    ):
        kind = [
            ({a, b}, float(apart <= edges[place + 1]))
            for a, b, apart, of in zip(labels[first], labels[second], distances, same, strict=True)
            if of == is_same
        ]
        rate = sum(accepted for _, accepted in kind) / len(kind)
        total = sum((a - rate) * (b - rate) for one, a in kind for two, b in kind if one & two)
        groups = len(set().union(*(of for of, _ in kind)))
        assert_allclose(variance[place], total / len(kind) ** 2 * groups / (groups - fitted), atol=1e-12)
        assert 0 < rate < 1
