"""What can be compared, and with which values one begins."""

from __future__ import annotations

import pytest

from core.comparison.axes import MARGIN, USUAL, members_of, parameters_of, suggested
from core.comparison.plan import along
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.presets import PRESETS
from core.params import params_of

BASE = Experiment()


@pytest.mark.parametrize("family", USUAL)
def test_the_usual_members_are_there_and_make_strategies(family: str) -> None:
    assert set(USUAL[family]) <= set(members_of(family)) <= set(FAMILIES[family])
    assert [one.name for one in along(BASE, family, USUAL[family])] == list(USUAL[family])


@pytest.mark.parametrize("preset", PRESETS)
def test_every_parameter_that_is_offered_makes_strategies_by_its_suggested_values(preset: str) -> None:
    base = PRESETS[preset].experiment
    for parameter in parameters_of(base):
        values = suggested(base, parameter)
        strategies = along(base, parameter, values)
        family, _, name = parameter.partition(".")
        found = [one.experiment.described()[family][name] for one in strategies]
        assert getattr(base, family).described()[name] in found, "its own value is among them"
        assert len(set(map(str, found))) == len(values) <= 3


def test_conditions_are_the_same_for_all_and_not_offered() -> None:
    offered = parameters_of(BASE)
    assert MARGIN in offered and "schedule.learning_rate" in offered
    assert not any(name.startswith(("dataset.", "split.")) for name in offered)
    assert not {f"schedule.{name}" for name in ("seed", "updates", "epochs", "snapshots")} & set(offered)
    assert {one.name for one in params_of(BASE.loss)} <= {name.partition(".")[2] for name in offered}


def test_values_are_around_its_own() -> None:
    assert suggested(BASE, MARGIN) == ["0.1", "0.2", "0.4"]
    assert suggested(BASE, "sampler.samples_per_class") == ["4", "8", "16"]
    assert suggested(BASE, "encoder.dimension") == ["32", "64", "128"]
    assert suggested(BASE, "schedule.mirror") == ["false", "true"]
    assert suggested(BASE, "schedule.weight_decay") == ["0", "0.01", "0.1"]
