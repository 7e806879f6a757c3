"""The answers of one space are those of the statistics that it already has, and of slow definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_mutual_info_score

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.statistics import three_questions
from core.statistics.pair_distances import PairDistances
from core.statistics.roc import exact_curve
from core.statistics.summary import summarise
from core.statistics.three_questions import refused_at_far, three_answers
from tests.core.clusters import clusters

LABELS = np.arange(200) % 5
POINTS = clusters(np.random.default_rng(3), 200, 5, 4)
DISTANCES_OF_PAIRS = st.lists(st.integers(0, 40), min_size=1, max_size=250)


@pytest.mark.parametrize("distance", [EUCLIDEAN, DISTANCES["cosine"]()], ids=lambda distance: distance.name)
def test_numbers_of_the_records_are_the_same_to_the_last_bit(distance: Distance) -> None:
    found = three_answers(POINTS, LABELS, distance)
    numbers = summarise(POINTS, LABELS, margin=0.2, distance=distance).numbers
    assert {key: getattr(found.numbers, key) for key in ("recall_at_1", "map_at_r", "eer")} == {
        key: numbers[key] for key in ("recall_at_1", "map_at_r", "eer")
    }
    assert found.eer_threshold == numbers["eer_threshold"] and 0.02 < found.numbers.eer < 0.4
    assert (found.positive_counts.sum(), found.negative_counts.sum()) == (5 * 40 * 39 // 2, 10 * 40 * 40)


def test_groups_are_those_of_scikit_learn_and_their_agreement_too() -> None:
    found = three_answers(POINTS, LABELS)
    distances = np.linalg.norm(POINTS[:, None].astype(float) - POINTS, axis=2)
    options = {"metric": "precomputed", "linkage": "average"}
    by_threshold = AgglomerativeClustering(None, distance_threshold=found.eer_threshold, **options)
    by_count = AgglomerativeClustering(5, **options)
    for kind, agrees in ((by_threshold, found.at_threshold), (by_count, found.at_count)):
        groups = kind.fit_predict(distances)
        assert agrees.groups == groups.max() + 1
        assert agrees.ami == pytest.approx(adjusted_mutual_info_score(LABELS, groups))
    assert found.at_threshold.groups == found.groups_at_threshold.max() + 1 != 5
    assert found.numbers.ami == found.at_threshold.ami and found.numbers.bcubed_f == found.at_threshold.bcubed_f


def test_queries_are_counted_by_the_share_of_right_ones_among_their_r_nearest() -> None:
    labels = np.concatenate([LABELS[:-1], [99]])  # one that nobody can find
    found = three_answers(POINTS, labels)
    distances = np.linalg.norm(POINTS[:, None].astype(float) - POINTS, axis=2)
    expected = np.zeros(10, int)
    for row in range(len(labels) - 1):
        others = [other for other in np.argsort(distances[row], kind="stable") if other != row]
        relevant = int((labels == labels[row]).sum()) - 1
        right = sum(labels[other] == labels[row] for other in others[:relevant])
        expected[min(10 * right // relevant, 9)] += 1
    assert found.right.tolist() == expected.tolist() and found.right.sum() == 199
    assert found.ladder.anchors == 199 and found.classes == 6


@settings(deadline=None, max_examples=200)
@given(DISTANCES_OF_PAIRS, DISTANCES_OF_PAIRS)
def test_refusals_at_a_far_of_one_percent_are_the_fewest_of_all_thresholds(
    positive: list[int], negative: list[int]
) -> None:
    pairs = PairDistances(np.sort(np.array(positive, float)), np.sort(np.array(negative, float)))
    refused, threshold = refused_at_far(pairs)
    curve = exact_curve(pairs)
    allowed = curve.false_accepts * 100 <= curve.negative_count
    assert refused == pytest.approx(curve.false_reject_rate[allowed].min(initial=1.0))
    if allowed.any():
        assert threshold == curve.thresholds[allowed].max()
    else:
        assert np.isnan(threshold)


def test_of_too_many_points_a_share_of_each_class_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(three_questions, "MOST_POINTS", 50)
    found = three_answers(POINTS, LABELS)
    assert len(found.rows) == 50 and found.is_same_share
    assert np.bincount(LABELS[found.rows]).tolist() == [10] * 5
    alone = three_answers(POINTS[found.rows], LABELS[found.rows])
    assert alone.numbers == found.numbers and alone.ladder == found.ladder
    few = three_answers(POINTS, np.arange(200) // 4)
    assert not few.is_same_share and few.classes == 10 == few.at_count.groups


def test_equal_points_and_points_without_pairs() -> None:
    found = three_answers(np.ones((8, 2)), np.arange(8) // 2)
    assert found.at_threshold.groups == 1 and found.at_threshold.ari == 0 and found.ladder.nearest == 0
    assert found.at_count.groups == 4 and found.numbers.frr_at_far_1_percent == 1 and np.isnan(found.far_threshold)
    with pytest.raises(ValueError, match="two classes"):
        three_answers(np.ones((4, 2)), np.zeros(4))
