"""Triplets that are summed without being spelled out are those that would have been."""

from __future__ import annotations

import pytest
import torch

from core.batch.mined import Pairs, all_pairs, triplets_within
from core.kernels.batch_triplets import FEW_POSITIVES
from core.losses import Quadruplet, Triplet
from core.losses.base import Batch, Loss
from tests.core.loops import distance_table, tied_batch

MANY = (FEW_POSITIVES + 12, 9, 3, 1)


@pytest.mark.parametrize("sizes", [(5, 4, 2, 1), MANY], ids=["few positives", "many positives"])
@pytest.mark.parametrize(
    "loss", [Triplet(margin=1.0), Triplet(shape="soft margin", mean_over="all"), Quadruplet(margin=1.0)], ids=str
)
@pytest.mark.parametrize("seed", range(3))
def test_mined_pairs_are_summed_as_all_triplets_between_them(loss: Loss, sizes: tuple[int, ...], seed: int) -> None:
    """With ties; half of the pairs are mined, some anchors have one kind only."""
    points, labels = tied_batch(seed, sizes)
    drawn = torch.rand(2, len(labels), len(labels), generator=torch.Generator().manual_seed(seed)) < 0.5
    drawn[0, 0] = drawn[1, 1] = False
    pairs = Pairs(*(taken & every for taken, every in zip(drawn, all_pairs(labels), strict=True)))
    spelled = triplets_within(pairs)
    assert len(spelled.anchor) > 20
    found = []
    for mined in (pairs, spelled):
        distances = distance_table(points).requires_grad_()
        batch = Batch(points, labels, distances, {}, torch.Generator().manual_seed(seed))
        terms = loss(batch, mined)
        terms.objective.backward()
        found.append((terms, distances.grad))
    (ours, slope), (expected, expected_slope) = found
    assert (ours.count, ours.active) == (expected.count, expected.active)
    assert 0 < ours.active
    torch.testing.assert_close(ours.total, expected.total, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(slope, expected_slope, rtol=1e-10, atol=1e-12)


def test_no_pair_is_no_term() -> None:
    points, labels = tied_batch()
    distances = distance_table(points).requires_grad_()
    nothing = Pairs(*torch.zeros(2, len(labels), len(labels), dtype=torch.bool))
    terms = Triplet()(Batch(points, labels, distances, {}, torch.Generator()), nothing)
    terms.objective.backward()
    assert (terms.count, terms.active, float(terms.total.detach())) == (0, 0, 0.0)
    assert distances.grad is not None and not distances.grad.any()
