"""How far a map can be trusted: each number is what its definition, as a slow loop, or scikit-learn has."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.statistics import rank_orders
from core.statistics.map_quality import MapQuality, agreement, drawn_triplets, map_quality, neighbours_of
from tests.core.clusters import clusters

COUNT = 60


def case(seed: int, count: int = COUNT) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points in classes of unequal sizes and a map that has part of the truth."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(count, 6))
    return points, rng.permutation((np.arange(count) ** 2) % 5), points[:, :2] + 0.3 * rng.normal(size=(count, 2))


def loop(points: np.ndarray, labels: np.ndarray, layout: np.ndarray, distance: Distance) -> tuple[int, float]:
    """The triplets that have an order, and the share that the map contradicts, one by one."""
    true, on_map = distance.between(points, points), EUCLIDEAN.between(layout, layout)
    counted, wrong = 0, 0.0
    for a, p, n in product(range(len(labels)), repeat=3):
        if a == p or labels[a] != labels[p] or labels[a] == labels[n] or true[a, p] == true[a, n]:
            continue
        counted += 1
        if on_map[a, p] == on_map[a, n]:
            wrong += 0.5
        elif (on_map[a, p] < on_map[a, n]) != (true[a, p] < true[a, n]):
            wrong += 1
    return counted, wrong / counted if counted else float("nan")


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=list(DISTANCES))
def test_the_share_of_contradicted_triplets_is_that_of_a_loop_by_every_distance(kind: type[Distance]) -> None:
    points, labels, layout = case(1)
    distance = kind()
    prepared = distance.prepared(points)
    found = map_quality(prepared, labels, layout, distance=distance)
    assert (found.triplets, found.contradicted) == pytest.approx(loop(prepared, labels, layout, distance))
    assert 0.05 < found.contradicted < 0.5


@pytest.mark.parametrize("name", ["euclidean", "cosine", "manhattan", "chebyshev"])
def test_trustworthiness_is_that_of_scikit_learn_by_the_distance_of_the_run(name: str) -> None:
    points, labels, layout = case(2)
    distance = DISTANCES[name]()
    found = map_quality(distance.prepared(points), labels, layout, distance=distance)
    assert found.k == 10
    expected = trustworthiness(points, layout, n_neighbors=10, metric=name)
    assert found.trustworthiness == pytest.approx(expected) and 0.5 < expected < 1
    if name != "euclidean":
        assert found.trustworthiness != map_quality(points, labels, layout).trustworthiness


def test_true_neighbours_are_counted_by_sets_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    points, labels, layout = case(3)
    near = [[set(row[1:11]) for row in np.argsort(EUCLIDEAN.between(x, x), axis=1).tolist()] for x in (points, layout)]
    expected = np.mean([len(one & other) for one, other in zip(*near, strict=True)]) / 10
    whole = map_quality(points, labels, layout)
    assert whole.true_share == pytest.approx(expected) and 0 < expected < 1
    assert agreement(points[:, :2], layout) == pytest.approx(agreement(layout, points[:, :2]))
    monkeypatch.setattr(rank_orders, "MOST_HELD", 500)
    assert map_quality(points, labels, layout) == whole


def test_maps_agree_by_chance_where_they_know_nothing_of_each_other() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 400, 2))
    assert agreement(first, second) == pytest.approx(10 / 399, abs=0.01)
    assert agreement(first, first) == 1
    turn = np.array([[0.0, -2.0], [2.0, 0.0]])
    assert agreement(first, first @ turn) == 1, "what is turned and scaled is the same map"


def test_ties_on_the_map_count_half_and_ties_in_truth_not_at_all() -> None:
    points = np.array([[0.0], [1.0], [1.0], [3.0]])
    labels = np.array([0, 0, 1, 1])
    layout = np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [2.0, 0.0]])
    # Anchor 0: negative 2 is as far as the positive, no order; 3 is further, on the map as far: half. Anchor 1: one
    # right, one wrong. Anchor 2: both negatives nearer, on the map as far: two halves. Anchor 3: one right, one tie.
    found = map_quality(points, labels, layout)
    assert (found.triplets, found.contradicted) == (6, 2.5 / 6) == loop(points, labels, layout, EUCLIDEAN)
    at_one_place = map_quality(points, labels, np.zeros((4, 2)))
    assert at_one_place.contradicted == 0.5, "a map of one place says neither"


def test_a_map_that_knows_nothing_contradicts_half_and_the_embedding_itself_nothing() -> None:
    rng = np.random.default_rng(5)
    points, labels = clusters(rng, 300), np.arange(300) % 6
    assert map_quality(points, labels, rng.normal(size=(300, 2))).contradicted == pytest.approx(0.5, abs=0.02)
    flat = points[:, :2]
    found = map_quality(flat, labels, flat)
    assert (found.trustworthiness, found.true_share, found.contradicted) == (1, 1, 0)


def test_points_at_one_place_have_no_order_and_no_nan_in_their_neighbours() -> None:
    found = map_quality(np.ones((30, 3)), np.arange(30) % 3, np.zeros((30, 2)))
    assert found.triplets == 0 and math.isnan(found.contradicted)
    assert (found.trustworthiness, found.true_share) == (1, 1), "neighbours stand by lower row on both"


@pytest.mark.parametrize("count", range(25))
def test_few_points_are_judged_by_fewer_neighbours(count: int) -> None:
    points, labels, layout = case(6, count)
    found, k = map_quality(points, labels, layout), neighbours_of(count)
    assert found.k == k <= 10 and found.count == count and (2 * k < count or k == 0)
    assert (neighbours_of(count + 1) if count < 20 else 10) >= k
    if count < 3:
        assert k == 0 and math.isnan(found.trustworthiness) and math.isnan(found.true_share)
        assert math.isnan(agreement(layout, layout))
    else:
        assert found.trustworthiness == pytest.approx(trustworthiness(points, layout, n_neighbors=k))


@pytest.mark.parametrize("labels", [[], [4], [1, 1, 1], [0, 1, 2]], ids=["none", "one", "one class", "no positives"])
def test_without_a_positive_and_a_negative_there_is_no_triplet(labels: list[int]) -> None:
    assert drawn_triplets(np.array(labels, int), 100).shape == (0, 3)
    points = np.random.default_rng(0).normal(size=(len(labels), 3))
    found = map_quality(points, np.array(labels, int), points[:, :2])
    assert found.triplets == 0 and math.isnan(found.contradicted)


def test_all_triplets_are_taken_once_where_they_are_few() -> None:
    _, labels, _ = case(7, 23)
    expected = {
        (a, p, n)
        for a, p, n in product(range(23), repeat=3)
        if a != p and labels[a] == labels[p] and labels[a] != labels[n]
    }
    found = drawn_triplets(labels, len(expected))
    assert len(found) == len(expected) and set(map(tuple, found.tolist())) == expected
    drawn = drawn_triplets(labels, len(expected) - 1)
    assert len(drawn) == len(expected) - 1 and set(map(tuple, drawn.tolist())) < expected


def test_a_draw_gives_each_triplet_the_same_chance_and_is_always_the_same() -> None:
    labels = np.repeat(np.arange(3), [2, 5, 9])
    whole, most = len(drawn_triplets(labels, 10**9)), 500
    numbers = np.concatenate([drawn_triplets(labels, most) for _ in range(2)])
    assert (numbers[:most] == numbers[most:]).all() and whole > most
    many = drawn_triplets(np.tile(labels, 40), 200_000)
    sizes = 40 * np.array([2, 5, 9])
    expected = sizes * (sizes - 1) * (sizes.sum() - sizes)
    of_class = np.bincount(np.tile(labels, 40)[many[:, 0]], minlength=3) / len(many)
    np.testing.assert_allclose(of_class, expected / expected.sum(), atol=0.005)


def test_a_drawn_share_is_near_that_of_all_triplets() -> None:
    points, labels, layout = case(8)
    whole, drawn = (map_quality(points, labels, layout, most_triplets=most) for most in (10**9, 20_000))
    assert drawn.contradicted == pytest.approx(whole.contradicted, abs=4 * 0.5 / math.sqrt(20_000))
    assert drawn.triplets < whole.triplets or drawn.contradicted == whole.contradicted


def test_numbers_are_read_back() -> None:
    quality = MapQuality(60, 10, 0.93, 0.41, 12_000, float("nan"))
    found = MapQuality.from_array(quality.array())
    assert str(found) == str(quality) and isinstance(found.k, int)
