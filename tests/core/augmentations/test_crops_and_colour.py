from __future__ import annotations

import pytest
import torch
from torchvision.transforms.v2 import functional

from core.augmentations import CropsAndColour

STILL = {"smallest_crop": 1.0, "brightness": 0.0, "contrast": 0.0, "saturation": 0.0}


def images(channels: int = 3, count: int = 40) -> torch.Tensor:
    return torch.rand(count, channels, 12, 16, generator=torch.Generator().manual_seed(1))


def changed(augmentation: CropsAndColour, pixels: torch.Tensor) -> torch.Tensor:
    return augmentation(pixels, torch.Generator().manual_seed(2))


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


def test_a_crop_keeps_at_least_the_asked_share_of_a_slope() -> None:
    """Of an image that grows brighter evenly from left to right, the range that is left tells how wide the crop was."""
    slope = torch.linspace(0, 1, 64).expand(200, 1, 64, 64)
    after = changed(CropsAndColour(**STILL | {"smallest_crop": 0.5, "aspect": 1.0}), slope)
    widths = after[:, 0, 0, -1] - after[:, 0, 0, 0]
    assert 0.5**0.5 - 0.03 < widths.min() < 0.75 and widths.max() > 0.95


def test_hue_turns_colours_and_leaves_greys() -> None:
    pixels = images()
    turned = changed(CropsAndColour(**STILL | {"hue": 0.5}), pixels)
    torch.testing.assert_close(turned.amax(1), pixels.amax(1), rtol=0, atol=1e-5)
    assert (turned - pixels).abs().amax((1, 2, 3)).median() > 0.2
    grey = images(1).expand(-1, 3, -1, -1)
    torch.testing.assert_close(changed(CropsAndColour(**STILL | {"hue": 0.5}), grey), grey, rtol=0, atol=1e-5)
