from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from core.batch.mined import Triplets
from core.losses import LOSSES, Triplet
from core.losses.base import Loss
from core.miners import All, SoftWeighting
from tests.core.loops import (
    all_triplets,
    batch,
    candidates,
    distance_table,
    evaluated,
    rows_of,
    tied_batch,
)

OF_TRIPLETS: list[Loss] = [kind() for kind in LOSSES.values() if kind.consumes is Triplets] + [
    Triplet(shape="soft margin"),
    Triplet(margin=1.0, mean_over="all"),
]


def weight_by_hand(distances: Tensor, row: tuple[int, int, int], focus: float, temperature: float) -> float:
    a, p, n = row
    right = 1 / (1 + math.exp(-float(distances[a, n] - distances[a, p]) / temperature))
    return (1 - right) ** focus


@pytest.mark.parametrize("focus, temperature", [(2.0, 0.2), (0.5, 1.0), (5.0, 3.0)])
def test_every_triplet_counts_by_its_chance_of_being_in_the_wrong_order(focus: float, temperature: float) -> None:
    points, labels = tied_batch()
    distances = distance_table(points)
    rule = SoftWeighting(focus=focus, temperature=temperature)(candidates(distances, labels))
    triplets = rule.triplets(distances, labels)
    expected = all_triplets(labels)
    assert rows_of(triplets) == rows_of(expected)
    by_hand = [weight_by_hand(distances, row, focus, temperature) for row in rows_of(expected)]
    assert triplets.weight is not None and max(by_hand) > 2 * min(by_hand)
    torch.testing.assert_close(triplets.weight, torch.tensor(by_hand, dtype=torch.float64))


@pytest.mark.parametrize("loss", OF_TRIPLETS, ids=str)
@pytest.mark.parametrize("make", [batch, tied_batch])
@pytest.mark.parametrize("focus, temperature", [(1.5, 0.5), (3.0, 0.5), (2.0, 0.001)])
def test_a_loss_evaluates_the_rule_as_it_evaluates_the_rows(
    focus: float, temperature: float, make: Callable[[], tuple[Tensor, Tensor]], loss: Loss
) -> None:
    """Value and gradient: no loss may forget what the triplets count. The least temperature is so far below the
    distances that a weight is no longer a product of what each distance gives."""
    points, labels = make()
    points.requires_grad_()
    rule = SoftWeighting(focus=focus, temperature=temperature)(candidates(distance_table(points.detach()), labels))
    learned = loss.learned(4, points.shape[1], torch.Generator().manual_seed(0))
    learned = {name: tensor.double() for name, tensor in learned.items()}
    found = evaluated(loss, points, labels, rule, learned)
    rows = rule.triplets(distance_table(points.detach()), labels)
    expected = evaluated(loss, points, labels, rows, learned)
    torch.testing.assert_close(found.objective, expected.objective)
    torch.testing.assert_close(found.total, expected.total)
    assert (found.count, found.active) == (expected.count, expected.active)
    gradients = [torch.autograd.grad(terms.objective, points)[0] for terms in (found, expected)]
    torch.testing.assert_close(*gradients)
    unweighted = evaluated(loss, points, labels, All()(candidates(distance_table(points.detach()), labels)), learned)
    assert not torch.isclose(found.total, unweighted.total)
