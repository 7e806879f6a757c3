"""Which strategies go on, and when that is judged."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.comparison.halving import looks_at, surviving

VALUES = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3, -inf]), min_size=1, max_size=3)


def test_the_better_half_goes_on_in_its_order() -> None:
    assert surviving({"a": [0.1, 0.3], "b": [0.5, 0.5], "c": [0.0, 0.1], "d": [0.3, 0.3]}) == ["b", "d"]
    assert surviving({"a": [0.1], "b": [0.5], "c": [0.3], "d": [0.2], "e": [0.0]}) == ["b", "c", "d"], "rounded up"


def test_two_always_go_on_and_equal_ones_share_their_fate() -> None:
    assert surviving({"a": [0.1], "b": [0.5]}) == ["a", "b"]
    assert surviving({"a": [0.1], "b": [0.5], "c": [0.1]}) == ["a", "b", "c"]
    assert surviving({}) == []


def test_a_strategy_of_which_a_training_has_failed_is_worse_than_all_others() -> None:
    assert surviving({"a": [0.9, -inf], "b": [0.1, 0.1], "c": [0.2, 0.2], "d": [0.0, 0.0]}) == ["b", "c"]


@given(st.dictionaries(st.text(min_size=1, max_size=3), VALUES, max_size=8))
def test_nobody_is_stopped_who_is_better_than_one_that_goes_on(reached: dict[str, list[float]]) -> None:
    staying = surviving(reached)
    means = {name: float(np.mean(values)) for name, values in reached.items()}
    assert len(staying) >= min(len(reached), max(2, (len(reached) + 1) // 2))
    for stopped in reached.keys() - set(staying):
        assert all(means[stopped] < means[name] + 1e-12 for name in staying)


@pytest.mark.parametrize(("updates", "snapshots"), [(300, 12), (330, 12), (50, 12), (7, 12), (100, 3), (1, 1)])
def test_a_look_is_at_a_snapshot_near_its_share(updates: int, snapshots: int) -> None:
    looks = looks_at(updates, snapshots)
    steps = {part * updates // snapshots for part in range(snapshots + 1)}
    assert set(looks.values()) <= steps and all(one <= other for one, other in pairwise(looks.values()))
    if snapshots % 4 == 0:
        assert all(abs(step - share * updates) < 1 for share, step in looks.items()), "to the update"
    assert looks_at(300, 12) == {0.25: 75, 0.5: 150} and looks_at(330, 12) == {0.25: 82, 0.5: 165}
