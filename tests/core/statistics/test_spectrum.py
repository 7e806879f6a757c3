from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from core.statistics.spectrum import spectrum


def spread_by_loop(points: np.ndarray, labels: np.ndarray, within: bool) -> float:
    squares = [
        float(((points[i] - points[j]) ** 2).sum())
        for i, j in permutations(range(len(points)), 2)
        if not within or labels[i] == labels[j]
    ]
    return float(np.sqrt(np.mean(squares)))


def test_the_spread_is_that_of_all_pairs() -> None:
    generator = np.random.default_rng(0)
    points, labels = generator.normal(size=(30, 4)) * [1, 2, 3, 4], np.repeat([0, 1, 2], [15, 10, 5])
    numbers = spectrum(points, labels)
    assert numbers["spread"] == pytest.approx(spread_by_loop(points, labels, within=False))
    assert numbers["spread_within"] == pytest.approx(spread_by_loop(points, labels, within=True))
    assert numbers["spread"] != numbers["spread_within"]


def test_the_effective_rank_counts_equal_axes() -> None:
    corners = np.concatenate([np.eye(3), -np.eye(3)])
    labels = np.arange(6)
    assert spectrum(corners, labels)["effective_rank"] == pytest.approx(3)
    assert spectrum(np.hstack([corners, np.zeros((6, 5))]), labels)["effective_rank"] == pytest.approx(3)
    assert spectrum(np.hstack([corners, np.zeros((6, 5))]), labels)["rank_share"] == pytest.approx(3 / 5)
    line = np.linspace(0, 1, 9)[:, None] * np.array([1.0, 2.0, 3.0])
    assert spectrum(line, np.arange(9))["effective_rank"] == pytest.approx(1)


def test_two_unequal_axes_have_the_rank_of_their_entropy() -> None:
    points = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    shares = np.array([0.8, 0.2])
    expected = np.exp(-(shares * np.log(shares)).sum())
    assert spectrum(points, np.zeros(4))["effective_rank"] == pytest.approx(expected)


def test_one_point_has_no_spread_and_no_rank() -> None:
    numbers = spectrum(np.ones((5, 3), np.float32), np.array([0, 0, 1, 1, 1]))
    assert numbers == {"spread": 0.0, "spread_within": 0.0, "effective_rank": 0.0, "rank_share": 0.0}
