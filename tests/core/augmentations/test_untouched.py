from __future__ import annotations

import torch

from core.augmentations import Untouched


def test_images_are_handed_on_and_nothing_is_drawn() -> None:
    images, generator = torch.rand(3, 1, 4, 4), torch.Generator().manual_seed(0)
    before = generator.get_state()
    assert Untouched()(images, generator) is images and torch.equal(generator.get_state(), before)
