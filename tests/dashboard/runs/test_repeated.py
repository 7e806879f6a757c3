"""What was started a second time is known as such, and the next free seed is offered."""

from __future__ import annotations

import pytest
import streamlit as st

from core.experiment.experiment import Experiment
from core.runs.store import Row, Store
from dashboard.runs import repeated


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


def row(state: str) -> Row:
    return Row("a" * 32, "first", "", {}, "", state=state)


@pytest.mark.parametrize(
    ("before", "is_repeated"),
    [(None, False), *((row(state), state in ("finished", "running", "queued")) for state in
                      ("finished", "running", "queued", "stopped", "failed", "paused"))],
)  # fmt: skip
def test_what_is_there_is_played_and_what_goes_on_is_not(before: Row | None, is_repeated: bool) -> None:
    repeated.note(before)
    assert repeated.replay_of("a" * 32) == is_repeated and repeated.replay_of("b" * 32) == 0


def test_it_is_played_anew_at_every_start() -> None:
    for count in (1, 2, 3):
        repeated.note(row("finished"))
        assert repeated.replay_of("a" * 32) == count
    repeated.note(None)
    assert repeated.replay_of("a" * 32) == 0


def test_the_next_seed_is_the_first_that_the_store_does_not_have(empty_store: Store) -> None:
    for seed in (0, 1, 3):
        one = Experiment().changed({"schedule": {"seed": seed}})
        empty_store.submit(one.described(), one.run_id(), one.title())
    assert repeated.next_seed(Experiment()).schedule.seed == 2
    assert repeated.next_seed(Experiment().changed({"schedule": {"seed": 3}})).schedule.seed == 4
