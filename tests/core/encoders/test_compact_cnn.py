from __future__ import annotations

import torch

from core.encoders import CompactCnn


def resolution(side: int) -> int:
    """The side of the last feature map before it is flattened."""
    module = CompactCnn().build(side, side, torch.Generator().manual_seed(0))
    flattening = next(i for i, layer in enumerate(module) if isinstance(layer, torch.nn.Flatten))
    return module[:flattening](torch.zeros(2, 1, side, side)).shape[-1]


def test_has_about_a_hundred_thousand_weights() -> None:
    module = CompactCnn(dimension=64).build(28, 28, torch.Generator().manual_seed(0))
    assert 80_000 < sum(weight.numel() for weight in module.parameters()) < 120_000


def test_small_images_keep_their_resolution_in_the_first_layer() -> None:
    assert resolution(8) == 2  # 8, 4, 2
    assert resolution(28) == 4  # 14, 7, 4
