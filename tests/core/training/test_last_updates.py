from __future__ import annotations

from dataclasses import replace

import pytest

from core.records.step import Step
from core.training.last_updates import MOST, last_updates_sentence

STEP = Step(1, 0.1, 0.3, 0.5, 0.6, 80, 0.5, 0.25, 0.25, 1.0, 0.01)


def steps(*norms: float, negatives: float = 0.0) -> list[Step]:
    return [replace(STEP, gradient_norm=norm, effective_negatives=negatives) for norm in norms]


def test_the_mean_gradient_at_the_end_stands_beside_that_at_the_start() -> None:
    course = steps(4.0, 2.0, *([9.0] * MOST), 1.0, 0.5)
    few = [*course[:2], *course[-2:]]
    assert last_updates_sentence(few) == "Last 2 updates: gradient 0.75, at first 3"
    long = steps(*([4.0] * MOST), *([9.0] * 7), *([0.25] * MOST))
    assert last_updates_sentence(long) == f"Last {MOST} updates: gradient 0.25, at first 4"


def test_updates_that_trained_nothing_have_no_gradient_to_be_counted() -> None:
    idle = replace(STEP, active_share=0.0, gradient_norm=0.0)
    assert last_updates_sentence([*steps(2.0), idle, idle, *steps(1.0), idle]) == "Last update: gradient 1, at first 2"


def test_a_miner_that_draws_says_from_how_many() -> None:
    drawn = steps(1.0, 1.0, negatives=6.25)
    assert last_updates_sentence(drawn).endswith("at first 1; drawn from 6.25 negatives")


@pytest.mark.parametrize("count", [0, 1])
def test_a_single_update_has_nothing_to_stand_beside(count: int) -> None:
    assert last_updates_sentence(steps(1.0)[:count]) == ""
