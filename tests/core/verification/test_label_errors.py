"""Label errors: votes by a slow loop, small classes, and how many of planted errors stand at the top of the list."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from core.runs.run_folder import Run
from core.statistics.neighbourhoods import neighbourhoods
from core.verification.label_errors import (
    Planted,
    label_doubts,
    label_scores,
    planted_label_errors,
    swapped_labels,
)
from tests.imports import ROOT


def digits() -> tuple[np.ndarray, np.ndarray]:
    """The nearest ten of each image of a recorded lesson at its last snapshot, and the labels."""
    run = Run(ROOT / "assets" / "recorded" / "digits-semi-hard")
    labels = run.probe()["labels"]
    return neighbourhoods(run.snapshot(run.snapshots()[-1].step)["embeddings"], labels).rows, labels


def test_votes_equal_a_loop_over_the_neighbours() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 5, 60)
    rows = np.stack([rng.choice(np.delete(np.arange(60), row), 8, replace=False) for row in range(60)])
    other, by_other, by_own, asked = label_scores(rows, labels)
    for row in range(60):
        number = min(int((labels == labels[row]).sum()) - 1, 8)
        votes = labels[rows[row, :number]].tolist()
        others = Counter(vote for vote in votes if vote != labels[row])
        assert asked[row] == number and by_own[row] == votes.count(labels[row])
        assert by_other[row] == max(others.values(), default=0)
        if others:
            assert others[other[row]] == by_other[row]
    assert len(set(by_other.tolist())) > 3


def test_a_small_class_is_asked_about_by_as_many_as_it_has() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 2])
    rows = np.array([[1, 2, 3, 4]] * 8)
    _, by_other, by_own, asked = label_scores(rows, labels)
    assert (asked[0], by_own[0], by_other[0]) == (2, 2, 0)
    assert [one.row for one in label_doubts(rows, labels)] == [3, 4, 5, 6]
    assert asked[7] == 0, "who is alone in a label is not judged"


def test_equal_votes_go_to_the_nearer_and_equal_scores_by_rows() -> None:
    labels = np.array([0] * 3 + [1] * 3 + [2] * 3)
    rows = np.tile([6, 3], (9, 1))
    doubts = label_doubts(rows, labels)
    assert doubts[0].row == 0 and doubts[0].other == 2
    assert [one.row for one in doubts] == sorted([one.row for one in doubts])


@pytest.mark.parametrize("seed", range(5))
def test_most_of_two_per_cent_swapped_labels_stand_first(seed: int) -> None:
    rows, labels = digits()
    planted = planted_label_errors(rows, labels, 0.02, seed)
    assert planted.swapped == 14 and planted.base_rate == pytest.approx(14 / 719)
    assert planted.precision >= 0.7, "measured .79 to 1 for these seeds"


def test_swapping_changes_as_many_labels_as_it_says_to_other_known_ones() -> None:
    labels = np.repeat([3, 5, 9], [50, 30, 20])
    swapped, rows = swapped_labels(labels, 0.1)
    assert (np.flatnonzero(swapped != labels) == rows).all() and len(rows) == 10
    assert set(swapped.tolist()) <= {3, 5, 9}
    assert (swapped_labels(labels, 0.1)[0] == swapped).all(), "the same seed swaps the same"


def test_one_label_cannot_be_swapped() -> None:
    with pytest.raises(ValueError, match=r"labels must be of two kinds to swap some, got 1\."):
        swapped_labels(np.zeros(4), 0.5)


def test_nothing_swapped_has_no_precision() -> None:
    assert np.isnan(Planted(0, 0, 10).precision)
