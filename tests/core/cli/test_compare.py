"""python -m core compare: what the words ask for, and once in a process of its own with its engine."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import compare
from core.cli.compare import _parser, budget_of, compare_command, plan_of, table_of
from core.comparison.plan import Budget, Plan, along, updates_of
from core.comparison.reached import NUMBERS
from core.engine.conducting import Conducted
from core.engine.process import stop_engine
from core.experiment.options import read_experiment
from core.runs.store import Store
from tests.core.commands import SMALL, refused
from tests.core.taken_home import trained_run
from tests.imports import ROOT

NOTHING = {
    "strategies": {"a": {key: {"value": 0.5, "low": 0.4, "high": 0.6} for key in NUMBERS}},
    "differences": [],
    "seeds": [0, 1],
}


def planned(*words: str) -> object:
    experiment, options = read_experiment([*SMALL, "--out", "none", *words], _parser())
    return plan_of(experiment, options)


def test_miners_seeds_and_a_budget_make_a_plan() -> None:
    plan = planned("--miners", "semi-hard, random", "--seeds", "2", "--budget", "40 updates")
    assert [strategy.name for strategy in plan.strategies] == ["semi-hard", "random"]
    assert (plan.seeds, plan.budget, plan.folds) == ((0, 1), Budget("updates", 40), 0)
    assert planned("--miners", "semi-hard,random", "--budget", "7").budget == Budget("updates", 7)
    assert planned("--miners", "semi-hard,random", "--budget", "2.5 seconds").budget == Budget("seconds", 2.5)


def test_without_a_budget_it_is_what_the_first_strategy_makes_in_its_epochs() -> None:
    experiment, options = read_experiment([*SMALL, "--out", "none"], _parser())
    assert budget_of(along(experiment, "miner", ["all", "random"]), options).amount == updates_of(experiment)


def test_any_parameter_can_be_compared() -> None:
    plan = planned("--axis", "loss.margin", "--values", "0.1,0.5", "--seeds", "1")
    assert [strategy.experiment.loss.margin for strategy in plan.strategies] == [0.1, 0.5]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "got 0 of them. Give --miners semi-hard,random say."),
        (["--miners", "all,random", "--losses", "triplet,contrastive"], "got 2 of them"),
        (["--axis", "loss.margin"], "--axis with --values, must name what is compared"),
        (["--miners", "all"], "a comparison must have two strategies or more"),
        (["--miners", "all,luck"], "miner must be one of"),
        (["--miners", "all,random", "--budget", "much"], "--budget must be a number and its unit, got 'much'"),
        (["--axis", "loss.margin", "--values", "0.1,0.5", "--tune", "3"], "--tune must leave loss.margin alone"),
        (["--miners", "all,random", "--tuner", "optuna"], "--tuner must come with --tune, got optuna and no trials"),
        (["--miners", "all,random", "--budget", "3 epochs"], "a number of updates, passes, seconds, got 3 epochs"),
    ],
)
def test_what_makes_no_comparison_is_refused(words: list[str], message: str) -> None:
    with pytest.raises(ValueError) as problem:
        planned(*words)
    assert message in str(problem.value)


def test_a_tuner_that_is_not_installed_is_refused_before_anything_is_trained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.handover.optional_packages.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="tuning by optuna must have optuna installed, got none.*pip install"):
        planned("--miners", "all,random", "--tune", "4", "--tuner", "optuna")


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    words = ["compare", *SMALL, "--miners", "all,random", "--out", str(tmp_path)]
    assert "--out must be a new folder or one of a comparison" in refused(capsys, *words)


def test_the_table_says_what_no_interval_is_known_of() -> None:
    level = {key: {"value": 0.5, "low": None, "high": None} for key in NUMBERS}
    told = {"strategies": {"a": level}, "differences": [], "seeds": [0]}
    assert "a  0.500 (no interval from one seed)" in table_of(told)


def test_a_comparison_is_trained_told_and_costs_nothing_the_second_time(tmp_path: Path) -> None:
    few = ["--split-evaluation-share", "0.1"]  # held-out samples, all of which are looked at
    what = ["--miners", "semi-hard,random", "--seeds", "2", "--budget", "10", "--out", str(tmp_path / "out")]
    command = [sys.executable, "-m", "core", "compare", *SMALL, *few, *what]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert set(told["strategies"]) == {"semi-hard", "random"} and len(told["runs"]) == 4
        assert told["budget"] == {"updates": 10} and "4 of 4 trained" in done.stderr
        (one,) = [one for one in told["differences"] if one["number"] == "map_at_r"]
        assert one["low"] <= one["value"] <= one["high"] and one["seeds"] == 2 and one["identities"] == 10
        again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert again.stdout == done.stdout, again.stderr
    finally:
        stop_engine(tmp_path / "out")
    lines = list(csv.DictReader((tmp_path / "out" / "differences.csv").read_text().splitlines()))
    assert len(lines) == len(NUMBERS) and {line["verdict"] for line in lines} <= {
        "better",
        "worse",
        "different",
        "not distinguishable",
    }
    assert json.loads((tmp_path / "out" / "comparison.json").read_text()) == told
    files = {file.name for file in (tmp_path / "out").iterdir()}
    assert {"curves.csv", "levels.parquet", "matrix.png", "levels.svg", "curves.svg", "report.html"} <= files
    page = (tmp_path / "out" / "report.html").read_text()
    assert "--miners semi-hard,random --seeds 2 --budget 10 --out comparison" in page


def test_without_a_number_of_seeds_there_are_three() -> None:
    assert planned("--samplers", "p-by-k,shuffled").seeds == (0, 1, 2)


def test_forks_are_what_the_run_was_but_for_what_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, kept = trained_run(), []

    def done(plan: Plan, store: Store, slots: int, **how: object) -> Conducted:
        kept.extend(plan.members())
        return Conducted(plan, {}, {}, {})

    monkeypatch.setattr(compare, "conducted", done)
    monkeypatch.setattr(compare, "keep", lambda root, comparison: kept.append(comparison))
    monkeypatch.setattr(compare, "results_of", lambda by_id, store: {})
    monkeypatch.setattr(compare, "gathered", lambda root, comparison, found: None)
    monkeypatch.setattr(compare, "summary_of", lambda results: {})
    monkeypatch.setattr(compare, "write_files", lambda folder, results: None)
    monkeypatch.setattr(compare, "table_of", lambda told: "")
    words = ["--from", str(run.folder), "--miners", "all,random", "--seeds", "1", "--budget", "9"]
    assert compare_command([*words, "--out", str(tmp_path / "out")]) == 0
    first, second, comparison = kept
    for one in (first, second):
        own = run.experiment()
        limits = {
            "updates": 9,
            "drawn_apart": True,
            "snapshots": 12,
            "probe_points": one.experiment.schedule.probe_points,
        }
        assert one.experiment == own.changed({"miner": {"kind": one.strategy}, "schedule": limits})
        assert one.origin.sha256 and one.origin.run == run.record().id
    assert comparison.start == first.origin.written() and "epoch 1" in comparison.title
    told = json.loads((tmp_path / "out" / "comparison.json").read_text())
    assert told["from"]["step"] == len(run.steps())


def test_the_table_of_forks_says_that_they_are_of_one_checkpoint() -> None:
    assert "over seeds and identities, all from one checkpoint" in table_of({**NOTHING, "from": {}})


@pytest.mark.parametrize(("seeds", "over"), [([0], "over identities alone, another"), ([0, 1], "over seeds and ident")])
def test_the_table_says_what_its_intervals_are_over(seeds: list[int], over: str) -> None:
    level = {key: {"value": 0.5, "low": 0.4, "high": 0.6} for key in NUMBERS}
    assert over in table_of({"strategies": {"a": level}, "differences": [], "seeds": seeds}).splitlines()[0]
