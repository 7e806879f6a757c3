from __future__ import annotations

import pytest

from core.experiment.prepared_data import prepare
from core.experiment.presets import PRESETS, Preset

EVERY = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


@EVERY
def test_a_preset_fits_its_data_which_needs_no_download(preset: Preset) -> None:
    assert not preset.experiment.dataset.needs_download
    given = prepare(preset.experiment)
    assert len(given.training_rows) >= 200 and len(given.probe_rows) >= 200


def test_presets_are_different_runs_with_different_names() -> None:
    assert len({preset.experiment.run_id() for preset in PRESETS.values()}) == len(PRESETS)
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)


@EVERY
def test_a_preset_says_why_one_would_look_at_it(preset: Preset) -> None:
    assert preset.title and preset.why.endswith(".")
