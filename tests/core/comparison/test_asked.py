"""What is asked for stands in the store until it is done, and says in full what is to be trained."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.comparison.asked import FORMAT, Asked, all_asked, ask, ask_again, asked_for, take_back
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import keep, kept
from core.comparison.searches import OPTUNA, RANDOM
from core.experiment.experiment import Experiment
from core.experiment.splits import ByIdentity

PLAN = Plan(along(Experiment(split=ByIdentity()), "miner", ["all", "random"]), (0, 3), Budget(UPDATES, 9), folds=2)
ASKED = Asked.of("two miners", PLAN, tune=3, halves=True, owner=("v1", "Ada"))


def test_its_plan_comes_back_from_the_file(tmp_path: Path) -> None:
    ask(tmp_path, ASKED)
    found = asked_for(tmp_path, ASKED.id)
    assert found is not None and found.plan() == PLAN
    assert (found.tune, found.halves, found.owner, found.owner_name, found.title) == (
        3,
        True,
        "v1",
        "Ada",
        "two miners",
    )
    assert found.id == ASKED.id and all_asked(tmp_path) == [ASKED.id]
    take_back(tmp_path, ASKED.id)
    take_back(tmp_path, ASKED.id)
    assert asked_for(tmp_path, ASKED.id) is None and all_asked(tmp_path) == []


def test_whoever_asks_for_the_same_asks_for_one() -> None:
    assert replace(ASKED, title="other", owner="v2", owner_name="Bob").id == ASKED.id
    assert (
        len({ASKED.id, replace(ASKED, tune=4).id, replace(ASKED, halves=False).id, replace(ASKED, seeds=(0,)).id}) == 4
    )
    begun = ASKED.begun()
    assert (begun.id, begun.title, begun.members, begun.budget) == (ASKED.id, "two miners", {}, {"updates": 9})


def test_ids_of_before_there_was_another_tuner_stay() -> None:
    plan = Plan(along(Experiment(), "miner", ["all", "random"]), (0,), Budget(UPDATES, 9))
    before = Asked.of("x", plan, tune=3)
    assert before.id == "d37854bc48f9c43e6cd6351d7a6ed3b8"
    assert Asked.of("x", plan, tune=3, tuner=OPTUNA).id != before.id
    written = before.written()
    del written["tuner"]
    assert Asked.read(written) == before and before.tuner == RANDOM


def test_what_cannot_be_read_is_nothing_that_is_to_be_done(tmp_path: Path) -> None:
    ask(tmp_path, ASKED)
    path = tmp_path / "comparisons" / "asked" / f"{ASKED.id}.json"
    for damaged in ("{", "[]", json.dumps(ASKED.written() | {"format": FORMAT + 1})):
        path.write_text(damaged)
        assert asked_for(tmp_path, ASKED.id) is None
    with pytest.raises(ValueError, match=f"must be of format {FORMAT} or older"):
        Asked.read(ASKED.written() | {"format": FORMAT + 1})


def test_what_was_cancelled_can_be_asked_for_again(tmp_path: Path) -> None:
    keep(tmp_path, ASKED.begun())
    ask(tmp_path, ASKED)
    there = kept(tmp_path, ASKED.id)
    assert there is not None and not ask_again(tmp_path, there), "it is asked for already"
    take_back(tmp_path, ASKED.id)
    assert ask_again(tmp_path, replace(there, problem="no room.")) and asked_for(tmp_path, ASKED.id) == ASKED
    again = kept(tmp_path, ASKED.id)
    assert again is not None and not again.problem
    take_back(tmp_path, ASKED.id)
    assert not ask_again(tmp_path, replace(there, asked={})), "all of it is done"
