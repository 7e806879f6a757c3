from __future__ import annotations

import numpy as np
import pytest

from core.statistics.crossing import (
    ALL,
    ALL_PAIRS,
    CROSSINGS,
    GROUP,
    PAIRS_ACROSS,
    POSITIVES_ACROSS,
    SESSION,
    Crossing,
    PairProtocol,
    protocols_of,
)
from tests.core.crossings import counts, listed, tied_set

KINDS = list(CROSSINGS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_the_pairs_of_a_point_are_those_of_the_definition(kind: str, seed: int) -> None:
    _, labels, groups = tied_set(seed)
    there, is_same = Crossing(kind, labels, groups).pairs_of(np.arange(len(labels)))
    for row in range(len(labels)):
        for other in range(len(labels)):
            same, within = labels[row] == labels[other], groups[row] == groups[other]
            expected = row != other and counts(kind, is_same=bool(same), is_within=bool(within))
            assert there[row, other] == expected
            assert is_same[row, other] == (expected and same)


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_are_counted_without_listing_them(kind: str) -> None:
    points, labels, groups = tied_set(4)
    crossing = Crossing(kind, labels, groups)
    pairs = listed(points, crossing)
    positive = sum(pair.is_same for pair in pairs)
    assert crossing.pair_counts == (positive, len(pairs) - positive)
    assert 0 < positive < len(pairs)


def test_a_crossing_leaves_out_something_of_the_kind_it_is_about() -> None:
    _, labels, groups = tied_set(5)
    every, positives, both = (Crossing(kind, labels, groups).pair_counts for kind in KINDS)
    assert positives[0] == both[0] < every[0]
    assert positives[1] == every[1] > both[1]


def test_with_one_point_or_none_there_are_no_pairs() -> None:
    nobody, one = np.zeros(0, np.int64), np.zeros(1, np.int64)
    assert Crossing(ALL, nobody, nobody).pair_counts == (0, 0)
    assert Crossing(PAIRS_ACROSS, one, one).pair_counts == (0, 0)


def test_where_nobody_was_met_in_two_groups_an_error_says_so() -> None:
    labels = np.array([0, 0, 1, 1])
    with pytest.raises(ValueError, match="must leave pairs of both kinds, got 0 positive and 4 negative"):
        Crossing(POSITIVES_ACROSS, labels, labels).check()


def test_groups_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="one for each of 3 points"):
        Crossing(ALL, np.arange(3), np.arange(2))


@pytest.mark.parametrize("protocol", [ALL_PAIRS, *(PairProtocol(k, c) for k in KINDS[1:] for c in (GROUP, SESSION))])
def test_a_protocol_is_read_back_from_its_name(protocol: PairProtocol) -> None:
    assert PairProtocol.named(protocol.name) == protocol
    assert "{" not in protocol.in_words


@pytest.mark.parametrize("name", ["", "every", "all-group", "pairs-across", "pairs-across-camera"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        PairProtocol.named(name)


def test_protocols_are_those_of_columns_with_two_values() -> None:
    one, two = np.zeros(4, np.int64), np.array(["a", "a", "b", "b"])
    assert protocols_of({}) == protocols_of({GROUP: one}) == []
    assert [protocol.name for protocol in protocols_of({GROUP: one, SESSION: two})] == [
        "positives-across-session",
        "pairs-across-session",
    ]
