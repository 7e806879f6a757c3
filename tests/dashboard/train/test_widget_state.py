"""What the widgets hold is an experiment, whole and exactly."""

from __future__ import annotations

import pytest

from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.losses import LOSSES
from tests.dashboard.settings_page import drawn, shown

EXPERIMENTS = {name: preset.experiment for name, preset in PRESETS.items()}
EXPERIMENTS |= {name: Experiment.suited(kind()) for name, kind in LOSSES.items()}


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_an_experiment_that_is_adopted_is_what_the_widgets_say(experiment: Experiment) -> None:
    assert shown(drawn(experiment)) == experiment
