"""The pairs that count, one by one, against the definition and against what a summary of them says."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import DISTANCES
from core.distances.base import Distance
from core.reidentification.pairs import GalleryDistances, listed_pairs, listed_rows, numbers_by_role
from core.reidentification.roles import ROLES, roles_of
from core.reidentification.summary import summarise_by_role
from tests.core.role_loops import NAMES, ByHand, tied


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=DISTANCES)
def test_distances_to_the_gallery_are_those_of_the_two_points_alone(kind: type[Distance]) -> None:
    distance, gallery = kind(), np.array([0, 2, 5, 6])
    points = distance.prepared(np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32))
    rows = GalleryDistances(points, gallery, distance)
    for point in (3, 5):
        expected = [distance.between(points[[point]], points[[other]])[0, 0] for other in gallery]
        np.testing.assert_allclose(rows.of(point), expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("across", [False, True])
def test_pairs_are_those_of_the_definition_in_order(across: bool) -> None:
    points, labels, numbers, groups = tied(5)
    roles = roles_of(labels, NAMES, numbers, groups, across_groups=across)
    assert roles is not None
    by_hand = ByHand(
        labels.tolist(),
        [ROLES[number] for number in numbers],
        groups.tolist() if across else None,
        lambda one, other: float(np.sqrt(np.square(points[one].astype(float) - points[other]).sum())),
    )
    by_hand.numbers(0.2)
    pairs, (queries, others) = listed_pairs(points, roles, NAMES), listed_rows(roles)
    both = [(min(pair), max(pair)) for pair in zip(queries.tolist(), others.tolist(), strict=True)]
    assert set(both) == set(by_hand.pairs) and len(set(both)) == len(both)
    assert list(zip(queries.tolist(), others.tolist(), strict=True)) == sorted(zip(queries, others, strict=True))
    found = list(zip(pairs.distances.tolist(), pairs.is_same.tolist(), strict=True))
    assert found == [by_hand.pairs[pair] for pair in both]


@pytest.mark.parametrize("across", [False, True])
def test_the_listed_pairs_are_those_that_are_counted(across: bool) -> None:
    points, labels, numbers, groups = tied(5)
    roles = roles_of(labels, NAMES, numbers, groups, across_groups=across)
    assert roles is not None
    pairs, counted = listed_pairs(points, roles, NAMES), summarise_by_role(points, roles, margin=0.2).numbers
    assert (pairs.is_same.sum(), (~pairs.is_same).sum()) == (counted["positive_pairs"], counted["negative_pairs"])
    assert pairs.positive.mean() == pytest.approx(counted["mean_positive_distance"], rel=1e-12)
    assert numbers_by_role(pairs, roles) == {key: counted[key] for key in ("eer", "auc", "points", "classes")}


def test_every_distractor_is_an_identity_of_its_own() -> None:
    points, labels, numbers, _ = tied(5)
    roles = roles_of(labels, NAMES, numbers)
    assert roles is not None
    pairs = listed_pairs(points, roles, NAMES)
    assert pairs.identities is not None and pairs.first is not None and pairs.second is not None
    own = [name for name in pairs.identities if "distractor" in name]
    rows = np.flatnonzero(numbers == ROLES.index("distractor")).tolist()
    assert rows and sorted(own) == sorted(f"{NAMES[labels[row]]}, distractor in row {row}" for row in rows)
    assert not pairs.is_same[np.isin(pairs.second, [pairs.identities.index(name) for name in own])].any()
    assert (pairs.is_same == (pairs.first == pairs.second)).all()


def test_more_pairs_than_can_be_held_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    points, labels, numbers, _ = tied(0)
    roles = roles_of(labels, NAMES, numbers)
    assert roles is not None
    count = roles.counts["positive_pairs"] + roles.counts["negative_pairs"]
    monkeypatch.setattr("core.reidentification.pairs.MOST_LISTED", count)
    assert len(listed_pairs(points, roles, NAMES).distances) == count
    monkeypatch.setattr("core.reidentification.pairs.MOST_LISTED", count - 1)
    with pytest.raises(ValueError, match=f"a threshold must come from at most {count - 1} pairs .*, got {count}. Take"):
        listed_pairs(points, roles, NAMES)
