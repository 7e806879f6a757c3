from __future__ import annotations

import numpy as np
import pytest

from core.kernels.crossed_pairs import CrossedCounts, count_crossed

STEPS = 5


def counted(bins: np.ndarray, sizes: list[int], groups: np.ndarray, kind: tuple[bool, bool]) -> CrossedCounts:
    shape, ends = (len(sizes), STEPS), np.cumsum(sizes)
    counts = CrossedCounts(
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.zeros(shape),
        np.zeros(STEPS),
        np.zeros((2, 2, STEPS), np.int64),
        np.zeros(len(sizes), np.int64),
        np.zeros(1),
    )
    parts = np.arange(len(sizes)) % 2
    for first in range(len(sizes)):  # one identity at a time, as stripes of a large set
        top = int(ends[first] - sizes[first])
        count_crossed(bins[top : ends[first], top:], top, (first, first + 1), ends, groups, parts, kind, counts)
    return counts


@pytest.mark.parametrize("kind", [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("sizes", [[3, 1, 4, 2], [9, 9, 1]])
def test_pairs_are_counted_as_a_loop_counts_them(kind: tuple[bool, bool], sizes: list[int]) -> None:
    generator = np.random.default_rng(len(sizes))
    labels = np.repeat(np.arange(len(sizes)), sizes)
    groups, bins = generator.integers(2, size=len(labels)), generator.integers(STEPS, size=(len(labels),) * 2)
    found = counted(bins.astype(np.uint16), sizes, groups, kind)
    positive, blocks = np.zeros((len(sizes), STEPS)), dict[tuple[int, int], list[int]]()
    for one in range(len(labels)):
        for other in range(one + 1, len(labels)):
            is_same, is_within = labels[one] == labels[other], groups[one] == groups[other]
            if is_within and kind[0 if is_same else 1]:
                continue
            if is_same:
                positive[labels[one], bins[one, other]] += 1
            else:
                blocks.setdefault((int(labels[one]), int(labels[other])), []).append(int(bins[one, other]))
    np.testing.assert_array_equal(found.positive, positive)
    assert positive.any() and blocks
    for step in range(STEPS):
        for identity in range(len(sizes)):
            own = [places for both, places in blocks.items() if identity in both]
            assert found.negative[identity, step] == sum(places.count(step) for places in own)
            assert found.shares[identity, step] == pytest.approx(sum(p.count(step) / len(p) for p in own))
            assert found.blocks[identity] == len(own)
        up_to = [sum(place <= step for place in places) / len(places) for places in blocks.values()]
        assert found.share_squares[: step + 1].sum() == pytest.approx(sum(share**2 for share in up_to))
        for low in (0, 1):
            for high in range(low, 2):
                of = [p for both, p in blocks.items() if sorted(one % 2 for one in both) == [low, high]]
                assert found.by_parts[low, high, step] == sum(places.count(step) for places in of)
    assert found.block_squares[0] == sum(len(places) ** 2 for places in blocks.values())
