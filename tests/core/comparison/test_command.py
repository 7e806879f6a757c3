"""The command that makes a comparison again makes the same trainings."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from core.cli.compare import _parser, plan_of
from core.comparison.asked import Asked
from core.comparison.axes import USUAL
from core.comparison.command import asked_by, command_for, command_of, command_of_forks
from core.comparison.plan import PASSES, SECONDS, UPDATES, Budget, Plan, Strategy, along, updates_of
from core.comparison.record import Comparison, comparison_of
from core.comparison.searches import OPTUNA, RANDOM
from core.experiment.experiment import Experiment
from core.experiment.options import read_experiment
from core.experiment.splits import ByIdentity
from core.records.run_record import Origin
from dashboard.compare.sweep import Sweep

BASE = Experiment()
TEN = Budget(UPDATES, 10)


def made(planned: Plan, **changes: Any) -> tuple[Comparison, dict[str, Experiment]]:
    by_id = {member.experiment.run_id(): member for member in planned.members()}
    comparison = replace(comparison_of("any", planned, by_id), **changes)
    return comparison, {run_id: member.experiment for run_id, member in by_id.items()}


def trained_by(command: str) -> list[str]:
    """The ids of the runs that the command line would train, in their order."""
    program, words = shlex.split(command)[:4], shlex.split(command)[4:]
    assert program == ["python", "-m", "core", "compare"]
    experiment, options = read_experiment(words, _parser())
    return [member.experiment.run_id() for member in plan_of(experiment, options).members()]


def along_of(axis: str, values: Sequence[str], base: Experiment = BASE, **more: Any) -> Plan:
    return Plan(along(base, axis, values), **{"seeds": (0, 1), "budget": TEN, **more})


@pytest.mark.parametrize("base", ["digits", "fashion", "strangers", "flat"])
def test_the_command_of_a_comparison_of_the_page_trains_the_same_runs(base: str) -> None:
    comparison, experiments = made(Sweep(base, "miner", USUAL["miner"], 3, 40).plan)
    command = command_of(comparison, experiments)
    assert "--miners random,semi-hard,batch-hard,distance-weighted --seeds 3" in command
    assert "--miner " not in command, "what is compared is not said twice"
    assert trained_by(command) == list(comparison.members)


PLANS: Mapping[str, Plan] = {
    "losses": along_of("loss", ["contrastive", "triplet", "proxy-anchor"], budget=Budget(PASSES, 4000)),
    "margins": along_of("loss.margin", ["0.1", "0.5"], budget=Budget(SECONDS, 2.5)),
    "samplers": along_of("sampler", ["p-by-k", "shuffled"]),
    "encoders": along_of("encoder", ["mlp", "compact-cnn"], seeds=(0,)),
    "a family without an option of its own": along_of("split", ["by-sample", "by-identity"]),
    "truths": along_of("schedule.mirror", ["true", "false"]),
    "folds": along_of("schedule.learning_rate", ["0.001", "0.01"], Experiment(split=ByIdentity()), folds=3),
    "a loss from another's settings": along_of(
        "loss", ["proxy-anchor", "triplet"], BASE.changed({"encoder": {"kind": "mlp"}})
    ),
    "epochs": Plan(along(BASE, "miner", ["all", "random"]), (0, 1), Budget(UPDATES, updates_of(BASE))),
}


@pytest.mark.parametrize("planned", PLANS.values(), ids=PLANS)
def test_whatever_is_compared_is_trained_again(planned: Plan) -> None:
    comparison, experiments = made(planned)
    assert trained_by(command_of(comparison, experiments, "a folder")) == list(comparison.members)
    assert command_of(comparison, experiments, "a folder").endswith("--out 'a folder'")


def test_what_no_command_repeats_has_none() -> None:
    two = BASE.changed({"miner": {"kind": "all"}, "loss": {"margin": 0.7}, "encoder": {"kind": "mlp"}})
    apart = Plan((Strategy("one", BASE), Strategy("two", two)), (0, 1), TEN)
    assert command_of(*made(apart)) == ""
    comparison, experiments = made(along_of("miner", ["all", "random"]))
    assert command_of(comparison, experiments)
    assert command_of(*made(along_of("miner", ["all", "random"], seeds=(3, 4)))) == ""
    assert command_of(*made(along_of("miner", ["all", "random"], snapshots=5))) == ""
    assert command_of(replace(comparison, tuned={"all": {}}), experiments) == ""
    assert command_of(replace(comparison, stopped={"all": 0.25}), experiments) == ""
    assert command_of(comparison, dict(list(experiments.items())[1:])) == ""
    assert command_of(replace(comparison, members={}), {}) == ""


def test_a_command_that_asked_for_it_is_said_as_it_was_but_for_its_folder() -> None:
    words = ["--miners", "all,random", "--out", "my folder", "--tune", "3", "--slots=2", "--budget", "9 updates"]
    assert asked_by(words) == "python -m core compare --miners all,random --tune 3 --budget '9 updates'"
    comparison, _ = made(along_of("miner", ["all", "random"]), command=asked_by(words), tuned={"all": {}})
    assert command_of(comparison, {}) == f"{asked_by(words)} --out comparison"


def test_what_a_page_asks_for_says_its_tuning_and_its_early_stops() -> None:
    planned = along_of("miner", ["all", "random"])
    begun = Asked.of("any", planned, tune=4, halves=True).begun()
    _, options = read_experiment(shlex.split(command_of(begun, {}))[4:], _parser())
    assert (options.tune, options.halve, options.miners) == (4, True, "all,random")
    assert options.tuner == RANDOM and "--tuner" not in command_of(begun, {}), "what there is without a word"
    by_optuna = Asked.of("any", planned, tune=4, tuner=OPTUNA).begun()
    _, options = read_experiment(shlex.split(command_of(by_optuna, {}))[4:], _parser())
    assert (options.tune, options.tuner) == (4, OPTUNA)
    assert command_for(planned, tuner=OPTUNA) == command_for(planned), "nothing is tuned"
    assert command_for(along_of("loss.margin", ["0.1", "0.5"]), tune=4) == "", "tuning would change what is compared"


def test_forks_are_named_by_the_run_and_the_epoch_that_they_start_from() -> None:
    origin = Origin("a" * 32, "parent", "", 10, 2.5, "b" * 64)
    plan = Plan(along(Experiment(), "loss", ["triplet", "contrastive"]), (0, 1), Budget(UPDATES, 30), origin=origin)
    expected = (
        f"python -m core compare --from {'a' * 32}@2.5 --losses triplet,contrastive --seeds 2 --budget '30 updates'"
    )
    assert command_of_forks(plan, "loss") == expected
    forks = comparison_of("forks", plan, {member.run_id: member for member in plan.members()})
    parts = {member.run_id: member.experiment for member in plan.members()}
    assert command_of(forks, parts) == "", "nobody kept what asked for them, and from scratch it would be others"
    assert command_of(replace(forks, command=expected), parts).startswith(expected)
