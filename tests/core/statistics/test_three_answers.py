"""The answers are the same once they were written down, and large tables keep their largest groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.partitions import crosstab
from core.statistics.three_answers import OTHERS, ThreeAnswers, group_table
from core.statistics.three_questions import three_answers
from tests.core.clusters import clusters


@pytest.fixture(scope="module")
def answers() -> ThreeAnswers:
    return three_answers(clusters(np.random.default_rng(0), 120), np.arange(120) % 6)


def test_what_is_written_down_is_read_again(answers: ThreeAnswers) -> None:
    again = ThreeAnswers.from_arrays(answers.arrays())
    for name, value in vars(answers).items():
        found = getattr(again, name)
        assert type(found) is type(value) and np.array_equal(np.asarray(found), np.asarray(value)), name


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=40),
    st.integers(1, 7),
    st.integers(2, 12),
)
def test_a_table_of_the_largest_groups_holds_every_point_of_its_classes(
    pairs: list[tuple[int, int]], most_classes: int, most: int
) -> None:
    labels, names = (np.array(side) for side in zip(*pairs, strict=True))
    groups = np.unique(names, return_inverse=True)[1]
    table = group_table(labels, groups, most_classes, most)
    numbers, counts = table.groups, table.counts
    assert len(numbers) == min(most, groups.max() + 1)
    assert (OTHERS in numbers) == (groups.max() + 1 > most) and OTHERS not in numbers[:-1]
    names, sizes = np.unique(labels, return_counts=True)
    is_kept = np.isin(names, table.classes)
    assert is_kept.sum() == min(most_classes, len(names)) and (np.diff(table.classes) > 0).all()
    assert sizes[~is_kept].max(initial=0) <= sizes[is_kept].min()
    assert np.array_equal(counts.sum(axis=1), sizes[is_kept]) and np.allclose(table.shares.sum(axis=1), 1)
    whole, own = crosstab(labels, groups), numbers[numbers != OTHERS]
    assert np.array_equal(counts[:, : len(own)], whole[is_kept][:, own])
    left = np.setdiff1d(np.arange(whole.shape[1]), own)
    assert not len(left) or whole[:, left].sum(axis=0).max() <= whole[:, own].sum(axis=0).min()
    assert (np.diff(counts[:, : len(own)].argmax(axis=0)) >= 0).all(), "by the class that they hold most of"
