"""What every loss inherits: sums that are added and averaged, and what a loss is that says nothing more."""

from __future__ import annotations

import pytest
import torch

from core.batch.mined import Band, Pairs
from core.losses import Triplet
from core.losses.base import REFERENCE_MARGIN, Batch, Loss, Terms
from tests.core.loops import distance_table, tied_batch

VALUES = torch.tensor([0.0, 1.0, 3.0, -2.0], dtype=torch.float64)


class Plain(Loss):
    """Says nothing."""

    name, consumes = "plain", Pairs


class OverActive(Plain):
    """Averages over the terms above 0."""

    averages = "active"  # type: ignore[assignment]


def test_terms_add_up_each_averaged_on_its_own() -> None:
    first, second = Plain().mean(VALUES[:2]), Plain().mean(VALUES[1:])
    found = first.plus(second)
    assert (float(found.objective), float(found.total)) == (0.5 + 2 / 3, 3.0)
    assert (found.count, found.active) == (5, 3)


@pytest.mark.parametrize(("loss", "divisor"), [(Plain(), 4), (OverActive(), 2)], ids=["all", "active"])
def test_a_mean_is_over_all_terms_or_over_those_above_zero(loss: Loss, divisor: int) -> None:
    found = loss.mean(VALUES)
    assert (float(found.total), found.count, found.active) == (2.0, 4, 2)
    assert float(found.objective) == 2 / divisor


@pytest.mark.parametrize(("loss", "divisor"), [(Plain(), 4), (OverActive(), 1)], ids=["all", "active"])
def test_what_a_term_counts_weighs_its_value_and_not_the_divisor(loss: Loss, divisor: int) -> None:
    found = loss.mean(VALUES, torch.tensor([5.0, 0.5, 0.0, 1.0], dtype=torch.float64))
    assert (float(found.total), found.count, found.active) == (-1.5, 4, 1)
    assert float(found.objective) == -1.5 / divisor


@pytest.mark.parametrize("loss", [Plain(), OverActive()], ids=["all", "active"])
def test_no_term_is_a_loss_of_zero_with_a_gradient_of_zero(loss: Loss) -> None:
    points = torch.ones(3, requires_grad=True)
    found = loss.mean(points[:0])
    found.objective.backward()
    assert (float(found.objective.detach()), found.count, found.active) == (0.0, 0, 0)
    assert points.grad is not None and not points.grad.any()


@pytest.mark.parametrize(("loss", "divisor"), [(Plain(), 4), (OverActive(), 2)], ids=["all", "active"])
def test_what_is_added_is_divided_likewise_but_is_no_term(loss: Loss, divisor: int) -> None:
    found = loss.averaged(torch.tensor(6.0), 4, 2, added=torch.tensor(3.0))
    assert found == Terms(torch.tensor(9.0 / divisor), torch.tensor(6.0), 4, 2)


def test_what_is_mined_is_spelled_out_unless_the_loss_sums_it_as_it_is() -> None:
    points, labels = tied_batch()
    distances, band = distance_table(points), Band(0.0, 1.0)
    assert Plain().as_consumed(None, distances, labels) is None
    for found, expected in zip(
        Plain().as_consumed(band, distances, labels) or (), band.pairs(distances, labels), strict=True
    ):
        assert torch.equal(found, expected)
    assert Triplet().as_consumed(band, distances, labels) is band


def test_a_loss_that_says_nothing_learns_nothing_of_its_own() -> None:
    loss, generator = Plain(), torch.Generator().manual_seed(0)
    before = generator.get_state()
    assert loss.learned(10, 64, generator) == {} and loss.learning_rates() == {}
    assert torch.equal(generator.get_state(), before)
    assert loss.class_points({}) is None and loss.class_boundaries({}) is None
    assert (loss.hardness_margin, loss.averages) == (REFERENCE_MARGIN, "all")
    batch = Batch(torch.ones(2, 3), torch.zeros(2), torch.zeros(2, 2), {}, generator)
    loss.follow(batch)
    assert batch.step == 1 and torch.equal(batch.embeddings, torch.ones(2, 3))
    with pytest.raises(NotImplementedError):
        loss(batch, None)
