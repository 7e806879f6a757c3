"""Statistics of points with roles: the definition as a slow loop, peers, the labels of a benchmark, and the numbers
without roles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from sklearn.metrics import average_precision_score, roc_auc_score

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.reidentification.pairs import listed_pairs, listed_rows, numbers_by_role
from core.reidentification.roles import BOTH, ROLES, Roles, roles_of
from core.reidentification.summary import summarise_by_role
from core.statistics.summary import summarise
from tests.core.role_loops import ByHand

MARGIN = 0.75
NAMES = tuple("abcdefghijklmnopqrstuvwxyz")


def numbered(roles: Sequence[str]) -> np.ndarray:
    return np.array([ROLES.index(role) for role in roles])


def tied(seed: int, count: int = 48) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points on a lattice, with ties and copies, their labels, roles and groups; one label has a single point."""
    generator = np.random.default_rng(seed)
    points = generator.integers(0, 3, (count, 3)).astype(np.float32)
    labels = np.where(points[:, 0] == 0, 0, generator.integers(0, 4, count))
    roles = generator.choice(len(ROLES), count, p=[0.25, 0.35, 0.2, 0.1, 0.1])
    labels[7], roles[7] = 4, 0
    return points, labels, roles, generator.integers(0, 2, count)


def smooth(seed: int, identities: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Points without ties, of unequal classes."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(identities), generator.integers(2, 9, identities))
    points = 1.5 * generator.normal(size=(identities, 4))[labels] + generator.normal(size=(len(labels), 4))
    return points.astype(np.float32), labels


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("name", ["euclidean", "squared-euclidean", "manhattan"])
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_definition_with_ties_copies_and_groups(seed: int, name: str, across: bool) -> None:
    points, labels, numbers, groups = tied(seed)
    roles = roles_of(labels, NAMES, numbers, groups, across_groups=across)
    assert roles is not None
    found = summarise_by_role(points, roles, margin=MARGIN, distance=DISTANCES[name]()).numbers
    apart = DISTANCES[name]().between(points, points)
    by_hand = ByHand(
        labels.tolist(),
        [ROLES[number] for number in numbers],
        groups.tolist() if across else None,
        lambda one, other: float(apart[one, other]),
    )
    expected = by_hand.numbers(MARGIN)
    assert expected["queries_without_positive"] >= 1 and expected["junk"] >= 1 and expected["distractors"] >= 1
    assert 0 < expected["map_at_r"] < expected["r_precision"] < 1 and expected["semi_hard"] > 0
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-12)
    assert found["across_groups"] == across and (found["pairs_left_out"] > 0) == across


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=DISTANCES)
def test_with_both_for_all_the_numbers_are_those_without_roles(kind: type[Distance]) -> None:
    points, labels = smooth(0)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    roles = roles_of(labels, NAMES, np.full(len(labels), ROLES.index(BOTH)))
    assert roles is not None
    found, expected = (
        summarise_by_role(points, roles, margin=0.2, distance=kind()),
        summarise(points, labels, margin=0.2, distance=kind()),
    )
    assert {key: found.numbers[key] for key in expected.numbers} == pytest.approx(expected.numbers, rel=1e-12)
    for key, array in expected.arrays().items():
        assert_array_equal(found.arrays()[key], array)
    assert found.numbers["queries"] == found.numbers["gallery"] == len(labels)


@pytest.mark.parametrize("count", [2048, 2049])
def test_that_holds_on_both_sides_of_the_switch_to_products(count: int) -> None:
    generator = np.random.default_rng(count)
    labels = np.arange(count) % 300
    points = generator.normal(size=(300, 6))[labels] + generator.normal(size=(count, 6))
    roles = Roles(labels, np.full(count, ROLES.index(BOTH)))
    only = np.array([0.2])
    found = summarise_by_role(points, roles, margin=0.2, margins=only).numbers
    expected = summarise(points, labels, margin=0.2, margins=only).numbers
    for key in ("recall_at_1", "r_precision", "map_at_r", "positive_pairs", "negative_pairs", "points", "classes"):
        assert found[key] == pytest.approx(expected[key], rel=1e-12), key
    total = sum(expected[key] for key in ("hard", "semi_hard", "easy"))
    assert sum(found[key] for key in ("hard", "semi_hard", "easy")) == total
    assert found["hard"] == pytest.approx(expected["hard"], rel=1e-6)
    assert found["auc"] == pytest.approx(expected["auc"], abs=1e-6)


def test_a_peer_finds_the_same_in_a_gallery_with_distractors() -> None:
    points, labels = smooth(1)
    generator = np.random.default_rng(1)
    numbers = generator.choice(numbered(["query", "gallery", "distractor"]), len(labels), p=[0.4, 0.4, 0.2])
    found = summarise_by_role(points, Roles(labels, numbers), margin=0.2).numbers
    asks = numbers == 0
    stands = ~asks
    of_nobody = np.where(numbers == ROLES.index("distractor"), 1000 + np.arange(len(labels)), labels)
    peer = AccuracyCalculator(
        include=("precision_at_1", "r_precision", "mean_average_precision_at_r", "mean_average_precision"),
        device=torch.device("cpu"),
    ).get_accuracy(
        torch.from_numpy(points[asks]),
        torch.from_numpy(labels[asks]),
        torch.from_numpy(points[stands]),
        torch.from_numpy(of_nobody[stands]),
    )
    names = {
        "precision_at_1": "recall_at_1",
        "r_precision": "r_precision",
        "mean_average_precision_at_r": "map_at_r",
        "mean_average_precision": "mean_average_precision",
    }
    assert 0 < found["map_at_r"] < found["r_precision"] < 1
    for theirs, ours in names.items():
        assert found[ours] == pytest.approx(peer[theirs], abs=1e-6), ours


def test_average_precision_and_auc_are_those_of_scikit_learn_where_one_camera_is_left_out() -> None:
    points, labels = smooth(2)
    generator = np.random.default_rng(2)
    cameras = generator.integers(0, 3, len(labels))
    numbers = generator.choice(numbered(["query", "gallery"]), len(labels))
    found = summarise_by_role(points, Roles(labels, numbers, cameras), margin=0.2).numbers
    averages, firsts, scores, truths = [], [], [], []
    for query in np.flatnonzero(numbers == 0):
        rows = np.flatnonzero((numbers == 1) & ~((labels == labels[query]) & (cameras == cameras[query])))
        apart, truth = np.linalg.norm(points[rows] - points[query], axis=1), labels[rows] == labels[query]
        scores, truths = [*scores, *apart], [*truths, *truth]
        if truth.any():
            averages.append(average_precision_score(truth, -apart))
            firsts.append(truth[np.argmin(apart)])
    assert found["queries"] == len(averages) < (numbers == 0).sum() and found["pairs_left_out"] > 0
    assert found["mean_average_precision"] == pytest.approx(np.mean(averages), abs=1e-6)
    assert found["recall_at_1"] == pytest.approx(np.mean(firsts), abs=1e-12)
    assert found["auc"] == pytest.approx(roc_auc_score(truths, -np.array(scores)), abs=1e-6)


def market(seed: int = 3) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Ten identities of five, 60 distractors near some of them, and 12 points of junk, with Market's labels."""
    generator = np.random.default_rng(seed)
    centres = 2 * generator.normal(size=(10, 16))
    named = np.repeat(np.arange(1, 11), 5)
    near = centres[generator.integers(0, 10, 72)] + 1.5 * generator.normal(size=(72, 16))
    points = np.concatenate([centres[named - 1] + 1.2 * generator.normal(size=(50, 16)), near])
    names, labels = np.unique(np.concatenate([named, np.zeros(60, int), np.full(12, -1)]), return_inverse=True)
    return points, labels, tuple(map(str, names))


def test_labels_of_market_are_counted_by_its_protocol() -> None:
    points, labels, names = market()
    roles = roles_of(labels, names, junk=["-1"], distractors=["0"])
    assert roles is not None
    found = summarise_by_role(points, roles, margin=0.2).numbers
    expected = ByHand(
        [names[label] for label in labels],
        [{"-1": "junk", "0": "distractor"}.get(names[label], "both") for label in labels],
        None,
        lambda one, other: float(np.linalg.norm(points[one] - points[other])),
    ).numbers(0.2)
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=1e-12)
    assert (found["queries"], found["junk"], found["distractors"]) == (50, 12, 60)
    assert (found["positive_pairs"], found["negative_pairs"]) == (100, 50 * 49 // 2 - 100 + 50 * 60)
    assert (found["points"], found["classes"]) == (110, 10)
    clean = summarise(points[:50], labels[:50], margin=0.2).numbers
    assert clean["recall_at_1"] > found["recall_at_1"] and clean["positive_pairs"] == 100  # distractors only hinder


def test_junk_is_not_even_seen_by_a_distance_that_learns_from_all_points() -> None:
    points, labels, names = market()
    kind = DISTANCES["mahalanobis"]()
    roles = roles_of(labels, names, junk=["-1", "0"])
    assert roles is not None
    found = summarise_by_role(points, roles, margin=0.2, distance=kind).numbers
    expected = summarise(points[:50], labels[:50], margin=0.2, distance=kind).numbers
    for key in ("recall_at_1", "map_at_r", "auc", "eer_threshold", "points", "classes"):
        assert found[key] == pytest.approx(expected[key], rel=1e-12), key


@pytest.mark.parametrize("across", [False, True])
def test_the_listed_pairs_are_those_that_are_counted(across: bool) -> None:
    points, labels, numbers, groups = tied(5)
    roles = roles_of(labels, NAMES, numbers, groups, across_groups=across)
    assert roles is not None
    pairs, counted = listed_pairs(points, roles, NAMES), summarise_by_role(points, roles, margin=0.2).numbers
    assert (pairs.is_same.sum(), (~pairs.is_same).sum()) == (counted["positive_pairs"], counted["negative_pairs"])
    assert pairs.positive.mean() == pytest.approx(counted["mean_positive_distance"], rel=1e-12)
    assert numbers_by_role(pairs, roles) == {key: counted[key] for key in ("eer", "auc", "points", "classes")}
    assert pairs.identities is not None and pairs.first is not None and pairs.second is not None
    own = [name for name in pairs.identities if "distractor" in name]
    rows = np.flatnonzero(numbers == ROLES.index("distractor")).tolist()
    assert sorted(own) == sorted(f"{NAMES[labels[row]]}, distractor in row {row}" for row in rows)
    assert not pairs.is_same[np.isin(pairs.second, [pairs.identities.index(name) for name in own])].any()
    assert (pairs.is_same == (pairs.first == pairs.second)).all()
    queries, others = listed_rows(roles)
    np.testing.assert_allclose(pairs.distances, np.linalg.norm(points[queries] - points[others], axis=1), rtol=1e-6)
    assert np.isin(queries, roles.queries).all() and np.isin(others, roles.gallery).all()


def test_what_is_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    points, labels, numbers, _ = tied(0)
    roles = Roles(labels, numbers)
    monkeypatch.setattr("core.reidentification.summary.MOST_COMPARED", roles.compared - 1)
    with pytest.raises(ValueError, match=r"queries x gallery must be at most .* distances where points have roles"):
        summarise_by_role(points, roles, margin=0.2)
    counts = roles.counts
    monkeypatch.setattr(
        "core.reidentification.pairs.MOST_LISTED", counts["positive_pairs"] + counts["negative_pairs"] - 1
    )
    with pytest.raises(ValueError, match="a threshold must come from at most"):
        listed_pairs(points, roles, NAMES, EUCLIDEAN)
