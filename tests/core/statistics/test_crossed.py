from __future__ import annotations

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.statistics.crossed import crossed_distances, crossed_retrieval, scored
from core.statistics.crossing import ALL, CROSSINGS, PAIRS_ACROSS, POSITIVES_ACROSS, Crossing
from core.statistics.pair_distances import pair_distances
from core.statistics.retrieval import retrieval
from tests.core.crossings import counts, listed, tied_set

KINDS = list(CROSSINGS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_distances_are_those_of_a_slow_loop(kind: str, seed: int) -> None:
    points, labels, groups = tied_set(seed)
    crossing = Crossing(kind, labels, groups)
    pairs, found = listed(points, crossing), crossed_distances(points, crossing)
    assert len({pair.distance for pair in pairs}) < len(pairs) / 2, "many must tie"
    np.testing.assert_array_equal(found.positive, sorted(pair.distance for pair in pairs if pair.is_same))
    np.testing.assert_array_equal(found.negative, sorted(pair.distance for pair in pairs if not pair.is_same))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_ranks_are_those_of_a_slow_loop(kind: str, seed: int) -> None:
    points, labels, groups = tied_set(seed)
    found = crossed_retrieval(points, Crossing(kind, labels, groups))
    expected = {}
    for query in range(len(points)):
        gallery = [
            (float(np.sqrt(((points[query] - points[other]) ** 2).sum())), other, bool(labels[query] == labels[other]))
            for other in range(len(points))
            if other != query
            and counts(
                kind,
                is_same=bool(labels[query] == labels[other]),
                is_within=bool(groups[query] == groups[other]),
            )
        ]
        matches = [is_same for _, _, is_same in sorted(gallery)]
        if any(matches):
            relevant = sum(matches)
            precisions = [sum(matches[:k]) / k for k in range(1, len(matches) + 1)]
            at_matches = [p for p, is_match in zip(precisions, matches, strict=True) if is_match]
            near = [p for p, is_match in zip(precisions[:relevant], matches, strict=False) if is_match]
            first = matches.index(True) + 1
            expected[query] = first, len(near) / relevant, sum(near) / relevant, sum(at_matches) / relevant
    assert found.queries.tolist() == list(expected) and found.left_out == len(points) - len(expected) > 0
    np.testing.assert_allclose(found.scores, list(expected.values()), rtol=1e-12)
    assert len({scores[0] for scores in expected.values()}) > 3, "the case must have several ranks"


def test_with_all_pairs_the_numbers_are_those_of_the_whole_set() -> None:
    points, labels, groups = tied_set(7)
    crossing = Crossing(ALL, labels, groups)
    found, usual = crossed_retrieval(points, crossing), retrieval(points, labels)
    assert found.recalls == pytest.approx(usual.recalls) and len(found.queries) == usual.query_count
    assert found.means["map_at_r"] == pytest.approx(usual.map_at_r)
    assert found.means["r_precision"] == pytest.approx(usual.r_precision)
    own, pairs = crossed_distances(points, crossing), pair_distances(points, labels, distance=EUCLIDEAN)
    np.testing.assert_array_equal(own.positive, pairs.positive)
    np.testing.assert_array_equal(own.negative, pairs.negative)


def test_a_neighbour_of_the_same_group_neither_helps_nor_hinders() -> None:
    points = np.array([[0.0], [0.1], [0.2], [1.0], [2.0]])
    labels, groups = np.array([0, 0, 1, 0, 1]), np.array([0, 0, 0, 1, 1])
    easy, harder, hardest = (crossed_retrieval(points, Crossing(kind, labels, groups)) for kind in KINDS)
    assert easy.scores[0, 0] == 1  # the neighbour of its own group
    assert harder.scores[0, 0] == 2  # the stranger of its own group comes first
    assert hardest.scores[0, 0] == 1  # who is left out, too


def test_what_leaves_no_positive_pair_is_refused() -> None:
    points, labels = np.arange(4.0)[:, None], np.array([0, 0, 1, 1])
    for kind in (POSITIVES_ACROSS, PAIRS_ACROSS):
        for measured in (crossed_retrieval, crossed_distances):
            with pytest.raises(ValueError, match="pairs of both kinds, got 0 positive"):
                measured(points, Crossing(kind, labels, labels))


def test_scores_of_a_ranking_by_hand() -> None:
    assert scored(np.array([False, True, False, True])) == (2.0, 0.5, 0.25, 0.5)
