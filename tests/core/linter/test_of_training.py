"""Each rule on training at its edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from core.encoders import CompactCnn
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.linter import of_training
from core.linter.findings import Rule
from core.losses import ASoftmax, Center, MarginBased, ProxyAnchor, Softmax
from core.miners import BatchHard, HardNegative, SemiHard

ANNEALED = {"loss": {"annealing_start": 1000.0, "annealing_rate": 0.12, "annealing_floor": 5.0}}
SLOWED = {"schedule": {"learning_rate": 0.001, "warm_up": 2.0}}


@pytest.mark.parametrize(
    ("rule", "experiment", "changes"),
    [
        (of_training.centre_loss_alone, Experiment(loss=Center(softmax_weight=0.0)), {"loss": {"softmax_weight": 1.0}}),
        (of_training.centre_loss_alone, Experiment(loss=Center(softmax_weight=0.01)), None),
        (of_training.centre_loss_alone, Experiment(loss=Softmax()), None),
        (of_training.no_annealing, Experiment(loss=ASoftmax(annealing_start=0.0)), ANNEALED),
        (of_training.no_annealing, Experiment(loss=ASoftmax(annealing_floor=0.0)), ANNEALED),
        (of_training.no_annealing, Experiment(loss=ASoftmax(annealing_start=0.0, multiple=1)), None),
        (of_training.no_annealing, Experiment(loss=ASoftmax()), None),
        (of_training.no_annealing, Experiment(), None),
        (
            of_training.activation,
            Experiment(encoder=CompactCnn(activation="relu")),
            {"encoder": {"activation": "none"}},
        ),
        (of_training.activation, Experiment(), None),
        (
            of_training.own_rate,
            Experiment(loss=ProxyAnchor(proxy_rate=0.0009)),
            {"loss": {"proxy_rate": pytest.approx(0.01)}},
        ),
        (of_training.own_rate, Experiment(loss=ProxyAnchor(proxy_rate=0.001)), None),
        (
            of_training.own_rate,
            Experiment(loss=MarginBased(boundary_rate=0.4), schedule=Schedule(learning_rate=0.5)),
            {"loss": {"boundary_rate": 1.0}},
        ),
        (of_training.own_rate, Experiment(loss=Center(), schedule=Schedule(learning_rate=0.9)), None),
        (of_training.own_rate, Experiment(), None),
        (
            of_training.hardest_at_full_speed,
            Experiment(miner=BatchHard(), schedule=Schedule(learning_rate=0.003)),
            SLOWED,
        ),
        (
            of_training.hardest_at_full_speed,
            Experiment(miner=BatchHard(), schedule=Schedule(learning_rate=0.0029)),
            None,
        ),
        (
            of_training.hardest_at_full_speed,
            Experiment(miner=HardNegative(), schedule=Schedule(learning_rate=0.1, warm_up=1.0)),
            None,
        ),
        (
            of_training.hardest_at_full_speed,
            Experiment(miner=SemiHard(), schedule=Schedule(learning_rate=0.1)),
            None,
        ),
        (
            of_training.hardest_at_full_speed,
            Experiment(miner=BatchHard(), loss=Softmax(), schedule=Schedule(learning_rate=0.1)),
            None,
        ),
    ],
)
def test_a_rule_finds_what_goes_wrong_and_nothing_else(
    rule: Rule, experiment: Experiment, changes: Mapping[str, Any] | None
) -> None:
    finding = rule(experiment, [140] * 10)
    assert (None if finding is None else finding.changes) == changes


def test_a_reason_names_the_numbers_that_are_set() -> None:
    slow = of_training.own_rate(Experiment(loss=ProxyAnchor(proxy_rate=0.0001)), [140] * 10)
    assert slow is not None and slow.reason.startswith("proxy rate is 0.0001, below the encoder's 0.001: ")
    assert slow.mend == "Set it to 0.01"
    hard = Experiment(miner=BatchHard(), schedule=Schedule(learning_rate=0.1))
    fast = of_training.hardest_at_full_speed(hard, [140] * 10)
    assert fast is not None and fast.reason.startswith("At a learning rate of 0.1 from the first step on, ")
