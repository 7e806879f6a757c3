"""Strategies that are stopped early: each training is paused where it is judged, and the better half goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.comparison.plan import SECONDS, UPDATES, Budget, Plan, along
from core.encoders import Mlp
from core.engine import comparing, early_stops
from core.engine.comparing import Standing
from core.engine.early_stops import halved
from core.engine.process import PROBLEM
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import BySample
from core.runs.states import ANSWERS
from core.runs.store import Store

BASE = Experiment(
    split=BySample(evaluation_share=0.9), encoder=Mlp(width=16, dimension=16), schedule=Schedule(epochs=1)
)
MINERS = ["semi-hard", "random", "all", "batch-hard"]
PLAN = Plan(along(BASE, "miner", MINERS), (0, 1), Budget(UPDATES, 24))


class Engine:
    """Trains nothing: each look has the first that waits come twelve updates further, to a MAP@R by its strategy, and
    answers what is wanted."""

    def __init__(self, store: Store, levels: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.levels, self.looks = store, levels, 0
        self.done = {one.experiment.run_id(): one.strategy for one in PLAN.members()}
        self.steps = dict.fromkeys(self.done, 0)
        monkeypatch.setattr(comparing, "ensure_engine", self.look)
        monkeypatch.setattr(early_stops, "_at", self.at)
        monkeypatch.setattr(comparing, "LOOK_SECONDS", 0.0)

    def look(self, root: Path, *options: str) -> None:
        self.looks += 1
        for row in self.store.to_answer():
            state = ANSWERS[row.state, row.wanted]
            self.store.set_state(row.id, state)
            if state == "pausing":
                self.store.set_state(row.id, "paused")
        for row in self.store.in_states("queued")[:1]:
            self.store.set_state(row.id, "running")
        for row in self.store.in_states("running"):
            if self.levels[self.done[row.id]] < 0:
                self.store.set_state(row.id, "failed", "out of luck")
            self.steps[row.id] += 6

    def at(self, store: Store, run_id: str, step: int) -> float | None:
        return self.levels[self.done[run_id]] if self.steps[run_id] >= step else None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_the_worse_half_is_stopped_where_it_is_judged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(store, {"semi-hard": 0.5, "random": 0.1, "all": 0.4, "batch-hard": 0.2}, monkeypatch)
    told = list[Standing]()
    going, stopped = halved(PLAN.members(), store, 2, told.append)
    assert [member.strategy for member in going] == ["semi-hard", "all"] * 2 and told
    assert stopped == {"random": 0.25, "batch-hard": 0.25}
    engine.look(store.root)
    states = {engine.done[row.id]: (row.state, row.wanted) for row in store.rows()}
    assert states["random"] == states["batch-hard"] == ("stopped", "stop")
    assert {state for state, _ in (states["semi-hard"], states["all"])} == {"paused"}, "what goes on is asked for anew"
    assert max(engine.steps.values()) <= 24


def test_what_was_judged_is_judged_again_without_training(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(store, {"semi-hard": 0.5, "random": 0.1, "all": 0.4, "batch-hard": 0.2}, monkeypatch)
    first = halved(PLAN.members(), store, 2)
    looks = engine.looks
    assert halved(PLAN.members(), store, 2) == first and engine.looks == looks


def test_one_that_fails_takes_its_strategy_along(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    Engine(store, {"semi-hard": -1.0, "random": 0.1, "all": 0.4, "batch-hard": 0.2}, monkeypatch)
    going, stopped = halved(PLAN.members(), store, 2)
    assert {member.strategy for member in going} == {"all", "batch-hard"} and "semi-hard" in stopped


def test_an_engine_that_cannot_serve_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[Path] = []

    def fail(root: Path, *options: str) -> None:
        tries.append(root)
        assert len(tries) < 5, "it goes on for ever"

    monkeypatch.setattr(comparing, "ensure_engine", fail)
    monkeypatch.setattr(comparing, "LOOK_SECONDS", 0.0)
    (store.root / "engine").mkdir()
    (store.root / "engine" / PROBLEM).write_text("the scheduler must answer, got none. Start it.")
    with pytest.raises(ValueError, match="the scheduler must answer"):
        halved(PLAN.members(), store, 2)
    assert len(tries) == 1, "an earlier engine may have left that"


def test_only_updates_can_be_shared_out(store: Store) -> None:
    by_time = replace(PLAN, budget=Budget(SECONDS, 3))
    with pytest.raises(ValueError, match="stopped early must have the same number of updates"):
        halved(by_time.members(), store, 2)
