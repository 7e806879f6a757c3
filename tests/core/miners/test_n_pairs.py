from __future__ import annotations

from collections import Counter

import torch

from core.batch.mined import triplets_within
from core.miners import NPairs
from tests.core.loops import batch, candidates, distance_table, rows_of


def test_takes_one_pair_per_class_and_the_positives_of_the_others_as_its_negatives() -> None:
    points, labels = batch()
    for seed in range(20):
        taken = NPairs()(candidates(distance_table(points), labels, seed=seed))
        pairs = taken.positive.nonzero().tolist()
        assert sorted(int(labels[a]) for a, _ in pairs) == [0, 1, 2]
        assert all(a != p and labels[a] == labels[p] for a, p in pairs)
        alone = int((labels == 3).nonzero())  # the class of one sample
        for a, p in pairs:
            others = {other for _, other in pairs if other != p} | {alone}
            assert set(taken.negative[a].nonzero().flatten().tolist()) == others
        assert int(taken.negative.sum()) == 3 * 3


def test_two_of_each_class_make_classes_times_all_other_classes_triplets() -> None:
    labels = torch.tensor([0, 1, 2, 3, 0, 1, 2, 3])
    rows = rows_of(triplets_within(NPairs()(candidates(torch.ones(8, 8), labels))))
    assert len(rows) == 4 * 3


def test_every_ordered_pair_of_a_class_has_the_same_chance() -> None:
    labels = torch.tensor([0, 0, 0, 1, 1])
    drawn = Counter(
        tuple(pair)
        for seed in range(600)
        for pair in NPairs()(candidates(torch.ones(5, 5), labels, seed=seed)).positive.nonzero().tolist()
    )
    assert len(drawn) == 6 + 2
    assert all(60 < drawn[pair] < 140 for pair in drawn if pair[0] < 3)  # 100 expected, deviation 9
    assert all(240 < drawn[pair] < 360 for pair in drawn if pair[0] >= 3)  # 300 expected, deviation 12


def test_a_batch_of_one_class_gives_no_pair() -> None:
    taken = NPairs()(candidates(torch.ones(4, 4), torch.zeros(4, dtype=torch.int64)))
    assert not taken.positive.any() and not taken.negative.any()
