"""Scores of queries from the order of their neighbours, rank by rank."""

from __future__ import annotations

import numpy as np
import pytest

from core.kernels.ranking import score_rows


def by_hand(matches: list[bool], wanted: int, relevant: int) -> tuple[float, float, float]:
    first = next((rank for rank, match in enumerate(matches[:wanted], 1) if match), 0)
    precisions = [sum(matches[:rank]) / rank for rank in range(1, relevant + 1) if matches[rank - 1]]
    return first, sum(matches[:relevant]) / relevant, sum(precisions) / relevant


@pytest.mark.parametrize("share", [0.02, 0.5, 1.0])
def test_scores_are_those_of_the_definition(share: float) -> None:
    generator = np.random.default_rng(1)
    is_match = generator.random((40, 30)) < share
    relevant = generator.integers(0, 12, size=40)
    wanted = np.maximum(relevant, generator.integers(1, 30, size=40))
    scores = np.full((40, 3), -1.0)
    score_rows(is_match, wanted, relevant, scores)
    for row, found in enumerate(scores):
        if relevant[row]:
            np.testing.assert_allclose(found, by_hand(is_match[row].tolist(), wanted[row], relevant[row]), rtol=1e-14)
        else:
            assert (found == -1).all(), "a query without another of its class keeps what it had"


@pytest.mark.parametrize(
    ("matches", "relevant", "scores"),
    [
        ([True, False, True, False], 2, (1, 1 / 2, 1 / 2)),
        ([False, True, True, False], 2, (2, 1 / 2, 1 / 4)),
        ([True, True, False, False], 2, (1, 1, 1)),
        ([False, False, False, False], 1, (0, 0, 0)),
        ([False, False, True, True], 4, (3, 1 / 2, (1 / 3 + 2 / 4) / 4)),
    ],
)
def test_small_cases_worked_out_by_hand(matches: list[bool], relevant: int, scores: tuple[float, ...]) -> None:
    found = np.empty((1, 3))
    score_rows(np.array([matches]), np.array([4]), np.array([relevant]), found)
    assert found[0].tolist() == pytest.approx(scores)
