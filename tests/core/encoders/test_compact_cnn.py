from __future__ import annotations

import pytest
import torch

from core.encoders import CompactCnn


def resolution(side: int) -> int:
    """The side of the last feature map before it is averaged."""
    module = CompactCnn().build(side, side, torch.Generator().manual_seed(0))
    averaging = next(i for i, layer in enumerate(module) if isinstance(layer, torch.nn.AdaptiveAvgPool2d))
    return module[:averaging](torch.zeros(2, 1, side, side)).shape[-1]


@pytest.mark.parametrize("dimension", [2, 32, 64, 128])
def test_has_about_a_hundred_thousand_weights(dimension: int) -> None:
    module = CompactCnn(dimension=dimension).build(28, 28, torch.Generator().manual_seed(0))
    assert 80_000 < sum(weight.numel() for weight in module.parameters()) < 120_000


def test_small_images_keep_their_resolution_in_the_first_layer() -> None:
    assert resolution(8) == 2  # 8, 4, 2
    assert resolution(28) == 4  # 14, 7, 4
