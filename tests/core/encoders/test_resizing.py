from __future__ import annotations

import pytest
import torch
from torchvision.transforms.v2 import functional as transforms

from core.encoders.resizing import resizing


@pytest.mark.parametrize("size, side", [(1, 5), (9, 4), (4, 9), (7, 7), (200, 64)])
def test_a_row_of_pixels_becomes_what_torchvision_makes_of_it(size: int, side: int) -> None:
    row = torch.rand(1, 1, size, generator=torch.Generator().manual_seed(0))
    expected = transforms.resize(row, [1, side], antialias=True)[0, 0]
    torch.testing.assert_close(resizing(size, side) @ row[0, 0], expected, rtol=1e-4, atol=1e-5)


def test_a_part_is_resized_as_if_it_were_alone() -> None:
    row = torch.rand(20, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(resizing(20, 6, 3, 17) @ row, resizing(14, 6) @ row[3:17])
    torch.testing.assert_close(resizing(20, 6, 0, 20), resizing(20, 6))
