"""Which triplets of an anchor are shown, and the anchor to look at first."""

from __future__ import annotations

import numpy as np
import pytest

from core.statistics.anchor_census import AnchorTriplets
from dashboard.figures import choices
from tests.dashboard.anchors import MARGINS, Anchored


def test_few_triplets_are_all_shown(few_triplets: Anchored) -> None:
    triplets, _, _ = few_triplets
    choice = choices.for_the_plane(triplets)
    assert len({*zip(choice.positives, choice.negatives, strict=True)}) == triplets.total == 9 * 30
    assert choice.words == "All 270 triplets of this anchor shown."


def test_of_many_triplets_a_rule_chooses_some_and_says_so(many_triplets: Anchored) -> None:
    triplets, _, _ = many_triplets
    choice = choices.for_the_plane(triplets)
    shown = {*zip(choice.positives.tolist(), choice.negatives.tolist(), strict=True)}
    assert len(shown) == len(choice.positives) == 3600
    assert choice.words.startswith("3,600 of 269,100 triplets of this anchor shown: 200 of 299 positives with the 6 ")
    assert {(0, negative) for negative in range(6)} <= shown
    assert np.bincount(choice.negatives * 10 // 900, minlength=10).min() > 100, "the spread must reach every distance"
    assert choice.negatives.max() < 900


@pytest.mark.parametrize("positives, negatives", [(1, 5000), (5000, 1), (61, 60), (3600, 2), (300, 17)])
def test_any_shape_of_too_many_is_cut_to_distinct_triplets(positives: int, negatives: int) -> None:
    ranks = [np.arange(positives), np.arange(negatives)]
    triplets = AnchorTriplets(0, *ranks, *(rank.astype(float) for rank in ranks), MARGINS, 0, np.zeros(21))
    choice = choices.for_the_plane(triplets)
    assert len({*zip(choice.positives, choice.negatives, strict=True)}) == len(choice.positives) <= 3600
    assert choice.positives.max() < positives and choice.negatives.max() < negatives


def test_the_drawn_triplets_begin_with_the_hardest(many_triplets: Anchored) -> None:
    triplets, _, _ = many_triplets
    choice = choices.for_the_map(triplets)
    assert choice.positives[0] == len(triplets.positives) - 1 and choice.positives[-1] == 0
    assert choice.negatives.tolist() == list(range(choices.DRAWN))


def test_the_first_anchor_lies_near_a_border() -> None:
    labels = np.repeat([0, 1], 20)
    outwards = np.append(np.zeros(17), [1.0, 1.1, 1.2])  # three of each class lie towards the other
    points = np.stack([np.append(outwards, 5 - outwards), np.zeros(40)], axis=1)
    assert choices.first_anchor(points, labels) % 20 >= 17


def test_the_first_anchor_has_others_of_its_class(rng: np.random.Generator) -> None:
    labels = np.array([0, 0, 0, 1, 2, 3])
    assert labels[choices.first_anchor(rng.normal(size=(6, 2)), labels)] == 0
    assert choices.first_anchor(rng.normal(size=(3, 2)), np.zeros(3, dtype=int)) == 0
    assert choices.first_anchor(rng.normal(size=(3, 2)), np.arange(3)) in range(3)


def test_dots_lead_from_the_anchor_to_every_drawn_negative(many_triplets: Anchored) -> None:
    triplets, _, layout = many_triplets
    places, rows, is_end = choices.dots(layout, triplets)
    negatives = triplets.negatives[choices.for_the_map(triplets).negatives]
    np.testing.assert_allclose(places[is_end], layout[negatives])
    step = np.ptp(layout, axis=0).max() / choices.DOTS_ACROSS
    for row in range(len(negatives)):
        line = np.vstack([layout[triplets.anchor], places[rows == row]])
        gaps = np.hypot(*np.diff(line, axis=0).T)
        np.testing.assert_allclose(gaps, gaps[0])
        assert len(gaps) > 1 and step <= gaps[0] < 2 * step
