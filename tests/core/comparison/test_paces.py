"""How long a training takes, by what its samples and its looks cost; and how much slower another machine is."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest

from core.comparison import paces
from core.comparison.paces import OF_A_POINT, OF_A_RUN, OF_A_SNAPSHOT, Work, pace_here, pace_name, work_of
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.encoders import Backbone, Mlp
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.samplers import Shuffled

DIGITS = Experiment()


def test_every_preset_has_a_pace() -> None:
    for preset in PRESETS.values():
        assert paces.paces()[pace_name(preset.experiment)].keys() == {"samples", "points"}
        found = work_of(preset.experiment)
        assert found is not None and 0.1 < found.seconds < 3600 and OF_A_RUN < found.bytes < 1e9


def test_seconds_are_those_of_samples_and_of_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paces, "paces", lambda: {"digits compact-cnn": {"samples": 2.0, "points": 3.0}})
    member = Plan(along(DIGITS, "miner", ["all", "random"]), (0,), Budget(UPDATES, 50)).members()[0].experiment
    points = len(DIGITS.split.split_of(DIGITS.dataset).evaluation_rows)
    found = work_of(member)
    assert found is not None
    assert found.seconds == pytest.approx(50 * 80 / 1000 * 2 + 13 * points / 1000 * 3)
    assert found.bytes == OF_A_RUN + points * (OF_A_POINT + 13 * (OF_A_SNAPSHOT + 4 * 64))
    twice = work_of(replace(member, sampler=Shuffled(batch_size=160)))
    assert twice is not None and twice.seconds - found.seconds == pytest.approx(50 * 80 / 1000 * 2)
    assert work_of(replace(DIGITS, encoder=Mlp())) is None, "nothing is known of it"


def test_a_machine_is_as_slow_as_it_was() -> None:
    assert pace_here([]) == 1.0
    earlier = [(Work(10.0, 0.0), 30.0), (Work(5.0, 0.0), 10.0), (Work(1.0, 0.0), 100.0), (Work(0.0, 0.0), 9.0)]
    assert pace_here(earlier) == pytest.approx(3.0), "the median of 2, 3 and 100"
    assert pace_here(earlier[:2]) == pytest.approx(exp((log(3) + log(2)) / 2))


def test_a_brought_network_has_no_pace() -> None:
    assert pace_name(replace(DIGITS, encoder=Backbone())) not in paces.paces()
