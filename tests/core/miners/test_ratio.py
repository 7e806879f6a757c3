from __future__ import annotations

from collections import Counter

import pytest
import torch

from core.miners import Ratio
from tests.core.loops import batch, candidates, distance_table, tied_batch

POSITIVES, NEGATIVES = 10 + 6 + 1, 49  # pairs without their order, in classes of 5, 4, 2 and 1


@pytest.mark.parametrize("negatives", ["drawn", "hardest"])
@pytest.mark.parametrize("ratio, wanted", [(0.5, 8), (1.0, 17), (2.0, 34), (3.0, 49)])
def test_keeps_all_positive_pairs_and_their_multiple_in_negatives(negatives: str, ratio: float, wanted: int) -> None:
    """Half of 17 rounds to the even 8; three times 17 is more than there are."""
    points, labels = tied_batch()
    taken = Ratio(ratio=ratio, negatives=negatives)(candidates(distance_table(points), labels))
    same = labels[:, None] == labels[None, :]
    assert torch.equal(taken.positive, same & ~torch.eye(12, dtype=torch.bool))
    assert torch.equal(taken.negative, taken.negative.T) and not (taken.negative & same).any()
    assert int(taken.negative.sum()) == 2 * wanted


@pytest.mark.parametrize("seed", range(3))
def test_the_hardest_are_the_nearest_of_the_batch_ties_to_the_lower_rows(seed: int) -> None:
    points, labels = tied_batch(seed)
    distances = distance_table(points)
    pairs = [(i, j) for i in range(12) for j in range(i + 1, 12) if labels[i] != labels[j]]
    assert len(pairs) == NEGATIVES
    ranked = sorted(pairs, key=lambda pair: (float(distances[pair]), pair))
    assert distances[ranked[16]] == distances[ranked[17]], "the case must hold a tie at the end"
    taken = Ratio(ratio=1.0, negatives="hardest")(candidates(distances, labels))
    assert set(map(tuple, taken.negative.triu().nonzero().tolist())) == set(ranked[:17])


def test_every_negative_pair_has_the_same_chance() -> None:
    points, labels = batch()
    distances = distance_table(points)
    drawn = Counter(
        tuple(pair)
        for seed in range(400)
        for pair in Ratio(ratio=1.0)(candidates(distances, labels, seed=seed)).negative.triu().nonzero().tolist()
    )
    assert len(drawn) == NEGATIVES
    expected = 400 * POSITIVES / NEGATIVES  # 139 with a deviation of 9.5
    assert all(abs(count - expected) < 48 for count in drawn.values())


@pytest.mark.parametrize("ratio", [49 / 17, 3.0])
def test_where_all_negatives_are_taken_none_is_drawn(ratio: float) -> None:
    points, labels = batch()
    given = candidates(distance_table(points), labels)
    before = given.generator.get_state()
    assert int(Ratio(ratio=ratio)(given).negative.sum()) == 2 * NEGATIVES
    assert torch.equal(given.generator.get_state(), before)
