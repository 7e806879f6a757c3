"""How images are moved and mirrored: as a loop over pixels has it, by draws of the generator alone."""

from __future__ import annotations

import torch

from core.experiment.schedule import Schedule
from core.training.random_moves import moved


def images(count: int = 40, height: int = 5, width: int = 7) -> torch.Tensor:
    return torch.rand(count, 3, height, width, generator=torch.Generator().manual_seed(0))


def by_hand(image: torch.Tensor, down: int, right: int, *, is_mirrored: bool) -> torch.Tensor:
    """(channels, H, W) -> what is seen at each place, one pixel at a time."""
    _, height, width = image.shape
    seen = torch.empty_like(image)
    for y in range(height):
        for x in range(width):
            row = min(max(y + down, 0), height - 1)
            column = min(max((width - 1 - x if is_mirrored else x) + right, 0), width - 1)
            seen[:, y, x] = image[:, row, column]
    return seen


def test_each_image_is_moved_and_mirrored_by_draws_of_its_own() -> None:
    given, schedule = images(), Schedule(shift=2, mirror=True)
    seen = set()
    for image, after in zip(given, moved(given, schedule, torch.Generator().manual_seed(1)), strict=True):
        ways = [
            (down, right, is_mirrored)
            for down in range(-2, 3)
            for right in range(-2, 3)
            for is_mirrored in (False, True)
            if torch.equal(after, by_hand(image, down, right, is_mirrored=is_mirrored))
        ]
        assert ways
        seen.update(ways)
    assert len(seen) > 20 and {is_mirrored for *_, is_mirrored in seen} == {False, True}


def test_the_same_generator_gives_the_same_moves() -> None:
    given, schedule = images(), Schedule(shift=3)
    first, again, other = (moved(given, schedule, torch.Generator().manual_seed(seed)) for seed in (4, 4, 5))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_nothing_is_drawn_where_nothing_moves() -> None:
    given, generator = images(), torch.Generator().manual_seed(0)
    before = generator.get_state()
    assert moved(given, Schedule(), generator) is given and torch.equal(generator.get_state(), before)


def test_one_image_of_one_pixel_stays_what_it_is() -> None:
    given = torch.full((1, 1, 1, 1), 0.5)
    assert torch.equal(moved(given, Schedule(shift=4, mirror=True), torch.Generator().manual_seed(0)), given)
