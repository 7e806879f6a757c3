from __future__ import annotations

import pytest
import torch

from core.augmentations import TurnsAndShifts

STILL = {"turn": 0.0, "shift": 0.0, "zoom": 1.0}


def changed(augmentation: TurnsAndShifts, pixels: torch.Tensor) -> torch.Tensor:
    return augmentation(pixels, torch.Generator().manual_seed(4))


def test_with_no_strength_images_stay_as_they_are() -> None:
    pixels = torch.rand(4, 1, 7, 9)
    assert torch.equal(changed(TurnsAndShifts(**STILL), pixels), pixels)


@pytest.mark.parametrize("strength", [{"turn": 180.0}, {"shift": 0.5}, {"zoom": 2.0}], ids=str)
def test_an_image_of_one_value_keeps_it_since_its_border_is_repeated(strength: dict[str, float]) -> None:
    pixels = torch.full((60, 1, 11, 14), 0.7)
    inner = changed(TurnsAndShifts(**STILL | strength), pixels)
    if "turn" in strength:
        inner = inner[:, :, 3:-3, 3:-3]  # half a turn of a long image brings in what lies beyond its border
    torch.testing.assert_close(inner, torch.full_like(inner, 0.7))


def test_a_point_moves_by_at_most_the_share_in_both_directions() -> None:
    pixels = torch.zeros(300, 1, 20, 30)
    pixels[:, :, 10, 15] = 1.0
    moved = changed(TurnsAndShifts(**STILL | {"shift": 0.2}), pixels)[:, 0]
    weights = moved / moved.sum((1, 2), keepdim=True)
    rows = (weights.sum(2) * torch.arange(20)).sum(1) - 10
    columns = (weights.sum(1) * torch.arange(30)).sum(1) - 15
    assert 3.5 < rows.abs().max() <= 4.5 and 5.5 < columns.abs().max() <= 6.5
    assert rows.min() < -3 and rows.max() > 3 and columns.min() < -5 and columns.max() > 5


def test_a_square_grows_and_shrinks_by_at_most_the_zoom() -> None:
    pixels = torch.zeros(300, 1, 40, 40)
    pixels[:, :, 10:30, 10:30] = 1.0
    sides = changed(TurnsAndShifts(**STILL | {"zoom": 1.5}), pixels).sum((1, 2, 3)).sqrt()
    assert 20 / 1.5 - 0.5 < sides.min() < 14.5 and 28.5 < sides.max() < 30.5
