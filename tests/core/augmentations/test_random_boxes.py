from __future__ import annotations

import pytest
import torch

from core.augmentations.random_boxes import random_boxes


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("size", [(8, 8), (12, 30), (1, 1)], ids=str)
def test_boxes_lie_inside_of_the_image_and_take_the_area_and_shape_that_were_asked_for(size: tuple[int, int]) -> None:
    boxes, found = random_boxes(500, size, (0.25, 0.5), (0.75, 4 / 3), generator())
    assert (boxes.top >= 0).all() and (boxes.left >= 0).all()
    assert (boxes.top + boxes.height <= size[0]).all() and (boxes.left + boxes.width <= size[1]).all()
    if size != (1, 1):
        assert found.float().mean() > 0.9 and len({tuple(row) for row in torch.stack(boxes, 1).tolist()}) > 50
        area = (boxes.height * boxes.width)[found] / (size[0] * size[1])
        assert 0.3 < area.mean() < 0.45, "rounded to whole pixels, uniform from a quarter to a half"


def test_the_whole_image_is_taken_where_no_box_fits() -> None:
    boxes, found = random_boxes(20, (4, 40), (0.9, 1.0), (0.9, 1.1), generator())
    assert not found.any()
    assert (boxes.height == 4).all() and (boxes.width == 40).all() and not boxes.top.any() and not boxes.left.any()


def test_every_place_is_drawn() -> None:
    boxes, _ = random_boxes(2000, (4, 4), (0.25, 0.25), (1.0, 1.0), generator())
    assert set(zip(boxes.top.tolist(), boxes.left.tolist(), strict=True)) == {
        (y, x) for y in range(3) for x in range(3)
    }
