from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torchvision.transforms import v2

from core.augmentations import CropsAndColour, Erasing, TurnsAndShifts
from core.augmentations.base import SEEDS, Augmentation

IMAGES = torch.rand(5, 3, 12, 16, generator=torch.Generator().manual_seed(0))


def test_who_says_nothing_of_what_it_does_cannot_be_called() -> None:
    with pytest.raises(NotImplementedError):
        Augmentation()(torch.zeros(1, 1, 2, 2), torch.Generator())


@pytest.mark.parametrize(
    ("augmentation", "by_hand"),
    [
        (
            CropsAndColour(smallest_crop=0.3, aspect=2.0, mirror=True, hue=0.1, grey=0.3),
            v2.Compose(
                [
                    v2.RandomResizedCrop((12, 16), scale=(0.3, 1.0), ratio=(0.5, 2.0)),
                    v2.RandomHorizontalFlip(),
                    v2.ColorJitter(0.2, 0.2, 0.2, 0.1),
                    v2.RandomGrayscale(0.3),
                ]
            ),
        ),
        (Erasing(share=0.7, largest=0.4), v2.RandomErasing(0.7, scale=(0.02, 0.4))),
        (
            TurnsAndShifts(turn=20.0, shift=0.25, zoom=1.5),
            v2.Compose(
                [
                    v2.Pad([8, 6], padding_mode="edge"),
                    v2.RandomAffine(20, (0.125, 0.125), (1 / 1.5, 1.5), interpolation=v2.InterpolationMode.BILINEAR),
                    v2.CenterCrop((12, 16)),
                ]
            ),
        ),
    ],
    ids=["crops and colour", "erasing", "turns and shifts"],
)
def test_each_image_is_what_torchvision_makes_of_it_by_the_next_draws(
    augmentation: Augmentation, by_hand: Callable[[torch.Tensor], torch.Tensor]
) -> None:
    generator = torch.Generator().manual_seed(3)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(SEEDS, (), generator=generator)))
        expected = [by_hand(image) for image in IMAGES]
    found = augmentation(IMAGES, torch.Generator().manual_seed(3))
    assert torch.equal(found, torch.stack(expected).clamp(0, 1)) and not torch.equal(found, IMAGES)
