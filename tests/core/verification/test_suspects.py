"""Suspects are the samples that another identity accepts more of than their own does."""

from __future__ import annotations

import numpy as np
import pytest

from core.statistics.distance_blocks import distance_matrix
from core.verification.suspects import suspects


@pytest.mark.parametrize("threshold", [0.0, 1.0, 2.0**0.5, 3.0])
def test_suspects_equal_the_definition_with_ties(threshold: float) -> None:
    generator = np.random.default_rng(0)
    points = generator.integers(0, 3, size=(600, 3)).astype(np.float32)  # more than two blocks of rows
    labels = generator.integers(0, 40, size=600) * 3
    labels[5] = 1000  # a single sample
    distances, expected = distance_matrix(points), []
    for row in range(600):
        shares = {}
        for label in np.unique(labels).tolist():
            others = [one for one in np.flatnonzero(labels == label).tolist() if one != row]
            accepts = sum(distances[row, one] <= threshold for one in others)
            shares[label] = (accepts + 1) / (len(others) + 2), accepts, len(others)
        own, *counts = shares.pop(int(labels[row]))
        other = max(shares, key=lambda label: (shares[label][0], -label))
        is_more = shares[other][1] * counts[1] > counts[0] * shares[other][2] or counts[1] == 0
        if shares[other][0] > own and is_more:
            expected.append((own - shares[other][0], row, other, *shares[other][1:], *counts))
    found = suspects(points, labels, threshold, 25)
    assert [tuple(one) for one in found] == [tuple(one[1:]) for one in sorted(expected)[:25]]
    assert [-one.suspicion for one in found] == pytest.approx([one[0] for one in sorted(expected)[:25]])
    assert len(expected) > 25


def test_the_swapped_labels_come_first() -> None:
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(6), 20)
    points = 5 * np.eye(6)[labels] + 0.1 * generator.normal(size=(120, 6))
    wrong = labels.copy()
    wrong[[3, 50]] = 5, 0
    found = suspects(points, wrong, 2.0, 10)
    assert [(one.row, one.other) for one in found] == [(50, 2), (3, 0)]
    assert [(one.by_own, one.by_other, one.of_other) for one in found] == [(0, 19, 19), (0, 19, 20)]


def test_one_identity_has_no_suspects() -> None:
    assert suspects(np.eye(4), np.zeros(4, int), 1.0, 5) == []
