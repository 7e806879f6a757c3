"""A sample has the same share of each class, or says that it has not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.class_shares import LEAST, share_of_each
from core.statistics.samples import share


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(40, 300), min_size=2, max_size=6), st.integers(30, 120))
def test_each_class_keeps_its_share_to_the_nearest_point(sizes: list[int], most: int) -> None:
    labels = np.random.default_rng(sum(sizes)).permutation(np.repeat(np.arange(len(sizes)) * 7, sizes))
    rows, is_same_share = share_of_each(labels, most)
    kept = np.unique(labels[rows], return_counts=True)[1]
    exact = np.array(sizes) * most / len(labels)
    if exact.min() < LEAST and most < len(labels):
        assert not is_same_share and np.array_equal(rows, share(labels, most))
        return
    assert is_same_share and (np.diff(rows) > 0).all()
    if most < len(labels):
        assert len(rows) == most and (np.abs(kept - exact) < 1).all()
    assert np.array_equal(rows, share_of_each(labels, most)[0]), "always the same"


def test_all_are_kept_where_they_fit() -> None:
    rows, is_same_share = share_of_each(np.arange(9), 9)
    assert rows.tolist() == list(range(9)) and is_same_share


def test_within_a_class_chances_are_equal_and_not_the_first_points_alone() -> None:
    labels = np.arange(20_000) % 2
    rows, _ = share_of_each(labels, 2_000)
    assert np.mean(rows) == pytest.approx(10_000, abs=450) and rows.max() > 19_000


def test_many_small_classes_are_sampled_by_class() -> None:
    rows, is_same_share = share_of_each(np.arange(6_000) // 6, 600)
    assert not is_same_share and len(rows) <= 600
    assert (np.unique(rows // 6, return_counts=True)[1] >= 2).all()
