"""Pairs of a list have the sums of their identities."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from core.evidence.dyadic_variance import scored_identity_pairs
from core.verification.scored_pairs import ScoredPairs
from core.verification.weighted_curve import IDENTITIES
from tests.core.evidence.test_identity_counts import SIZES, points_of
from tests.core.identity_pairs import identity_pairs


def test_scored_pairs_of_a_set_have_its_evidence() -> None:
    points, labels = points_of(SIZES, seed=3)
    edges = np.linspace(0, 12, 25)
    first, second = np.triu_indices(len(labels), 1)
    order = np.random.default_rng(0).permutation(len(first))
    first, second = first[order], second[order]
    distances = np.sqrt(np.square(points[first] - points[second]).sum(1))
    pairs = ScoredPairs(distances, labels[first] == labels[second], labels[first], labels[second], ("?",) * 7)
    found, expected = scored_identity_pairs(pairs, edges), identity_pairs(points, labels, edges)
    for name, value in vars(expected).items():
        assert_allclose(getattr(found, name), value, rtol=1e-5 if name == "shares" else 1e-7, err_msg=name)


def test_some_pairs_of_a_set_have_sums_over_the_blocks_there_are() -> None:
    """Not every couple of identities was compared, and not equally often."""
    points, labels = points_of((5,) * 8, seed=4)
    edges = np.linspace(0, 10, 15)
    first, second = np.triu_indices(40, 1)
    never = (labels[first] + labels[second] == 8) & (labels[first] != labels[second])
    keep = (np.random.default_rng(0).random(len(first)) < 0.3) & ~never
    first, second = first[keep], second[keep]
    distances = np.sqrt(np.square(points[first] - points[second]).sum(1))
    same = labels[first] == labels[second]
    pairs = ScoredPairs(distances, same, labels[first] + 10, labels[second] + 10, ("?",) * 20)
    found = scored_identity_pairs(pairs, edges)
    assert_array_equal(found.places, np.arange(10, 18))
    accepted = distances <= edges[6]
    blocks = {}
    for a, b, accept, of in zip(labels[first], labels[second], accepted, same, strict=True):
        if not of:
            blocks.setdefault(frozenset((int(a), int(b))), []).append(accept)
    assert 20 < len(blocks) < 28
    for name in range(8):
        own = [np.mean(accepts) for both, accepts in blocks.items() if name in both]
        assert_allclose([found.blocks[name], found.shares[5, name]], [len(own), sum(own)])
    assert_allclose(found.share_squares[5], sum(np.mean(accepts) ** 2 for accepts in blocks.values()))
    assert found.block_squares == sum(len(accepts) ** 2 for accepts in blocks.values())


def test_at_few_errors_pairs_are_worth_what_they_are_at_the_nearest_threshold_with_enough() -> None:
    points, labels = points_of((6,) * 12, seed=3)
    found = identity_pairs(points, labels, np.linspace(0, 12, 40))
    curve, evidence = found.curve, found.evidence()
    kinds = (
        (found.impostor_numbers(), curve.false_accepts, evidence.effective_negatives, evidence.freedom[0]),
        (found.genuine_numbers(), curve.true_accepts, evidence.effective_positives, evidence.freedom[1]),
    )
    for numbers, accepted, pairs, freedom in kinds:
        enough = np.flatnonzero((accepted >= 30) & (accepted[-1] - accepted >= 30))
        nearest = [enough[np.abs(enough - place).argmin()] for place in range(39)]
        assert 0 < enough[0] and enough[-1] < 38
        assert_array_equal(pairs, np.minimum(numbers.pairs, accepted[-1])[nearest])
        assert_array_equal(freedom, numbers.freedom[nearest])
        assert (pairs != np.minimum(numbers.pairs, accepted[-1])).any()


def test_an_identity_that_carries_half_of_the_pairs_is_named() -> None:
    points, labels = points_of((2,) * 6 + (40,) + (3,) * 6, seed=2)
    found = identity_pairs(points, labels, np.linspace(0, 30, 15))
    impostor, genuine = found.vouching()
    assert (genuine.largest, impostor.largest) == (6, 6)
    assert_allclose(genuine.share, 780 / (780 + 6 + 18))
    assert_allclose(genuine.effective_identities, 804**2 / (780**2 + 6 + 6 * 9))
    assert genuine.is_dominated and genuine.is_vouched, "six others with three pairs tell how far identities differ"
    alone = identity_pairs(points[labels < 7], labels[labels < 7], np.linspace(0, 30, 15)).evidence()
    assert not alone.vouching[1].is_vouched and not alone.is_vouched
    _, alike = found.vouching(IDENTITIES)
    assert_allclose([alike.effective_identities, alike.share], [13, 1 / 13])
