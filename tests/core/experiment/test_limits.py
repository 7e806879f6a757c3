"""What a class may train."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from core.datasets.strokes import Strokes
from core.experiment.experiment import Experiment
from core.experiment.limits import Limits
from core.experiment.presets import PRESETS
from core.losses import Contrastive

BASE = Experiment()


def of_length(**changes: float) -> Experiment:
    return replace(BASE, schedule=replace(BASE.schedule, **changes))


def is_within(limits: Limits, experiment: Experiment, updates_per_epoch: int) -> bool:
    """By the definition, one after the other."""
    schedule = experiment.schedule
    if limits.data and experiment.dataset.name not in limits.data:
        return False
    if not (limits.epochs or limits.updates):
        return True
    if schedule.updates:
        updates = schedule.updates
    elif schedule.seconds:
        return False
    else:
        updates = schedule.epochs * updates_per_epoch
    if limits.epochs and updates > limits.epochs * updates_per_epoch:
        return False
    return not limits.updates or updates <= limits.updates


def test_lengths_are_limited_as_the_schedule_ends_a_training() -> None:
    drawn, seen = random.Random(0), set()
    for _ in range(400):
        limits = Limits(epochs=drawn.choice([0, 5]), updates=drawn.choice([0, 50]))
        updates, seconds = drawn.choice([0, 49, 50, 51]), drawn.choice([0.0, 9.0])
        experiment = of_length(epochs=drawn.choice([4, 5, 6]), updates=updates, seconds=seconds)
        expected = is_within(limits, experiment, 10)
        seen.add(expected)
        if expected:
            limits.check(experiment, 10)
        else:
            with pytest.raises(ValueError, match="a training of this class must"):
                limits.check(experiment, 10)
    assert seen == {True, False}


def test_a_limit_of_updates_cannot_be_passed_by_many_epochs_that_do_not_count() -> None:
    Limits(epochs=5).check(of_length(epochs=1000, updates=50), 10)
    with pytest.raises(ValueError, match="at most 5 epochs, got 5.1"):
        Limits(epochs=5).check(of_length(epochs=1, updates=51), 10)


def test_other_data_are_refused() -> None:
    Limits(data=("strokes",)).check(replace(BASE, dataset=Strokes()))
    with pytest.raises(ValueError, match=r"one of those of this class \(strokes\), got digits"):
        Limits(data=("strokes",)).check(BASE)


@pytest.mark.parametrize("name", PRESETS)
def test_of_a_preset_seed_and_length_are_free_and_nothing_else(name: str) -> None:
    preset, limits = PRESETS[name].experiment, Limits(presets=(name,))
    limits.check(replace(preset, schedule=replace(preset.schedule, seed=7, epochs=3, updates=20)))
    for other in (
        replace(preset, loss=Contrastive(margin=0.91)),
        replace(preset, schedule=replace(preset.schedule, learning_rate=0.0123)),
    ):
        with pytest.raises(ValueError, match="the settings must be those of a preset of this class"):
            limits.check(other)


@pytest.mark.parametrize(
    "text", ["", "epochs=20", "updates=600", "data=digits+strokes", "epochs=1,updates=2,data=faces,presets=hardest"]
)
def test_what_is_written_is_read_again(text: str) -> None:
    assert Limits.read(text).written == text


def test_a_plus_that_an_address_has_turned_into_a_space_still_separates() -> None:
    assert Limits.read("data=digits strokes, epochs=3") == Limits(epochs=3, data=("digits", "strokes"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("epoch=3", "a limit must be one of epochs, updates, data, presets, each once, got 'epoch=3'"),
        ("epochs=3,epochs=4", "each once"),
        ("epochs=0", "the limit of epochs must be a whole number from 1 to 1000, got '0'"),
        ("epochs=1001", "got '1001'"),
        ("epochs=²", "got '²'"),
        ("updates=", "the limit of updates must be a whole number"),
        ("updates=" + "9" * 5000, "the limit of updates must be a whole number"),
        ("data=digits+cats", "the limit of data must name some of .*, got 'cats'"),
        ("presets=", "the limit of presets must name some of"),
    ],
)
def test_what_is_no_limit_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Limits.read(text)
