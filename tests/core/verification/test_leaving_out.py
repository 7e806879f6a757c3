"""One identity left out or capped carries no more than its share."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.verification.leaving_out import capped, left_out, pairs_capped, pairs_left_out, second_largest
from core.verification.scored_pairs import ScoredPairs

LABELS = np.random.default_rng(0).permutation(np.repeat([3, 5, 8, 9], [20, 4, 6, 1]))
SIZES = np.array([20, 4, 6, 1])


def test_leaving_out_takes_all_rows_of_the_identity() -> None:
    found = left_out(LABELS, 0)
    assert_array_equal(found, np.flatnonzero(LABELS == 3))


def test_capping_draws_the_rows_by_its_seed() -> None:
    found, again, other = (capped(LABELS, 0, 6, seed) for seed in (1, 1, 2))
    assert_array_equal(found, again)
    assert len(found) == len(other) == 14 and set(found) != set(other)
    assert (LABELS[found] == 3).all() and (np.diff(found) > 0).all()
    assert not len(capped(LABELS, 1, 6))


def test_the_second_largest_is_a_cap() -> None:
    assert second_largest(SIZES, 0) == 6 and second_largest(SIZES, 2) == 20


def test_a_cap_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="keep at least 1 sample, got 0. Leave it out instead."):
        capped(LABELS, 0, 0)


@pytest.mark.parametrize("genuine", [True, False])
def test_pairs_of_a_list_are_capped_by_their_share(genuine: bool) -> None:
    generator = np.random.default_rng(3)
    first = generator.integers(0, 6, 400) * (generator.random(400) < 0.6)
    is_same = generator.random(400) < 0.5
    second = np.where(is_same, first, (first + generator.integers(1, 6, 400)) % 6)
    pairs = ScoredPairs(generator.random(400), is_same, first, second, tuple("abcdef"))
    for share in (0.05, 0.3):
        found = pairs_capped(pairs, 0, share, genuine=genuine)
        stays = np.delete(np.arange(400), found)
        kind = stays[is_same[stays] == genuine]
        own = ((first[kind] == 0) | (second[kind] == 0)).sum()
        assert own / len(kind) <= share < (own + 1) / (len(kind) + 1)
        assert (is_same[found] == genuine).all()
    whole = pairs_left_out(pairs, 0)
    assert_array_equal(whole, np.flatnonzero((first == 0) | (second == 0)))
    with pytest.raises(ValueError, match="share must be between 0 and 1"):
        pairs_capped(pairs, 0, 0.0, genuine=True)
