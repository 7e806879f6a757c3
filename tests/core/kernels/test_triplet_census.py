"""Counts of triplets at every margin against counting each: ties, crowds, infinities, and points of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.kernels.triplet_census import count_closer, rank_anchors
from core.statistics.distance_blocks import distance_matrix
from tests.core.spreads import KINDS, spread

ANCHORS = 20


class Rows:
    """Ascending distances of some anchors to either kind, filled up with infinities."""

    def __init__(self, positives: list[np.ndarray], negatives: list[np.ndarray]) -> None:
        self.kinds = [[np.sort(row) for row in kind] for kind in (positives, negatives)]
        self.counts = [np.array([len(row) for row in kind]) for kind in self.kinds]
        self.filled = []
        for kind, counts in zip(self.kinds, self.counts, strict=True):
            filled = np.full((len(kind), counts.max() + 1), np.inf)
            for index, row in enumerate(kind):
                filled[index, : len(row)] = row
            self.filled.append(filled)

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        return self.filled[0], self.counts[0], self.filled[1], self.counts[1]

    def counted(self, added: np.ndarray, share: float = 0.0, length: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        size = len(self.filled[0])
        is_doubtful = np.zeros(size, bool)
        counts = count_closer(*self.arrays(), added, share, True, np.full(size, length), is_doubtful)
        return counts, is_doubtful

    def by_hand(self, added: np.ndarray) -> list[list[int]]:
        """Each positive + margin rounded once, in float64."""
        return [
            [int((further < closer[:, None] + more).sum()) for more in added.tolist()]
            for closer, further in zip(*self.kinds, strict=True)
        ]


def of_kind(kind: str) -> tuple[Rows, np.ndarray]:
    """Of points of one kind, with margins among their distances."""
    points, labels = spread(kind, 120)
    distances = distance_matrix(points)
    positives, negatives = [], []
    for anchor in range(ANCHORS):
        same = labels == labels[anchor]
        negatives.append(distances[anchor][~same])
        same[anchor] = False
        positives.append(distances[anchor][same])
    between = distances[np.triu_indices(120, 1)]
    return Rows(positives, negatives), np.concatenate(
        [[0.0], np.quantile(between, [0.01, 0.3, 0.9]), [2 * between.max()]]
    )


@pytest.mark.parametrize("kind", KINDS)
def test_counts_of_any_kind_are_those_of_every_triplet(kind: str) -> None:
    rows, added = of_kind(kind)
    counts, is_doubtful = rows.counted(added)
    assert_array_equal(counts, rows.by_hand(added))
    assert counts[:, -1].sum() > counts[:, 0].sum() >= 0 and not is_doubtful.any()


def drawn(places: np.ndarray, sizes: tuple[int, int], seed: int = 0) -> Rows:
    generator = np.random.default_rng(seed)
    return Rows(*([generator.choice(places, size) for _ in range(6)] for size in sizes))


CROWDS = {
    "tied": np.arange(4) / 2,
    "one place": np.ones(3),
    "a crowd and one far away": np.append(np.arange(50) * 1e-9, 1e9),
    "far at both ends": np.concatenate([[-1e12], np.linspace(0, 1, 300), [1e12]]),
    "infinities": np.array([0.0, 1.0, np.inf]),
    "negative": np.linspace(-3, 3, 40),
    "next to each other": 1 + np.arange(60) * np.spacing(1.0),
}


@pytest.mark.parametrize("sizes", [(3, 200), (40, 300), (200, 3), (1, 1)], ids=str)
@pytest.mark.parametrize("places", CROWDS.values(), ids=CROWDS)
def test_crowded_ties_are_counted_exactly(places: np.ndarray, sizes: tuple[int, int]) -> None:
    rows, added = drawn(places, sizes), np.array([0.0, 0.5, 0.5, 1.0, 1e10])
    assert_array_equal(rows.counted(added)[0], rows.by_hand(added))


def test_an_anchor_without_either_kind_has_no_triplet() -> None:
    some = np.array([1.0, 2.0])
    rows = Rows([some, np.empty(0), some], [some + 1, some, np.empty(0)])
    assert rows.counted(np.array([0.0, 5.0]))[0].tolist() == [[0, 4], [0, 0], [0, 0]]
    found = np.empty(3)
    rank_anchors(*rows.arrays(), found)
    assert found[0] == 1 - 0.5 / 4 and np.isnan(found[1:]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_share_of_an_anchor_is_that_of_every_couple_ties_counted_half(kind: str) -> None:
    rows, _ = of_kind(kind)
    found = np.empty(ANCHORS)
    rank_anchors(*rows.arrays(), found)
    for share, closer, further in zip(found, *rows.kinds, strict=True):
        wins = (closer[:, None] < further).mean() + (closer[:, None] == further).mean() / 2 if len(closer) else np.nan
        np.testing.assert_allclose(share, wins, rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_an_anchor_whose_counts_could_change_within_the_share_is_doubtful(seed: int) -> None:
    """Distances moved by what their squares may be off: whoever is not doubtful keeps every count."""
    generator = np.random.default_rng(seed)
    share, length, added = 3e-5, 1.0, np.array([0.0, 0.25, 0.5])
    positives, negatives = ([1 + generator.random(size) for _ in range(60)] for size in (2, 30))
    rows = Rows(positives, negatives)
    counts, is_doubtful = rows.counted(added, share, length)
    assert 0 < is_doubtful.sum() < 60
    for _ in range(20):
        moved = Rows(*([off(row, share, length, generator) for row in kind] for kind in (positives, negatives)))
        assert_array_equal(np.array(moved.by_hand(added))[~is_doubtful], counts[~is_doubtful])


def off(row: np.ndarray, share: float, length: float, generator: np.random.Generator) -> np.ndarray:
    error = share * (2 * length + row) ** 2
    return np.sqrt(row**2 + generator.choice([-1.0, 1.0], len(row)) * error)


def test_a_tie_between_products_is_always_doubtful() -> None:
    rows = Rows([np.array([1.0]), np.array([1.0])], [np.array([1.25, 9.0]), np.array([1.5, 9.0])])
    assert rows.counted(np.array([0.0, 0.25]), share=1e-12)[1].tolist() == [True, False]
