from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.images import Images
from core.experiment.prepared_data import prepare
from core.experiment.presets import PRESETS, Preset, suited_to
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
    experiment = suited_to(brought(samples).data)
    assert experiment.encoder.dimension == dimension and experiment.split.name == "by-identity"
    assert len(prepare(experiment).training_rows) == 80


def test_nothing_is_suited_to_no_data() -> None:
    with pytest.raises(ValueError, match="brought must be given data of yours"):
        suited_to("")


def test_images_that_somebody_brought_get_a_network_and_are_judged_by_strangers(rng: np.random.Generator) -> None:
    """Of ten people with six pictures each six are learned from: one update sees 24, so 600 would take 400 epochs."""
    pixels = rng.integers(0, 256, (60, 20, 24, 3), dtype=np.uint8)
    people = Images(pixels, np.repeat(np.arange(10), 6), tuple(f"person {label}" for label in range(10)))
    experiment = suited_to(brought(people, "people.zip").data)
    assert (experiment.encoder.name, experiment.split.name) == ("compact-cnn", "by-identity")
    assert (experiment.schedule.epochs, experiment.schedule.shift, experiment.schedule.mirror) == (60, 2, False)
    assert experiment.sampler.described() == {"kind": "p-by-k", "classes_per_batch": 6, "samples_per_class": 4}
    assert len(prepare(experiment).training_rows) == 36


def test_too_few_people_to_hold_some_out_are_said_to_be(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, (9, 20, 20), dtype=np.uint8)
    people = Images(pixels, np.repeat(np.arange(3), 3), ("Ann", "Ben", "Cas"))
    with pytest.raises(ValueError, match="by-identity must have at least 2 identities on either side"):
        suited_to(brought(people, "people.zip").data)
