from __future__ import annotations

import torch

from core.encoders import ResidualCnn


def test_a_block_whose_path_gives_nothing_passes_its_input_on() -> None:
    module = ResidualCnn().build(8, 8, torch.Generator().manual_seed(0)).eval()
    block = module[3]
    torch.nn.init.zeros_(block.path[-1].weight)
    images = torch.rand(2, 24, 8, 8, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(block(images), images)


def test_a_block_that_changes_shape_has_a_shortcut_that_changes_it_too() -> None:
    module = ResidualCnn().build(28, 28, torch.Generator().manual_seed(0))
    features = module[:3](torch.zeros(2, 1, 28, 28))
    sides = []
    for block in module[3:6]:
        features = block(features)
        sides.append(tuple(features.shape[1:3]))
    assert sides == [(24, 14), (48, 7), (96, 4)]
