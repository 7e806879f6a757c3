from __future__ import annotations

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import TripletMarginLoss
from pytorch_metric_learning.reducers import DoNothingReducer

from core.distances import Euclidean, SquaredEuclidean
from core.losses import Lmnn
from core.losses.lmnn import target_neighbours
from tests.core.loops import all_pairs, batch, distance, evaluated, tied_batch
from tests.core.pair_loops import columns_of, pairs_of


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize("neighbours", [1, 2, 3, 50])
@pytest.mark.parametrize("push", [0.0, 0.3, 1.0])
def test_equals_the_definition_one_target_neighbour_at_a_time(push: float, neighbours: int, is_some: bool) -> None:
    points, labels = batch()
    pairs, rows, values, impostors, negatives = pairs_of(labels, is_some), points.tolist(), [], 0, 0
    for i, (own, other) in enumerate(zip(columns_of(pairs.positive), columns_of(pairs.negative), strict=True)):
        for j in sorted(own, key=lambda j: distance(rows[i], rows[j]))[:neighbours]:
            pull = distance(rows[i], rows[j], squared=True)
            gaps = [max(0.0, 2.0 + pull - distance(rows[i], rows[k], squared=True)) for k in other]
            values.append((1 - push) * pull + push * sum(gaps))
            impostors, negatives = impostors + sum(gap > 0 for gap in gaps), negatives + len(gaps)
    assert 0 < impostors < negatives, "both sides of the hinge"
    loss = Lmnn(neighbours=neighbours, margin=2.0, push=push)
    terms = evaluated(loss, points, labels, pairs, distance=SquaredEuclidean())
    assert (terms.count, terms.active) == (len(values), sum(value > 0 for value in values))
    assert float(terms.objective) == pytest.approx(sum(values) / len(values))


def test_all_pushes_alone_are_the_triplets_of_pytorch_metric_learning() -> None:
    points, labels = batch()
    apart = LpDistance(normalize_embeddings=False, power=2)
    theirs_at = points.clone().requires_grad_()
    each = TripletMarginLoss(margin=1.0, distance=apart, reducer=DoNothingReducer())(theirs_at, labels)
    theirs = each["loss"]["losses"].sum()
    theirs.backward()
    points.requires_grad_()
    ours = evaluated(Lmnn(100, 1.0, push=1.0), points, labels, all_pairs(labels), distance=SquaredEuclidean()).total
    ours.backward()
    assert theirs.item() > 1
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(points.grad, theirs_at.grad)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("most", [1, 2, 9])
def test_target_neighbours_are_the_nearest_of_the_class_and_ties_go_to_the_lower_row(most: int, seed: int) -> None:
    points, labels = tied_batch(seed)
    positive = all_pairs(labels).positive
    expected = [
        (i, j)
        for i, own in enumerate(columns_of(positive))
        for j in sorted(own, key=lambda j: (distance(points[i].tolist(), points[j].tolist()), j))[:most]
    ]
    anchor, target = target_neighbours(Euclidean().matrix(points), positive, most)
    assert list(zip(anchor.tolist(), target.tolist(), strict=True)) == expected and len(expected) > 8


def test_an_impostor_exactly_at_the_margin_costs_nothing() -> None:
    points, labels = torch.tensor([[0.0], [1.0], [2.0]], dtype=torch.float64), torch.tensor([0, 0, 1])
    pairs = all_pairs(labels)
    pairs.positive[1] = False
    terms = evaluated(Lmnn(margin=3.0, push=1.0), points, labels, pairs, distance=SquaredEuclidean())
    assert (terms.count, terms.active, float(terms.total)) == (1, 0, 0.0)
