"""Who asks, who may be found and which pairs count, against the definition point by point."""

from __future__ import annotations

import numpy as np
import pytest

from core.reidentification.roles import BOTH, DISTRACTOR, GALLERY, JUNK, QUERY, ROLES, Roles, roles_of, words_for

NAMES = ("-1", "0", "1", "2", "3")


def drawn(seed: int, count: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, places in ROLES and groups (N,)."""
    generator = np.random.default_rng(seed)
    shares = [[0.3, 0.3, 0.2, 0.1, 0.1], [0.3, 0.7, 0, 0, 0], [0, 0, 1, 0, 0]][seed % 3]
    return (
        generator.integers(0, len(NAMES), count),
        generator.choice(len(ROLES), count, p=shares),
        generator.integers(0, 3, count),
    )


def pairs_by_hand(roles: Roles, others: bool = False) -> dict[tuple[int, int], bool]:
    """Both rows of each pair that counts, the lower first, and whether it is positive."""
    found, names = {}, [ROLES[number] for number in roles.numbers]
    for query, asking in enumerate(names):
        for other, standing in enumerate(names):
            if query == other or asking not in (QUERY, BOTH) or standing not in (GALLERY, BOTH, DISTRACTOR):
                continue
            is_same = standing != DISTRACTOR and roles.labels[query] == roles.labels[other]
            crossed = roles.groups is None or not (is_same and roles.groups[query] == roles.groups[other])
            if crossed:
                found[min(query, other), max(query, other)] = bool(is_same)
    return found


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_every_pair_that_counts_is_met_once(seed: int, across: bool) -> None:
    labels, numbers, groups = drawn(seed)
    roles, found = Roles(labels, numbers, groups if across else None), {}
    expected = pairs_by_hand(roles)
    assert 0 < sum(expected.values()) < len(expected)
    for query in roles.queries.tolist():
        new, (there, is_same) = roles.new_pairs_of(query), roles.found_by(query)
        assert not (new & ~there).any() and not (is_same & ~there).any()
        for place in np.flatnonzero(new):
            other = int(roles.gallery[place])
            key = (min(query, other), max(query, other))
            assert key not in found
            found[key] = bool(is_same[place])
    assert found == expected
    counts = roles.counts
    assert counts["positive_pairs"] == sum(expected.values())
    assert counts["negative_pairs"] == len(expected) - sum(expected.values())
    without = pairs_by_hand(Roles(labels, numbers))
    assert counts["pairs_left_out"] == len(without) - len(expected) and (counts["pairs_left_out"] > 0) == across
    alone = sum(not roles.found_by(query)[1].any() for query in roles.queries)
    assert counts["queries_without_positive"] == alone and counts["queries"] == len(roles.queries) - alone


def test_without_a_word_there_are_no_roles() -> None:
    labels, _, groups = drawn(0)
    assert roles_of(labels, NAMES) is None
    assert roles_of(labels, NAMES, group=groups) is None  # groups change nothing unless they are asked for


def test_labels_that_are_named_play_their_part_whatever_the_array_says() -> None:
    labels, numbers, _ = drawn(0)
    roles = roles_of(labels, NAMES, numbers, junk=["-1"], distractors=["0"])
    assert roles is not None
    assert (roles.numbers[labels == 0] == ROLES.index(JUNK)).all()
    assert (roles.numbers[labels == 1] == ROLES.index(DISTRACTOR)).all()
    others = labels > 1
    np.testing.assert_array_equal(roles.numbers[others], numbers[others])
    assert words_for(roles.on_card) == ["--junk=-1", "--distractors=0"]


def test_what_cannot_be_counted_is_refused() -> None:
    labels, numbers, groups = drawn(0)
    with pytest.raises(ValueError, match="across groups must have the array group"):
        roles_of(labels, NAMES, across_groups=True)
    with pytest.raises(ValueError, match="a label for junk must be one of the archive, got '7'"):
        roles_of(labels, NAMES, junk=["7"])
    with pytest.raises(ValueError, match="must leave queries and a gallery, got 0 and 60"):
        roles_of(labels, NAMES, np.full(60, ROLES.index(GALLERY)))
    with pytest.raises(ValueError, match="of another group in the gallery, got none for any of 60 queries"):
        roles_of(labels, NAMES, group=labels, across_groups=True)
    with pytest.raises(ValueError, match="a point of another identity in the gallery"):
        roles_of(labels, NAMES, junk=["-1", "1", "2", "3"])
