"""What differs between two experiments, and what a loss that is chosen changes for its reader."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.datasets.fashion_mnist import FashionMnist
from core.experiment.experiment import Experiment
from core.experiment.setting_changes import setting_differences, suited_to_loss, undone
from core.losses import LOSSES, Contrastive, Softmax, Triplet
from core.miners import BatchHard
from core.samplers import PByK, Shuffled


def test_another_member_is_one_difference_and_another_number_one_each() -> None:
    here = Experiment().changed({"loss": {"margin": 0.35}, "schedule": {"epochs": 7, "learning_rate": 0.01}})
    there = Experiment(sampler=Shuffled(64))
    found = {difference.title: (difference.here, difference.there) for difference in setting_differences(here, there)}
    assert found == {
        "sampler": ("p-by-k", "shuffled"),
        "loss, margin": (0.35, 0.2),
        "epochs": (7, 20),
        "learning rate": (0.01, 0.001),
    }
    assert setting_differences(here, here) == []


def test_a_miner_that_nobody_asks_is_no_difference() -> None:
    mined = Experiment(loss=Softmax()), Experiment(loss=Softmax(), miner=BatchHard())
    assert setting_differences(*mined) == [] and mined[0].run_id() == mined[1].run_id()
    asked = setting_differences(Experiment(), Experiment(miner=BatchHard()))
    assert [difference.title for difference in asked] == ["miner"]


def test_a_folder_of_the_server_is_no_difference() -> None:
    assert setting_differences(*(Experiment(FashionMnist("full", folder)) for folder in ("/here", "/there"))) == []


@pytest.mark.parametrize("kind", LOSSES.values(), ids=LOSSES)
def test_a_loss_says_why_it_wants_what_it_wants(kind: type) -> None:
    assert kind.suits_because.keys() == kind.suits.keys()
    assert all(why and not why.endswith(".") for why in kind.suits_because.values())


@pytest.mark.parametrize("kind", LOSSES.values(), ids=LOSSES)
def test_every_change_is_listed_with_a_reason_and_all_of_them_are_undone(kind: type) -> None:
    mine = Experiment(sampler=PByK(5, 4), miner=BatchHard()).changed({"schedule": {"epochs": 7, "learning_rate": 0.01}})
    chosen = replace(mine, loss=kind())
    suited = suited_to_loss(chosen, Triplet(), None)
    assert suited.experiment == chosen.changed(kind.suits)
    changed = {change.difference.family for change in suited.changes}
    assert changed == {family for family in kind.suits if getattr(chosen, family) != getattr(suited.experiment, family)}
    assert all(kind.suits_because[change.difference.family] in change.because for change in suited.changes)
    assert undone(suited.experiment, suited.changes, chosen) == chosen


def test_what_was_lent_to_a_loss_goes_back_when_another_is_chosen() -> None:
    mine = Experiment(sampler=PByK(5, 4), miner=BatchHard())
    first = suited_to_loss(replace(mine, loss=LOSSES["center"]()), Triplet(), None)
    assert first.experiment.sampler == Shuffled()
    second = suited_to_loss(replace(first.experiment, loss=Triplet()), first.experiment.loss, first.lent)
    assert second.experiment == mine
    assert {change.because for change in second.changes} == {"it had been changed for center"}
    assert undone(second.experiment, second.changes, first.experiment) == replace(first.experiment, loss=Triplet())


def test_what_was_changed_by_hand_since_does_not_go_back() -> None:
    first = suited_to_loss(Experiment(loss=Contrastive()), Triplet(), None)
    by_hand = replace(first.experiment, miner=BatchHard(), loss=Triplet())
    assert suited_to_loss(by_hand, Contrastive(), first.lent).experiment == by_hand


def test_of_a_loss_that_was_not_chosen_here_the_defaults_come_back() -> None:
    recorded = Experiment.suited(LOSSES["center"]())
    chosen = replace(recorded, loss=Triplet())
    assert suited_to_loss(chosen, recorded.loss, None).experiment == Experiment()
