"""What a kept comparison has found, gathered from the runs in its store."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.comparison.record import Comparison, kept, rewrite
from core.jobs.comparison_results import TOLD, comparison_named, gathered
from core.jobs.measure_reached import measured
from core.records.run_record import Origin
from core.runs.run_folder import Run
from core.system.atomic_files import write_json
from tests.dashboard.compared_strategies import compared


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Comparison]:
    root = tmp_path_factory.mktemp("store")
    return root, compared(root)


def test_levels_curves_and_facts_are_those_of_the_runs(made: tuple[Path, Comparison]) -> None:
    root, comparison = made
    results = gathered(root, comparison)
    assert results.strategies == ["semi-hard", "random"] and results.seeds == [0, 1] and results.folds == 0
    assert [(one.strategy, one.seed, one.fold) for one in results.trainings] == [
        ("semi-hard", 0, None),
        ("semi-hard", 1, None),
        ("random", 0, None),
        ("random", 1, None),
    ]
    reached = [one.snapshots[-1].map_at_r for one in results.trainings[:2]]
    assert results.levels["semi-hard"]["map_at_r"].value == pytest.approx(sum(map(float, reached)) / 2, rel=1e-6)
    assert results.facts["Held out"].startswith("closed-set, by sample: ")
    assert results.facts["Budget"] == "30 updates for each training" and results.facts["Trainings"] == "4"
    assert results.facts["Setting: miner"] == "semi-hard: semi-hard; random: random"
    assert "--miners semi-hard,random --seeds 2 --budget '30 updates'" in results.command


def test_what_is_not_trained_yet_is_left_out_and_said(made: tuple[Path, Comparison], tmp_path: Path) -> None:
    root, comparison = made
    shutil.copytree(root, tmp_path / "store")
    last = comparison.runs_of("random")[1]
    (tmp_path / "store" / "runs" / last / "result.json").unlink()
    stopped = replace(comparison, stopped={"other": 0.25})
    results = gathered(tmp_path / "store", stopped)
    assert len(results.trainings) == 3 and results.facts["Trainings"] == "3 of 4 finished"
    assert results.differences["auc"][0].difference.seeds == 1 and results.command == ""
    assert results.facts["Stopped early: other"].startswith("after 25% of its updates")
    first = comparison.runs_of("random")[0]
    (tmp_path / "store" / "runs" / first / "result.json").unlink()
    with pytest.raises(ValueError, match="two strategies that are trained from one seed, got 1 of 2"):
        gathered(tmp_path / "store", comparison)


def test_only_runs_that_count_are_gathered(made: tuple[Path, Comparison]) -> None:
    root, comparison = made
    others = [run_id for run_id in comparison.members if run_id != comparison.runs_of("random")[1]]
    results = gathered(root, comparison, among=others)
    assert (
        sorted(one.run for one in results.trainings) == sorted(others)
        and results.facts["Trainings"] == "3 of 4 finished"
    )
    assert results.levels["random"]["auc"].seeds == 1


@pytest.mark.parametrize("is_known", [False, True])
def test_a_strategy_that_was_stopped_early_is_left_out_though_its_runs_are_finished(
    made: tuple[Path, Comparison], tmp_path: Path, is_known: bool
) -> None:
    root, two = made
    comparison = replace(two, members=two.members | {"f" * 32: ["all", 0, 0]}, stopped={"all": 0.5})
    shutil.copytree(root, tmp_path / "store")
    shutil.copytree(root / "runs" / two.runs_of("random")[0], tmp_path / "store" / "runs" / ("f" * 32))
    reached = None
    if is_known:
        measure = (
            measured(root, Run(root / "runs" / two.runs_of(name)[0])) for name in ("semi-hard", "random", "random")
        )
        reached = {name: {0: one} for name, one in zip(("semi-hard", "random", "all"), measure, strict=True)}
    results = gathered(tmp_path / "store", comparison, reached)
    assert results.strategies == ["semi-hard", "random"] and results.asked == ["semi-hard", "random", "all"]
    assert {one.strategy for one in results.trainings} == {"semi-hard", "random"} and len(
        results.differences["auc"]
    ) == 1
    assert results.facts["Trainings"] == "4" and "Stopped early: all" in results.facts


def test_facts_say_where_forks_start_and_by_how_many_trials_each_was_tuned(made: tuple[Path, Comparison]) -> None:
    root, comparison = made
    origin = Origin(run="a" * 32, title="digits · all", cure="", step=49, epoch=3.5, sha256="")
    forks = replace(comparison, start=origin.written(), trials={f"{n}": ["trial", 0, 0] for n in range(12)})
    facts = gathered(root, forks).facts
    assert (
        facts["Starts from"] == "digits · all, after 3.5 epochs (49 updates)" and facts["Tuned by"] == "6 trials each"
    )
    asked = replace(comparison, command="python -m core compare --miners semi-hard,random --tune 4 --seeds 2")
    assert gathered(root, asked).facts["Tuned by"] == "4 trials each"
    by_optuna = replace(asked, command=f"{asked.command} --tuner optuna")
    assert gathered(root, by_optuna).facts["Tuned by"] == "4 trials each, chosen by optuna"
    assert not {"Starts from", "Tuned by"} & gathered(root, comparison).facts.keys()


def test_it_is_named_by_its_folder_or_by_its_id(
    made: tuple[Path, Comparison], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, comparison = made
    assert comparison_named(str(root))[1].id == comparison.id
    monkeypatch.setenv("METRIC_LAB_STORE", str(root))
    assert comparison_named(comparison.id) == (root, kept(root, comparison.id))
    with pytest.raises(ValueError, match="got none at '.*empty'. Check the name."):
        comparison_named(str(tmp_path / "empty"))


def test_of_several_in_a_folder_it_is_the_one_that_was_told_last(made: tuple[Path, Comparison], tmp_path: Path) -> None:
    _, comparison = made
    other = replace(comparison, id="0" * 32, members=dict(list(comparison.members.items())[:2]))
    for one in (comparison, other):
        rewrite(tmp_path, one)
    with pytest.raises(ValueError, match="got 2 at"):
        comparison_named(str(tmp_path))
    write_json(tmp_path / TOLD, {"runs": dict(other.members)})
    assert comparison_named(str(tmp_path))[1].id == other.id
