"""Columns drawn by their weights: how often each comes up, and what is never drawn."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.stats import chisquare

from core.miners.weighted_draws import draw, draw_negatives, perplexity


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bool])
def test_columns_come_up_in_proportion_to_their_weights(dtype: torch.dtype) -> None:
    weights = torch.tensor([[1.0, 0.0, 3.0, 0.0, 4.0], [0.0, 5.0, 5.0, 0.0, 0.0]]).to(dtype)
    drawn = draw(weights, 4000, generator())
    assert drawn.shape == (2, 4000)
    for row, of_row in enumerate(weights.double()):
        counts = torch.bincount(drawn[row], minlength=5)
        there = of_row > 0
        assert not counts[~there].any()
        expected = 4000 * of_row[there] / of_row.sum()
        assert chisquare(counts[there].numpy(), expected.numpy()).pvalue > 1e-3


def test_draws_of_one_row_are_independent_and_repeat_with_the_generator() -> None:
    weights = torch.ones(1, 2)
    first, second = draw(weights, 4000, generator()).reshape(2, 2000)
    together = torch.bincount(2 * first + second, minlength=4)
    assert chisquare(together.numpy()).pvalue > 1e-3
    assert torch.equal(draw(weights, 50, generator(1)), draw(weights, 50, generator(1)))
    assert not torch.equal(draw(weights, 50, generator(1)), draw(weights, 50, generator(2)))


def test_a_share_next_to_one_never_reaches_a_column_of_no_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    for share in (0.0, math.nextafter(1, 0)):
        monkeypatch.setattr(torch, "rand", lambda *shape, share=share, **_: torch.full(shape, share).double())
        drawn = draw(torch.tensor([[0.0, 1e-30, 3.0, 0.0], [0.0, 0.0, 7.0, 0.0]]), 1, generator())
        assert drawn.flatten().tolist() == ([1, 2] if share == 0 else [2, 2])


def test_a_row_without_weight_has_any_column() -> None:
    drawn = draw(torch.zeros(3, 4), 5, generator())
    assert drawn.shape == (3, 5) and 0 <= int(drawn.min()) and int(drawn.max()) < 4


def test_every_pair_draws_a_negative_of_its_anchor_by_itself() -> None:
    weights = torch.tensor([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    anchor, positive = torch.tensor([0] * 40 + [1, 2, 2]), torch.tensor([1] * 40 + [0, 3, 3])
    found = draw_negatives(weights, anchor, positive, generator())
    assert torch.equal(found.anchor, anchor) and torch.equal(found.positive, positive)
    assert set(found.negative[:40].tolist()) == {2, 3} and found.negative[40:].tolist() == [3, 0, 0]


def test_no_pair_draws_nothing() -> None:
    nothing = torch.zeros(0, dtype=torch.int64)
    assert [len(rows) for rows in draw_negatives(torch.zeros(0, 0), nothing, nothing, generator())[:3]] == [0, 0, 0]


def test_perplexity_is_the_number_of_equal_weights_that_are_as_hard_to_guess() -> None:
    weights = torch.tensor([[1.0] * 4, [0.0, 7.0, 7.0, 0.0], [0.0, 3.0, 0.0, 0.0], [1.0, 2.0, 3.0, 4.0]]).double()
    entropy = -sum(share * math.log(share) for share in (0.1, 0.2, 0.3, 0.4))
    assert perplexity(weights).tolist() == pytest.approx([4, 2, 1, math.exp(entropy)])
    assert perplexity(1e-9 * weights).tolist() == pytest.approx(perplexity(weights).tolist())
