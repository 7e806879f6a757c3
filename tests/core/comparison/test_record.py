"""A comparison in the files of a store."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import HOME, Comparison, all_kept, comparison_of, keep, kept
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.splits import BySample
from core.records.run_record import Origin

BASE = Experiment(split=BySample(evaluation_share=0.9), encoder=Mlp())
PLAN = Plan(along(BASE, "miner", ["semi-hard", "random"]), (0, 1), Budget(UPDATES, 3))


def made(title: str = "miners", plan: Plan = PLAN) -> Comparison:
    return comparison_of(title, plan, {member.experiment.run_id(): member for member in plan.members()})


def test_it_says_which_run_is_which_strategy_from_which_seed(tmp_path: Path) -> None:
    comparison = made()
    keep(tmp_path, comparison)
    found = kept(tmp_path, comparison.id)
    assert found is not None and found == replace(comparison, members=found.members)
    assert found.strategies == ["semi-hard", "random"] and found.seeds == [0, 1]
    assert found.budget == {"updates": 3} and not found.tuned
    ids = {(member.strategy, member.seed): member.experiment.run_id() for member in PLAN.members()}
    assert found.runs_of("random") == [ids["random", 0], ids["random", 1]]
    written = json.loads((tmp_path / HOME / f"{comparison.id}.json").read_text())
    assert written["members"][ids["semi-hard", 1]] == ["semi-hard", 1, 0]


def test_the_same_trainings_are_one_comparison_which_stays_as_it_was(tmp_path: Path) -> None:
    keep(tmp_path, made("first"))
    keep(tmp_path, made("second"))
    assert [one.title for one in all_kept(tmp_path)] == ["first"]
    other = made("other", replace(PLAN, seeds=(0,)))
    keep(tmp_path, replace(other, created="2999-01-01T00:00:00+00:00"))
    assert [one.title for one in all_kept(tmp_path)] == ["other", "first"]


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    comparison = made()
    keep(tmp_path, comparison)
    path = tmp_path / HOME / f"{comparison.id}.json"
    for content in ("{", "[]", '{"id": 3}', json.dumps(comparison.written() | {"format": 99})):
        path.write_text(content)
        assert kept(tmp_path, comparison.id) is None and all_kept(tmp_path) == []
    keep(tmp_path, comparison)
    assert kept(tmp_path, comparison.id) is not None, "a damaged one is written anew"
    assert kept(tmp_path, "../../etc") is None and kept(tmp_path, "0" * 32) is None
    with pytest.raises(ValueError, match="must be named by 32 hexadecimal characters"):
        keep(tmp_path, replace(comparison, id="x"))


def test_what_a_newer_version_wrote_beside_it_is_not_lost(tmp_path: Path) -> None:
    comparison = Comparison.read(made().written() | {"stars": 3})
    keep(tmp_path, comparison)
    assert json.loads((tmp_path / HOME / f"{comparison.id}.json").read_text())["stars"] == 3


def test_it_says_what_its_forks_start_from(tmp_path: Path) -> None:
    origin = Origin("a" * 32, "parent", "", 10, 2.0, "b" * 64)
    plan = replace(PLAN, origin=origin)
    forks = comparison_of("forks", plan, {member.run_id: member for member in plan.members()})
    keep(tmp_path, forks)
    found = kept(tmp_path, forks.id)
    assert found is not None and found.start == origin.written() and found.id != made().id
    assert not made().start and Comparison.read({**made().written(), "start": None}).start == {}
