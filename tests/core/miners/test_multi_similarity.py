from __future__ import annotations

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.miners import MultiSimilarityMiner

from core.miners import MultiSimilarity
from tests.core.loops import batch, candidates, distance_table, tied_batch


@pytest.mark.parametrize("epsilon", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("seed", range(3))
def test_takes_the_pairs_of_the_definition_ties_included(seed: int, epsilon: float) -> None:
    """Whole numbers: a pair that is exactly epsilon from being wrong is left out."""
    points, labels = tied_batch(seed)
    distances, numbers = distance_table(points), labels.tolist()
    positive, negative = set(), set()
    for a, label in enumerate(numbers):
        same = [p for p, other in enumerate(numbers) if other == label and p != a]
        others = [n for n, other in enumerate(numbers) if other != label]
        if same and others:
            nearest, furthest = min(distances[a, others]), max(distances[a, same])
            positive |= {(a, p) for p in same if distances[a, p] + epsilon > nearest}
            negative |= {(a, n) for n in others if distances[a, n] - epsilon < furthest}
    taken = MultiSimilarity(epsilon=epsilon)(candidates(distances, labels))
    assert positive and 0 < len(negative) < 98
    assert set(map(tuple, taken.positive.nonzero().tolist())) == positive
    assert set(map(tuple, taken.negative.nonzero().tolist())) == negative


@pytest.mark.parametrize("epsilon", [0.1, 0.5])
def test_takes_what_pytorch_metric_learning_takes(epsilon: float) -> None:
    points, labels = batch()
    theirs = MultiSimilarityMiner(epsilon, distance=LpDistance(normalize_embeddings=False))(points, labels)
    taken = MultiSimilarity(epsilon=epsilon)(candidates(distance_table(points), labels))
    for mask, rows in ((taken.positive, theirs[:2]), (taken.negative, theirs[2:])):
        assert mask.any()
        assert sorted(mask.nonzero().tolist()) == sorted(torch.stack(rows, 1).tolist())
