"""A line of steps.jsonl, typed."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from core.records.step import Step, Steps, column
from core.system.locations import ASSETS


def test_recorded_updates_are_written_as_they_were() -> None:
    file = ASSETS / "recorded" / "digits-softmax" / "steps.jsonl"
    for line in file.read_text().splitlines():
        assert json.dumps(Step.read(json.loads(line)).written()) == line


def test_an_update_of_a_version_without_effective_negatives_has_none() -> None:
    written = Step(1, 0.1, 0.5, 1.0, 0.5, 80, 0.5, 0.25, 0.25, 2.0, 0.01).written()
    del written["effective_negatives"]
    assert Step.read(written).effective_negatives == 0.0
    with pytest.raises(ValueError, match="a line of steps.jsonl must hold a fitting loss, got none"):
        Step.read({"step": 1, "epoch": 0.1})


def some_steps(count: int, seed: int = 0) -> list[Step]:
    chance = random.Random(seed)
    return [
        Step(2**53 - row, *(chance.random() for _ in range(4)), row, *(chance.random() for _ in range(6)))
        for row in range(count)
    ]


def test_columns_give_back_the_updates_to_the_bit() -> None:
    updates = some_steps(30)
    held = Steps(updates)
    assert list(held) == updates == held and len(held) == 30 and held == Steps(updates) and repr(held) == repr(updates)
    assert (held[0], held[-1]) == (updates[0], updates[-1]) and type(held[3].step) is type(held[3].terms) is int
    assert held[4:9] == updates[4:9] and held[-2:] == updates[-2:] and not held[30:] and held != updates[1:]
    with pytest.raises(IndexError):
        held[30]


@pytest.mark.parametrize("seed", range(5))
def test_what_was_given_before_stays_as_it_was(seed: int) -> None:
    """Copies and slices of columns that grow on, and that grow themselves."""
    chance, held, given = random.Random(seed), Steps(), list[tuple[Steps, list[Step]]]()
    grown: list[Step] = []
    for turn in range(60):
        more = some_steps(chance.randrange(5), seed=turn)
        held += more
        grown = grown + more
        begun = some_steps(chance.randrange(2), seed=-turn)
        given.append((held + begun, grown + begun))
        start = chance.randrange(len(grown) + 1)
        sliced, own = held[start:], some_steps(1, seed=1000 + turn)
        sliced += own
        given.append((sliced, grown[start:] + own))
    assert held == grown and all(columns == updates for columns, updates in given)


def test_a_column_is_a_field_of_every_update() -> None:
    updates = some_steps(20)
    for name in ("step", "loss", "effective_negatives"):
        expected = [getattr(step, name) for step in updates]
        assert column(updates, name).tolist() == column(Steps(updates), name).tolist() == expected
    assert column([], "loss").shape == (0,)
    with pytest.raises(ValueError, match="read-only"):
        column(Steps(updates), "loss")[0] = 1.0
    assert column(Steps(updates), "loss").dtype == np.float64
