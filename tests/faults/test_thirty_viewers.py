"""Thirty readers of two trainings: nothing goes wrong, and everybody sees their maps."""

from __future__ import annotations

import pytest

from tests.bench.thirty_viewers import ON_TRAIN, watched
from tests.imports import ROOT

SECONDS = 60.0


@pytest.mark.soak
def test_thirty_readers_of_two_trainings_see_every_map() -> None:
    found = watched(ROOT, SECONDS)
    print(f"\n{found}")
    assert not found.problems
    assert len(found.ticks) > 10 * ON_TRAIN and found.longest_gap < SECONDS / 2
