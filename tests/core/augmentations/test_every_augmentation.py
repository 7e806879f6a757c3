from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from core.augmentations import AUGMENTATIONS
from core.augmentations.base import Augmentation
from core.experiment.prepared_data import prepare
from core.training.learner import Learner
from tests.core.heads import brought, head, vectors
from tests.core.trainings import SMALL, material

EVERY = [pytest.param(kind(), id=name) for name, kind in AUGMENTATIONS.items()]
CHANGING = [pytest.param(kind(), id=name) for name, kind in AUGMENTATIONS.items() if kind.changes]


def images(channels: int) -> torch.Tensor:
    return torch.rand(30, channels, 9, 14, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("augmentation", EVERY)
def test_size_and_range_stay_and_the_given_images_too(augmentation: Augmentation, channels: int) -> None:
    given = images(channels)
    before = given.clone()
    for pixels in (given, given[:1], given[:, :, :1, :1]):
        after = augmentation(pixels, torch.Generator().manual_seed(0))
        assert after.shape == pixels.shape and after.dtype == pixels.dtype
        assert after.min() >= 0 and after.max() <= 1 + 1e-6
    assert torch.equal(given, before)


@pytest.mark.parametrize("augmentation", EVERY)
def test_draws_come_from_the_generator_alone(augmentation: Augmentation) -> None:
    """The same state gives the same images, whatever torch's own generator does, which is left as it was."""
    torch.manual_seed(1)
    state = torch.get_rng_state()
    first = augmentation(images(3), torch.Generator().manual_seed(7))
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(2)
    assert torch.equal(augmentation(images(3), torch.Generator().manual_seed(7)), first)


@pytest.mark.parametrize("augmentation", CHANGING)
def test_another_seed_gives_other_images(augmentation: Augmentation) -> None:
    first, other = (augmentation(images(3), torch.Generator().manual_seed(seed)) for seed in (1, 2))
    assert not torch.equal(first, other)


@pytest.mark.parametrize("augmentation", CHANGING)
def test_the_encoder_learns_from_changed_images_and_is_judged_by_untouched_ones(augmentation: Augmentation) -> None:
    experiment = replace(SMALL, augmentation=augmentation)
    one, plain = (Learner(each, material(each), "cpu") for each in (experiment, SMALL))
    assert torch.equal(one.probe_images, plain.probe_images)
    pixels = one.training_images * one.deviation + one.mean
    one.generator.manual_seed(5)
    expected = augmentation(pixels.clamp(0, 1), torch.Generator().manual_seed(5))
    torch.testing.assert_close(one.varied(one.training_images) * one.deviation + one.mean, expected)
    assert one.update(torch.arange(40), 1, 0.1, 0.001).gradient_norm > 0


@pytest.mark.parametrize("augmentation", CHANGING)
def test_vectors_are_refused(augmentation: Augmentation) -> None:
    experiment = replace(head(brought(vectors())), augmentation=augmentation)
    with pytest.raises(ValueError, match=f"augmentation must be untouched for vectors.*{augmentation.name}. Set it"):
        prepare(experiment)
