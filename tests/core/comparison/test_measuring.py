"""What a training has reached, against the numbers of the rest of the house, and what each identity has in it."""

from __future__ import annotations

import numpy as np
import pytest

from core.comparison.measuring import FAR, RATES, frr_at_far
from core.comparison.reached import NUMBERS
from core.statistics.pair_distances import auc, pair_distances
from core.statistics.retrieval import retrieval
from core.statistics.roc import Curve, exact_curve, exact_equal_error_rate
from tests.core.comparison.spaces import IDENTITIES, measured, space


def test_the_numbers_are_those_of_their_definitions() -> None:
    points, labels = space()
    found, pairs = measured(points, labels), pair_distances(points, labels)
    ranked, curve = retrieval(points, labels), exact_curve(pairs)
    assert list(found.values) == list(NUMBERS)
    assert found.values["recall_at_1"] == pytest.approx(ranked.recall_at_1)
    assert found.values["r_precision"] == pytest.approx(ranked.r_precision)
    assert found.values["map_at_r"] == pytest.approx(ranked.map_at_r)
    assert found.values["auc"] == auc(pairs)
    assert found.values["eer"] == pytest.approx(exact_equal_error_rate(pairs)[0], abs=2e-3)
    refused = min(
        float((pairs.positive > threshold).mean())
        for threshold in curve.thresholds
        if (pairs.negative <= threshold).mean() <= FAR
    )
    assert found.values["frr_at_far"] == pytest.approx(refused, abs=2e-2)
    assert found.values["grouped_recall_at_1"] >= found.values["recall_at_1"]
    assert 0 < found.values["density"] < 1 < found.values["effective_rank"] < 6


def test_each_identity_moves_a_mean_by_its_part() -> None:
    points, labels = space()
    found = measured(points, labels)
    assert np.array_equal(found.identities, np.unique(labels))
    for parts in found.parts.values():
        assert parts.shape == (IDENTITIES,) and parts.sum() == pytest.approx(0, abs=1e-12)
    single = np.unique(labels, return_counts=True)[1] == 1
    assert single.any() and not found.parts["map_at_r"][single].any(), "who asks nothing moves no mean of queries"
    assert found.parts["auc"][single].any(), "but is somebody's impostor"


def test_the_parts_of_the_auc_are_its_slopes() -> None:
    points, labels = space()
    found, apart = measured(points, labels), np.linalg.norm(points[:, None] - points[None], axis=2)
    first, second = np.triu_indices(len(labels), 1)
    same, distances = labels[first] == labels[second], apart[first, second]

    def area(weights: dict[int, float]) -> float:
        own, other = (np.array([weights.get(label, 1.0) for label in labels[side]]) for side in (first, second))
        weight = np.where(same, own, own * other)
        closer = (distances[same][:, None] < distances[~same][None]).astype(float)
        return float(weight[same] @ closer @ weight[~same] / (weight[same].sum() * weight[~same].sum()))

    step = 1e-5
    for place, label in enumerate(found.identities.tolist()):
        slope = (area({label: 1 + step}) - area({label: 1 - step})) / (2 * step)
        assert found.parts["auc"][place] == pytest.approx(slope, abs=2e-3)


def test_the_draws_are_of_the_same_identities_for_every_space() -> None:
    points, labels = space()
    first, again, other = measured(points, labels), measured(points.copy(), labels), measured(points[:, :3], labels)
    assert set(first.draws) == set(RATES)
    for key, draws in first.draws.items():
        assert np.array_equal(draws, again.draws[key]) and not np.array_equal(draws, other.draws[key])
        assert draws.std() > 0 and abs(draws.mean() - first.values[key]) < 3 * draws.std()


def test_of_few_identities_nothing_is_drawn() -> None:
    points, labels = space()
    few = labels < 14
    assert measured(points[few], labels[few]).draws == {}


def test_the_rate_at_a_far_is_that_of_the_loosest_threshold_that_meets_it() -> None:
    curve = Curve(np.arange(4.0), np.array([0, 0, 1, 200]), np.array([0, 3, 8, 10]), 200, 10)
    assert frr_at_far(curve) == pytest.approx(0.2)
    strict = Curve(np.arange(2.0), np.array([0, 50]), np.array([0, 10]), 200, 10)
    assert frr_at_far(strict) == 1.0
