"""One term a triplet, whichever form the triplets come in."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from core.batch.mined import Band, Triplets
from core.losses import Triplet
from core.losses.base import Batch, Terms
from core.losses.triplet_terms import triplet_terms
from tests.core.loops import all_pairs, all_triplets, distance_table, rows_of, tied_batch


def batch_of(seed: int = 0) -> tuple[Batch, Tensor]:
    points, labels = tied_batch(seed)
    distances = distance_table(points).requires_grad_()
    return Batch(points, labels, distances, {}, torch.Generator()), distances


def by_hand(distances: Tensor, triplets: Triplets, margin: float | None) -> list[float]:
    table = distances.tolist()
    gaps = [table[a][p] - table[a][n] for a, p, n in rows_of(triplets)]
    if margin is None:
        return [math.log1p(math.exp(gap)) for gap in gaps]
    return [max(gap + margin, 0.0) for gap in gaps]


def agree(found: Terms, values: list[float], mean_over: str) -> None:
    active = sum(value > 0 for value in values)
    assert (found.count, found.active) == (len(values), active) and active > 0
    assert found.total.item() == pytest.approx(sum(values))
    assert found.objective.item() == pytest.approx(sum(values) / (active if mean_over == "active" else len(values)))


@pytest.mark.parametrize("margin", [None, 0.0, 1.0])
@pytest.mark.parametrize("mean_over", ["active", "all"])
def test_a_term_is_that_of_the_definition(margin: float | None, mean_over: str) -> None:
    """Spelled out, as all triplets between pairs, and as a rule, with ties at the margin."""
    loss = Triplet(mean_over=mean_over)
    batch, distances = batch_of()
    every = all_triplets(batch.labels)
    values = by_hand(distances, every, margin)
    for mined in (every, all_pairs(batch.labels), Band(-math.inf, math.inf)):
        agree(triplet_terms(loss, batch, mined, margin), values, mean_over)
    band = Band(0.0, 2.0)
    within = by_hand(distances, band.triplets(distances, batch.labels), margin)
    assert 0 < len(within) < len(values)
    if any(within):
        agree(triplet_terms(loss, batch, band, margin), within, mean_over)


def test_the_gradient_pulls_the_positive_and_pushes_the_negative_of_every_active_triplet() -> None:
    batch, distances = batch_of()
    every = all_triplets(batch.labels)
    expected = torch.zeros_like(distances)
    for (a, p, n), value in zip(rows_of(every), by_hand(distances, every, 1.0), strict=True):
        expected[a, p] += int(value > 0)
        expected[a, n] -= int(value > 0)
    for mined in (every, all_pairs(batch.labels)):
        total = triplet_terms(Triplet(), batch, mined, 1.0).total
        torch.testing.assert_close(torch.autograd.grad(total, distances)[0], expected)


def test_triplets_count_by_their_weights() -> None:
    batch, distances = batch_of()
    every = all_triplets(batch.labels)
    weights = torch.linspace(0, 2, len(every.anchor), dtype=torch.float64)
    values = [weight * value for weight, value in zip(weights.tolist(), by_hand(distances, every, 1.0), strict=True)]
    agree(triplet_terms(Triplet(mean_over="all"), batch, every._replace(weight=weights), 1.0), values, "all")


def test_no_triplet_is_no_term() -> None:
    batch, _ = batch_of()
    alone = replace(batch, labels=torch.arange(len(batch.labels)))
    for mined in (all_triplets(alone.labels), all_pairs(alone.labels), Band(0.0, 1.0)):
        found = triplet_terms(Triplet(), alone, mined, 1.0)
        assert (found.objective.item(), found.count, found.active) == (0.0, 0, 0)
