"""Leave out the identity that carries too much, or cap it: the rows that go, ascending, so that it has no more than its
share of the pairs; numpy alone."""

from __future__ import annotations

import numpy as np

from core.verification.scored_pairs import ScoredPairs

SEED = 0


def left_out(labels: np.ndarray, place: int) -> np.ndarray:
    """(N,) -> all rows (R,) of the identity at this place among all in order of their labels."""
    return np.flatnonzero(labels == np.unique(labels)[place])


def capped(labels: np.ndarray, place: int, most: int, seed: int = SEED) -> np.ndarray:
    """(N,) -> rows (R,) of one identity, drawn so that `most` of them stay; none where it has no more."""
    if most < 1:
        raise ValueError(f"a capped identity must keep at least 1 sample, got {most}. Leave it out instead.")
    return _all_but(left_out(labels, place), most, seed)


def second_largest(sizes: np.ndarray, place: int) -> int:
    """The number of samples of the largest of the other identities (C,): a cap that needs no further choice."""
    return int(np.delete(sizes, place).max())


def pairs_left_out(pairs: ScoredPairs, place: int) -> np.ndarray:
    """The rows (R,) of all pairs with one identity, by its place among the sorted names."""
    assert pairs.first is not None and pairs.second is not None, "pairs without identities have none to leave out"
    return np.flatnonzero((pairs.first == place) | (pairs.second == place))


def pairs_capped(pairs: ScoredPairs, place: int, share: float, *, genuine: bool, seed: int = SEED) -> np.ndarray:
    """Rows (R,) of pairs of one kind with one identity, drawn so that it carries at most this share of the pairs of
    that kind."""
    if not 0 < share < 1:
        raise ValueError(f"share must be between 0 and 1, got {share}. Give 0.1 for 10 %.")
    whole = pairs_left_out(pairs, place)
    rows = whole[pairs.is_same[whole] == genuine]
    rest = int((pairs.is_same == genuine).sum()) - len(rows)
    return _all_but(rows, int(share / (1 - share) * rest * (1 + 1e-12)), seed)


def _all_but(rows: np.ndarray, most: int, seed: int) -> np.ndarray:
    return np.sort(rows[np.random.default_rng(seed).permutation(len(rows))[most:]])
