"""Trials of each strategy: the same for all, on a validation, and the best of them taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.comparison.plan import UPDATES, Budget, Member, Plan, along
from core.comparison.searches import OPTUNA
from core.comparison.tuning import TIMES, Tuning, chosen_of
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity
from core.losses import Softmax
from core.records.run_record import Origin
from core.samplers import PByK
from tests.core.optuna_stand_in import put_in

BASE = Experiment(split=ByIdentity(), encoder=Mlp(), sampler=PByK(classes_per_batch=4), schedule=Schedule(epochs=2))
OUT_OF_ORDER = [0.5, 0.7, 0.6, 0.8, 0.8, 0.1]
PLAN = Plan(along(BASE, "miner", ["semi-hard", "random"]), (3, 4), Budget(UPDATES, 20))


def trials_of(plan: Plan, count: int) -> list[Member]:
    """Of random draws, which are one round."""
    return Tuning(plan, count).asked()


def test_every_strategy_has_the_same_trials_the_first_as_it_is() -> None:
    trials = trials_of(PLAN, 4)
    assert [one.strategy for one in trials[:5]] == [*(f"semi-hard, trial {n}" for n in (1, 2, 3, 4)), "random, trial 1"]
    first, second = trials[:4], trials[4:]
    assert [chosen_of(one.experiment) for one in first] == [chosen_of(one.experiment) for one in second]
    assert chosen_of(first[0].experiment) == chosen_of(BASE) and {one.seed for one in trials} == {3}
    assert len({str(chosen_of(one.experiment)) for one in first}) == 4
    for one in trials:
        schedule, loss = one.experiment.schedule, one.experiment.loss
        assert schedule.updates == 20 and schedule.seed == 3
        assert 1 / TIMES["learning_rate"] <= schedule.learning_rate / 0.001 <= TIMES["learning_rate"]
        assert 1 / TIMES["margin"] <= loss.margin / 0.2 <= TIMES["margin"]


def test_no_trial_looks_at_what_strategies_are_compared_on() -> None:
    labels = BASE.dataset.labels()
    kept = set(labels[BASE.split.split_of(BASE.dataset).evaluation_rows].tolist())
    for one in trials_of(PLAN, 2):
        split = one.experiment.split.split_of(BASE.dataset)
        seen = set(labels[np.concatenate([split.training_rows, split.evaluation_rows])].tolist())
        assert not seen & kept


def test_the_best_trial_is_taken_and_the_first_of_equal_ones() -> None:
    tuning = Tuning(PLAN, 3)
    trials = tuning.asked()
    tuning.told(OUT_OF_ORDER)
    better = tuning.best
    assert chosen_of(better.strategies[0].experiment) == chosen_of(trials[1].experiment)
    assert chosen_of(better.strategies[1].experiment) == chosen_of(BASE)
    assert better.strategies[0].experiment.split == BASE.split, "and trained on everything again"
    assert replace(better, strategies=PLAN.strategies) == PLAN


def test_rounds_of_all_strategies_come_together_and_the_best_of_all_of_them_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studies = put_in(monkeypatch)
    tuning, told, sizes = Tuning(PLAN, 5, OPTUNA), dict[str, float](), list[int]()
    while asked := tuning.asked():
        sizes.append(len(asked))
        reached = [float(place) if "semi" in one.strategy else -float(place) for place, one in enumerate(asked)]
        tuning.told(reached)
        told |= dict(zip([one.strategy for one in asked], reached, strict=True))
    assert sizes == [6, 2, 2]
    names = [f"{name}, trial {number}" for name in ("semi-hard", "random") for number in range(1, 6)]
    assert [one.strategy for one in tuning.trials] == names == list(sorted(told, key=names.index))
    for study, name in zip(studies, ("semi-hard", "random"), strict=True):
        assert [trial.value for trial in study.trials] == [told[f"{name}, trial {number}"] for number in range(1, 6)]
    best = [max((one for one in names if one.startswith(name)), key=told.__getitem__) for name in ("semi", "random")]
    by_name = {one.strategy: one.experiment for one in tuning.trials}
    assert best == ["semi-hard, trial 3", "random, trial 4"]
    assert [chosen_of(one.experiment) for one in tuning.best.strategies] == [chosen_of(by_name[one]) for one in best]


def test_a_tuner_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="the tuner must be one of random, optuna, got 'luck'"):
        Tuning(PLAN, 5, "luck")


def test_a_loss_without_a_margin_has_its_rate_tuned() -> None:
    plan = Plan(along(replace(BASE, loss=Softmax()), "schedule.epochs", ["2", "3"]), (0,), Budget(UPDATES, 20))
    assert {tuple(chosen_of(one.experiment)) for one in trials_of(plan, 3)} == {("schedule",)}


def test_one_trial_is_none() -> None:
    with pytest.raises(ValueError, match="trials must be at least 2, the strategy as it is and another, got 1"):
        trials_of(PLAN, 1)


def test_with_folds_everybody_is_held_out_and_nobody_is_left_to_tune_on() -> None:
    with pytest.raises(ValueError, match="a comparison with folds must be without tuning, got 3 folds"):
        trials_of(replace(PLAN, folds=3), 4)


def test_forks_are_not_tuned_on_what_their_start_was_trained_on() -> None:
    origin = Origin("a" * 32, "parent", "", 10, 2.0, "b" * 64)
    with pytest.raises(ValueError, match="forks must be compared without tuning, got 3 trials: parent was trained on"):
        trials_of(replace(PLAN, origin=origin), 3)


def test_what_is_compared_is_not_tuned() -> None:
    for axis, values in (("loss.margin", ["0.1", "0.2"]), ("schedule.learning_rate", ["0.001", "0.01"])):
        plan = Plan(along(Experiment(), axis, values), (0,), Budget(UPDATES, 5))
        with pytest.raises(ValueError, match="what is compared must be left alone by tuning"):
            trials_of(plan, 3)
