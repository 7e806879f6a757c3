from __future__ import annotations

import torch
from torchvision.transforms.v2 import functional

from core.augmentations import Erasing


def changed(augmentation: Erasing, pixels: torch.Tensor) -> torch.Tensor:
    return augmentation(pixels, torch.Generator().manual_seed(4))


def test_one_rectangle_is_black_as_torchvision_erases_it() -> None:
    pixels = 0.1 + 0.9 * torch.rand(100, 3, 16, 12, generator=torch.Generator().manual_seed(0))
    after = changed(Erasing(share=1.0, largest=0.33), pixels)
    areas = []
    for one, other in zip(pixels, after, strict=True):
        rows, columns = (other[0] == 0).any(1).nonzero().flatten(), (other[0] == 0).any(0).nonzero().flatten()
        assert len(rows) and len(columns)
        top, left, high, wide = int(rows[0]), int(columns[0]), len(rows), len(columns)
        erased = functional.erase(one, top, left, high, wide, torch.zeros(3, 1, 1))
        assert torch.equal(erased, other)
        areas.append(high * wide / (16 * 12))
    assert max(areas) < 0.4 and max(areas) > 0.25 and min(areas) < 0.06


def test_the_asked_share_is_erased_and_none_at_zero() -> None:
    pixels = torch.ones(400, 1, 12, 12)
    assert torch.equal(changed(Erasing(share=0.0), pixels), pixels)
    touched = (changed(Erasing(share=0.25), pixels) == 0).flatten(1).any(1)
    assert 70 < int(touched.sum()) < 130
