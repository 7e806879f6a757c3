"""What a comparison is made of: the same for all but what is compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.comparison.plan import PASSES, SECONDS, UPDATES, Budget, Plan, Strategy, along, samples_of, updates_of
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity, BySample
from core.losses import Softmax
from core.records.run_record import Origin
from core.samplers import SAMPLERS, NPairs, PByK, Shuffled

BASE = Experiment(split=BySample(evaluation_share=0.6), encoder=Mlp(), schedule=Schedule(epochs=4))
BUDGET = Budget(UPDATES, 30)


def plan(seeds: tuple[int, ...] = (0, 1), **changes: object) -> Plan:
    return replace(Plan(along(BASE, "miner", ["semi-hard", "random"]), seeds, BUDGET), **changes)


def test_every_strategy_is_trained_from_every_seed_and_nothing_else_differs() -> None:
    members = plan().members()
    assert [(one.strategy, one.seed) for one in members] == [
        ("semi-hard", 0),
        ("random", 0),
        ("semi-hard", 1),
        ("random", 1),
    ]
    for one in members:
        same = one.experiment.changed({"miner": {"kind": BASE.miner.name}})
        held_out = len(BASE.split.split_of(BASE.dataset).evaluation_rows)
        schedule = replace(
            BASE.schedule, seed=one.seed, updates=30, probe_points=held_out, drawn_apart=True, snapshots=12
        )
        assert same == replace(BASE, schedule=schedule)


def test_folds_hold_out_every_identity_once() -> None:
    base = replace(BASE, split=ByIdentity(), sampler=PByK(classes_per_batch=4))
    members = plan((3,), strategies=along(base, "miner", ["semi-hard", "random"]), folds=5).members()
    assert [(one.strategy, one.fold) for one in members[:3]] == [("semi-hard", 0), ("random", 0), ("semi-hard", 1)]
    labels = base.dataset.labels()
    held = [set(labels[one.experiment.split.split_of(base.dataset).evaluation_rows]) for one in members[::2]]
    assert [len(fold) for fold in held] == [2] * 5 and set().union(*held) == set(range(10))
    with pytest.raises(ValueError, match="folds must be of a split by identity, got by-sample"):
        plan(folds=5).members()


def test_folds_that_leave_too_few_classes_are_refused_in_words() -> None:
    base = replace(BASE, split=ByIdentity(), sampler=PByK(classes_per_batch=5))
    strategies = along(base, "miner", ["semi-hard", "random"])
    plan((3,), strategies=strategies, folds=2).check_folds()
    with pytest.raises(ValueError, match="2 to 5 folds of 10 identities and one of them held out, got fold 0 of 6"):
        plan((3,), strategies=strategies, folds=6).check_folds()
    larger = along(replace(base, sampler=PByK(classes_per_batch=6)), "miner", ["semi-hard", "random"])
    plan((3,), strategies=larger, folds=5).check_folds()
    with pytest.raises(ValueError, match="must be at most the number of training classes .5., got 6"):
        plan((3,), strategies=larger, folds=2).check_folds()


def test_equal_updates_are_not_equal_passes() -> None:
    strategies = along(BASE, "sampler", ["p-by-k", "n-pairs", "shuffled"])
    by_updates, by_passes = (
        {one.strategy: one.experiment.schedule.updates for one in Plan(strategies, (0,), budget).members()}
        for budget in (BUDGET, Budget(PASSES, 8000))
    )
    assert set(by_updates.values()) == {30}
    pairs = 2 * min(NPairs().classes_per_batch, 10)
    assert by_passes == {"p-by-k": 100, "n-pairs": round(8000 / pairs), "shuffled": round(8000 / Shuffled().batch_size)}


def test_a_budget_in_seconds_is_one() -> None:
    (first, *_) = plan(budget=Budget(SECONDS, 2.5)).members()
    assert (first.experiment.schedule.updates, first.experiment.schedule.seconds) == (0, 2.5)


def test_the_updates_of_an_experiment_are_those_of_its_epochs() -> None:
    rows = BASE.split.split_of(BASE.dataset).training_rows
    assert updates_of(BASE) == 4 * -(-len(rows) // 80)
    assert updates_of(replace(BASE, schedule=Schedule(updates=7))) == 7


def test_an_axis_is_a_family_or_a_parameter() -> None:
    margins = along(BASE, "loss.margin", ["0.1", "0.5"])
    assert [(one.name, one.experiment.loss.margin) for one in margins] == [("margin 0.1", 0.1), ("margin 0.5", 0.5)]
    seeds = along(BASE, "split.evaluation_share", ["0.5"])
    assert seeds[0].experiment.split.evaluation_share == 0.5


def test_a_loss_is_trained_as_it_wants_to_be() -> None:
    margin, softmax = along(BASE, "loss", ["margin-based", "softmax"])
    assert margin.experiment == BASE.changed({"loss": {"kind": "margin-based"}}).changed(margin.experiment.loss.suits)
    assert softmax.experiment.loss.name == "softmax"


@pytest.mark.parametrize(
    ("axis", "value", "message"),
    [
        ("colour", "red", "the axis must begin with one of dataset, split, .* got 'colour'"),
        ("miner", "luck", "miner must be one of .*, got 'luck'"),
        ("loss.luck", "1", "triplet must have the parameter of the axis, got 'luck' beside margin"),
        ("loss.margin", "wide", "loss.margin: margin must be a number from"),
    ],
)
def test_what_is_no_axis_is_refused(axis: str, value: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        along(BASE, axis, [value])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"strategies": along(BASE, "miner", ["all"])},
            "must have two strategies or more, by different names, got all",
        ),
        ({"strategies": (Strategy("a", BASE), Strategy("a", BASE))}, "got a, a"),
        ({"seeds": ()}, "seeds must be different ones, at least one, got"),
        ({"seeds": (1, 1)}, "seeds must be different ones"),
        ({"budget": Budget(UPDATES, 0)}, "at least 1 update, or a number of updates, passes, seconds, got 0 updates"),
        ({"budget": Budget(UPDATES, 0.5)}, "got 0.5 updates"),
        ({"budget": Budget(UPDATES, float("inf"))}, "got inf updates"),
        ({"budget": Budget(SECONDS, 0.0)}, "got 0 seconds"),
        ({"budget": Budget("epochs", 3)}, "got 3 epochs"),
        ({"folds": 1}, "folds must be 0 for one split, or 2 and more, got 1"),
        ({"seeds": tuple(range(501))}, "at most 1,000 trainings, got 1,002"),
    ],
)
def test_what_makes_no_comparison_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plan(**changes)


def test_as_many_samples_are_looked_at_as_are_held_out_and_the_same_from_every_seed() -> None:
    members = plan((0, 1, 2)).members()
    probes = [prepare(one.experiment).probe_rows for one in members]
    assert all(np.array_equal(probe, prepare(members[0].experiment).evaluation_rows) for probe in probes)


@pytest.mark.parametrize("kind", [name for name in SAMPLERS if name != "n-pairs"])
def test_batches_of_another_sampler_are_as_large(kind: str) -> None:
    for base in (BASE, replace(BASE, sampler=Shuffled(batch_size=60))):
        size = 80 if base is BASE else 60
        (made,) = along(base, "sampler", [kind])
        sampler, labels = made.experiment.sampler, torch.tensor(base.dataset.labels())
        batch = next(iter(sampler.batches(labels, torch.Generator(), torch.rand(10, 3))))
        assert len(batch) == size, "as many samples in as many updates"
        assert made.experiment.changed({"sampler": base.sampler.described()}) == base, "and nothing else is changed"


def test_a_sampler_that_chooses_classes_has_some_to_choose_from() -> None:
    (made,) = along(BASE, "sampler", ["hard-classes"])
    assert made.experiment.sampler.described() == {
        "kind": "hard-classes",
        "classes_per_batch": 5,
        "samples_per_class": 16,
    }
    (pairs,) = along(BASE, "sampler", ["n-pairs"])
    assert pairs.experiment.sampler == NPairs(classes_per_batch=10), "there are no more than ten digits"


def test_forks_are_other_runs_than_the_same_trainings_from_their_start() -> None:
    origin = Origin("a" * 32, "parent", "", 10, 2.0, "b" * 64)
    fresh, forks = plan().members(), plan(origin=origin).members()
    assert [one.experiment for one in fresh] == [one.experiment for one in forks]
    assert all(one.run_id == one.experiment.run_id() for one in fresh)
    assert {one.run_id for one in fresh}.isdisjoint({one.run_id for one in forks})
    later = plan(origin=replace(origin, step=11, sha256="c" * 64)).members()
    assert len({one.run_id for one in (*fresh, *forks, *later)}) == 12
    with pytest.raises(ValueError, match="forks must keep the split of the run that they start from, got 5 folds"):
        plan(origin=origin, folds=5)


def test_two_names_of_one_training_are_no_comparison() -> None:
    softmax = replace(BASE, loss=Softmax())
    other = softmax.changed({"miner": {"kind": "all"}})
    with pytest.raises(ValueError, match="strategies must be different trainings, got a and b, which are the same one"):
        Plan((Strategy("a", softmax), Strategy("b", other)), (0,), BUDGET)
    with pytest.raises(ValueError, match="got margin 0.2 and margin 0.20"):
        Plan(along(BASE, "loss.margin", ["0.2", "0.20"]), (0,), BUDGET)


def test_a_loss_sees_as_many_samples_as_the_others() -> None:
    strategies = along(BASE, "loss", ["triplet", "softmax", "n-pair", "arc-face"])
    sizes = {one.name: samples_of(one.experiment) for one in strategies}
    assert sizes["triplet"] == sizes["softmax"] == sizes["arc-face"] == 80
    assert sizes["n-pair"] == 20, "of ten digits there are no more pairs at a time"
