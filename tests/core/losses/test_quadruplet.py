"""The quadruplet loss against its definition. pytorch-metric-learning has none, and the known implementation lets the
drawn pair share a class, so the oracle is the paper's formula on the pairs that this one draws."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
import torch

from core.batch.mined import Band, Triplets
from core.distances import Euclidean, SquaredEuclidean
from core.distances.base import Distance
from core.losses import Quadruplet, Triplet
from core.losses.quadruplet import drawn_negative_pairs
from tests.core.loops import all_triplets, batch, evaluated, rows_of

ALL = Band(-math.inf, math.inf)


def hinges(
    points: np.ndarray, rows: list[tuple[int, int, int, int]], margin: float, is_squared: bool
) -> tuple[list[float], np.ndarray]:
    """[d_ij - d_kl + margin]_+ of each (i, j, k, l), and the gradient of their sum, one at a time."""
    values, gradient = [], np.zeros_like(points)
    for i, j, k, m in rows:
        near, far = points[i] - points[j], points[k] - points[m]
        d_near, d_far = np.sqrt((near**2).sum()), np.sqrt((far**2).sum())
        along_near, along_far = near / d_near, far / d_far
        if is_squared:
            along_near, along_far, d_near, d_far = 2 * near, 2 * far, d_near**2, d_far**2
        values.append(max(0.0, d_near - d_far + margin))
        if values[-1] > 0:
            gradient[i] += along_near
            gradient[j] -= along_near
            gradient[k] -= along_far
            gradient[m] += along_far
    return values, gradient


@pytest.mark.parametrize("distance", [Euclidean(), SquaredEuclidean()], ids=lambda kind: kind.name)
@pytest.mark.parametrize("is_rule", [False, True], ids=["rows", "rule"])
@pytest.mark.parametrize("mean_over", ["active", "all"])
def test_value_and_gradient_are_those_of_the_definition(mean_over: str, is_rule: bool, distance: Distance) -> None:
    loss = Quadruplet(margin=0.3, pair_margin=0.4, mean_over=mean_over)
    points, labels = batch()
    triplets = all_triplets(labels)
    pairs = [(i, j) for i in range(12) for j in range(i + 1, 12) if labels[i] == labels[j]]
    anchor = torch.tensor([i for i, _ in pairs])
    drawn = drawn_negative_pairs(labels, anchor, torch.Generator().manual_seed(0))  # as `evaluated` seeds it
    of_triplets = [(a, p, a, n) for a, p, n in rows_of(triplets)]
    of_pairs = [(*pair, int(k), int(m)) for pair, k, m in zip(pairs, *drawn, strict=True)]
    expected = gradient = 0.0
    terms = evaluated(loss, points.requires_grad_(), labels, ALL if is_rule else triplets, distance=distance)
    terms.objective.backward()
    total = active = 0
    for rows, margin in ((of_triplets, 0.3), (of_pairs, 0.4)):
        values, slopes = hinges(points.detach().numpy(), rows, margin, isinstance(distance, SquaredEuclidean))
        above = sum(value > 0 for value in values)
        assert 0 < above < len(values), "both sides of the hinge"
        count = above if mean_over == "active" else len(values)
        expected, gradient = expected + sum(values) / count, gradient + slopes / count
        total, active = total + sum(values), active + above
    assert (terms.count, terms.active) == (len(of_triplets) + len(of_pairs), active)
    assert terms.total.item() == pytest.approx(total) and terms.objective.item() == pytest.approx(expected)
    torch.testing.assert_close(points.grad, torch.as_tensor(gradient))


def test_the_drawn_pair_is_of_two_further_classes() -> None:
    labels = batch(sizes=(5, 4, 2, 1))[1]
    anchor = torch.arange(12).repeat(200)
    first, second = drawn_negative_pairs(labels, anchor, torch.Generator().manual_seed(0))
    classes = torch.stack([labels[anchor], labels[first], labels[second]])
    assert all(bool((classes[i] != classes[j]).all()) for i, j in ((0, 1), (0, 2), (1, 2)))


def test_pairs_are_drawn_with_the_stated_chances() -> None:
    """k with 1 / (N - n_i), then l with 1 / (N - n_i - n_k): a chi-square test below its 99.9 % point."""
    labels, draws = torch.tensor([2, 0, 1, 1, 0, 2, 2, 3, 0]), 40000
    sizes = labels.bincount().tolist()
    first, second = drawn_negative_pairs(labels, torch.ones(draws, dtype=torch.int64), torch.Generator().manual_seed(1))
    seen = Counter(zip(first.tolist(), second.tolist(), strict=True))
    statistic, cells, own = 0.0, 0, int(labels[1])
    for k, of_k in enumerate(labels.tolist()):
        for m, of_m in enumerate(labels.tolist()):
            if own not in (of_k, of_m) and of_k != of_m:
                expected = draws / (len(labels) - sizes[own]) / (len(labels) - sizes[own] - sizes[of_k])
                statistic += (seen.pop((k, m), 0) - expected) ** 2 / expected
                cells += 1
    assert cells == 22 and not seen and statistic < 46.8, "the 99.9 % point for 21 degrees of freedom"


def test_with_two_classes_it_is_the_triplet_loss() -> None:
    points, labels = batch(sizes=(5, 4))
    for mined in (ALL, all_triplets(labels)):
        ours, theirs = (evaluated(loss, points, labels, mined) for loss in (Quadruplet(), Triplet()))
        assert ours.objective > 0 and ours == theirs


def test_with_three_classes_there_are_pairs_of_two_others() -> None:
    points, labels = batch(sizes=(4, 3, 2))
    ours, theirs = (evaluated(loss, points, labels, ALL) for loss in (Quadruplet(), Triplet()))
    assert ours.count - theirs.count == 6 + 3 + 1, "one for every positive pair"


def test_where_nothing_is_mined_no_pair_is_drawn() -> None:
    points, labels = batch()
    for mined in (Band(math.inf, math.inf), Triplets(*torch.zeros(3, 0, dtype=torch.int64))):
        terms = evaluated(Quadruplet(), points, labels, mined)
        assert (terms.objective.item(), terms.count, terms.active) == (0.0, 0, 0)


def test_a_weight_multiplies_its_triplet_alone() -> None:
    points, labels = batch()
    triplets = all_triplets(labels)
    whole, half = (
        evaluated(Quadruplet(mean_over="all"), points, labels, triplets._replace(weight=weight)).total
        for weight in (torch.ones(len(triplets.anchor)).double(), torch.full((len(triplets.anchor),), 0.5).double())
    )
    alone = evaluated(Triplet(), points, labels, triplets).total
    torch.testing.assert_close(whole - half, alone / 2)
