from __future__ import annotations

import pytest
import torch
from torchvision.transforms.v2 import functional

from core.augmentations import CropsAndColour
from core.augmentations.crops_and_colour import blended, grey_values, resized_crops
from core.augmentations.random_boxes import Boxes, random_boxes

STILL = {"smallest_crop": 1.0, "brightness": 0.0, "contrast": 0.0, "saturation": 0.0}


def images(channels: int = 3, count: int = 40) -> torch.Tensor:
    return torch.rand(count, channels, 12, 16, generator=torch.Generator().manual_seed(1))


def changed(augmentation: CropsAndColour, pixels: torch.Tensor) -> torch.Tensor:
    return augmentation(pixels, torch.Generator().manual_seed(2))


def each(boxes: Boxes) -> list[list[int]]:
    return torch.stack(boxes, 1).tolist()


@pytest.mark.parametrize("channels", [1, 3])
def test_a_crop_is_that_of_torchvision_image_by_image(channels: int) -> None:
    pixels = images(channels)
    boxes, _ = random_boxes(40, (12, 16), (0.1, 1.0), (0.5, 2.0), torch.Generator().manual_seed(3))
    boxes = Boxes(*(torch.cat([part, torch.tensor([whole])]) for part, whole in zip(boxes, (3, 5, 1, 1), strict=True)))
    pixels = torch.cat([pixels, pixels[:1]])
    expected = [functional.resized_crop(one, *box, [12, 16]) for one, box in zip(pixels, each(boxes), strict=True)]
    torch.testing.assert_close(resized_crops(pixels, boxes), torch.stack(expected), rtol=0, atol=1e-6)


@pytest.mark.parametrize("factor", [0.0, 0.4, 1.0, 1.7])
def test_brightness_contrast_and_saturation_are_those_of_torchvision(factor: float) -> None:
    pixels, by = images(), torch.tensor(factor)
    black, grey = torch.zeros_like(pixels), grey_values(pixels)
    mean = grey.mean(dim=(1, 2, 3), keepdim=True)
    pairs = [
        (black, functional.adjust_brightness),
        (mean, functional.adjust_contrast),
        (grey, functional.adjust_saturation),
    ]
    for others, adjusted in pairs:
        torch.testing.assert_close(blended(pixels, others, by), adjusted(pixels, factor), rtol=0, atol=1e-6)
    torch.testing.assert_close(grey, functional.rgb_to_grayscale(pixels))


@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation"])
def test_one_strength_alone_gives_what_torchvision_gives_for_some_factor(name: str) -> None:
    """The factor is found from the images: it must be one for an image, within the strength, and another for others."""
    pixels = 0.3 + 0.4 * images()
    after = changed(CropsAndColour(**STILL | {name: 0.4}), pixels)
    factors = []
    for one, other in zip(pixels, after, strict=True):
        tried = torch.linspace(0.6, 1.4, 801).tolist()
        adjust = getattr(functional, f"adjust_{name}")
        errors = [float((adjust(one, factor) - other).abs().max()) for factor in tried]
        assert min(errors) < 1e-3
        factors.append(tried[errors.index(min(errors))])
    assert min(factors) < 0.75 and max(factors) > 1.25 and len(set(factors)) > 30


def test_with_no_strength_images_stay_as_they_are() -> None:
    for pixels in (images(1), images(3)):
        assert torch.equal(changed(CropsAndColour(**STILL), pixels), pixels)


def test_half_of_the_images_are_mirrored_and_the_asked_share_made_grey() -> None:
    pixels = images(count=400)
    mirrored = changed(CropsAndColour(**STILL | {"mirror": True}), pixels)
    flips = [torch.equal(one.flip(2), after) for one, after in zip(pixels, mirrored, strict=True)]
    kept = [torch.equal(one, after) for one, after in zip(pixels, mirrored, strict=True)]
    assert all(a != b for a, b in zip(flips, kept, strict=True)) and 150 < sum(flips) < 250
    grey = changed(CropsAndColour(**STILL | {"grey": 0.25}), pixels)
    is_grey = (grey[:, 0] == grey[:, 1]).flatten(1).all(1)
    assert 70 < int(is_grey.sum()) < 130
    torch.testing.assert_close(grey[is_grey][:, :1], functional.rgb_to_grayscale(pixels[is_grey]))


def test_every_image_of_a_batch_has_draws_of_its_own() -> None:
    same = images(count=1).expand(30, -1, -1, -1)
    assert len(torch.unique(changed(CropsAndColour(), same).flatten(1), dim=0)) == 30
