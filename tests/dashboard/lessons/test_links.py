"""Every step of a lesson has an address of its own that says all it needs."""

from __future__ import annotations

import pytest

from core.lessons import LESSONS
from core.lessons.lesson import Lesson
from dashboard.lessons.links import address_of, page_of, title_of
from tests.imports import ROOT


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_steps_have_pages_and_addresses_of_their_own(lesson: Lesson) -> None:
    numbers = range(1, len(lesson.steps) + 1)
    addresses = [address_of(lesson, number) for number in numbers]
    assert all((ROOT / "dashboard" / page_of(lesson, number)).is_file() for number in numbers)
    assert len({tuple(sorted(one.items())) for one in addresses}) == len(addresses)
    assert all(one["lesson"] == lesson.name and one["step"] == str(number) for number, one in enumerate(addresses, 1))
    assert title_of(lesson)
