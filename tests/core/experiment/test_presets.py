from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.experiment.prepared_data import prepare
from core.experiment.presets import PRESETS, Preset, head_on
from tests.core.heads import brought, vectors

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


@pytest.mark.parametrize("numbers, dimension", [(2, 2), (12, 16), (128, 128), (300, 128)])
def test_a_head_fits_the_vectors_that_it_is_put_on(rng: np.random.Generator, numbers: int, dimension: int) -> None:
    """Of sixteen identities ten are learned from, fewer than a batch would like to have."""
    samples = replace(vectors(), values=rng.normal(size=(128, numbers)).astype(np.float32))
    experiment = head_on(brought(samples).data)
    assert experiment.encoder.dimension == dimension and experiment.split.name == "by-identity"
    assert len(prepare(experiment).training_rows) == 80


def test_a_head_on_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="brought must be given data of yours"):
        head_on("")
