from __future__ import annotations

import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, DotProduct
from core.statistics.anchor_census import AnchorTriplets, census_of_anchor, distances_from
from dashboard.figures import choices
from dashboard.figures.axes import axis_name
from dashboard.figures.margins import Counts, counts_of, gaps_on_grid, margin_handle, margin_on_the_map, nearest_margin
from dashboard.figures.triplets import anchored_map, plane

MARGINS = np.linspace(0, 2, 21)
NAMES = ["cat", "dog", "owl", "eel"]


def triplets_of(points: np.ndarray, labels: np.ndarray, anchor: int = 0) -> AnchorTriplets:
    return census_of_anchor(distances_from(points, anchor), labels, anchor, MARGINS)


@pytest.fixture
def few(rng: np.random.Generator) -> tuple[AnchorTriplets, np.ndarray, np.ndarray]:
    """Points on a coarse grid, so that many distances tie; with labels and a layout."""
    labels = np.arange(40) % 4
    points = rng.integers(0, 3, size=(40, 3)) / 2
    return triplets_of(points, labels), labels, points[:, :2]


@pytest.fixture
def many(rng: np.random.Generator) -> tuple[AnchorTriplets, np.ndarray, np.ndarray]:
    labels = np.arange(1200) % 4
    points = rng.normal(size=(1200, 3)) + labels[:, None]
    return triplets_of(points, labels), labels, points[:, :2]


def test_few_triplets_are_all_shown(few) -> None:
    triplets, _, _ = few
    choice = choices.for_the_plane(triplets)
    assert len({*zip(choice.positives, choice.negatives, strict=True)}) == triplets.total == 9 * 30
    assert choice.words == "All 270 triplets of this anchor shown."


def test_of_many_triplets_a_rule_chooses_some_and_says_so(many) -> None:
    triplets, _, _ = many
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


def test_the_drawn_triplets_begin_with_the_hardest(many) -> None:
    triplets, _, _ = many
    choice = choices.for_the_map(triplets)
    assert choice.positives[0] == len(triplets.positives) - 1 and choice.positives[-1] == 0
    assert choice.negatives.tolist() == list(range(choices.DRAWN))


def test_colours_part_as_the_definition_does(few) -> None:
    triplets, _, _ = few
    rows, columns = np.indices((9, 30)).reshape(2, -1)
    to_positive, to_negative = triplets.to_positives[rows], triplets.to_negatives[columns]
    gaps = gaps_on_grid(to_positive, to_negative, MARGINS)
    assert (to_positive == to_negative).any(), "the case must hold ties"
    for margin in MARGINS:
        expected = [
            0 if far < near else 1 if far < near + margin else 2
            for near, far in zip(to_positive, to_negative, strict=True)
        ]
        assert ((gaps >= 0).astype(int) + (gaps >= margin)).tolist() == expected


def test_the_points_of_each_colour_are_as_many_as_counted(few) -> None:
    triplets, _, _ = few
    own = counts_of(triplets)
    gaps = margin_handle(triplets, own, 0.2, "light").recolours[0].by
    for row, margin in enumerate(MARGINS):
        bins = np.bincount((gaps >= 0).astype(int) + (gaps >= margin), minlength=3)
        assert dict(zip(("hard", "semi-hard", "easy"), bins.tolist(), strict=True)) == own.at(row)


def test_the_handle_reads_the_counts_of_all_anchors_and_of_one(few) -> None:
    triplets, _, _ = few
    whole = Counts(hard=1_000_000, semi_hard=np.arange(21) * 1000, total=4_000_000)
    handle = margin_handle(triplets, whole, 0.2, "dark")
    hard, semi_hard, easy = (readout.values[20] for readout in handle.readouts)
    assert (hard, semi_hard, easy) == ("1,000,000 · 25.0 %", "20,000 · 0.5 %", "2,980,000 · 74.5 %")
    assert handle.words["own"][20] == counts_of(triplets).said(20)


def test_the_map_holds_every_line_from_the_anchor(many) -> None:
    triplets, labels, layout = many
    figure = anchored_map(layout, labels, NAMES, triplets, "light")
    dotted, points, solid, _, mark = figure.data
    assert len(points.x) == 1200
    assert (mark.x[0], mark.y[0]) == tuple(layout[0])
    drawn = choices.for_the_map(triplets)
    assert set(solid.x[1::3]) == set(layout[triplets.positives[drawn.positives], 0])
    ends = np.array([dotted.x, dotted.y]).T[np.array(dotted.marker.size) > 10]
    np.testing.assert_allclose(ends, layout[triplets.negatives[drawn.negatives]])
    assert len(margin_on_the_map(layout, triplets, 0.2, "light").recolours[0].by) == len(dotted.x)
    images = np.array(dotted.customdata)
    assert (images[:, 0] == 0).all() and (labels[images[:, 1]] == 0).all() and (labels[images[:, 2]] != 0).all()


def test_hovering_the_plane_names_three_images_and_both_distances(few) -> None:
    triplets, labels, _ = few
    points = plane(triplets, NAMES, labels, theme="light").data[0]
    anchor, positive, negative = points.customdata[5]
    assert anchor == 0 and labels[positive] == 0 and labels[negative] != 0
    assert (
        points.text[5]
        == f"cat against {NAMES[labels[negative]]}\nd(a, p) {points.x[5]:.3f} · d(a, n) {points.y[5]:.3f}"
    )
    assert points.meta["captions"] == ["anchor", "positive", "negative"]


def test_a_distance_that_is_not_euclidean_is_named(few) -> None:
    triplets, labels, _ = few
    assert axis_name(EUCLIDEAN) == ""
    layout = plane(triplets, NAMES, labels, "light", axis_name(SQUARED_EUCLIDEAN)).layout
    assert layout.xaxis.title.text.endswith("d(a, p) (squared Euclidean)")
    assert layout.yaxis.title.text.endswith("d(a, n) (squared Euclidean)")


def test_negative_distances_are_on_the_plane(rng: np.random.Generator) -> None:
    points, labels = rng.normal(size=(40, 3)), np.arange(40) % 2
    triplets = census_of_anchor(distances_from(points, 0, DotProduct()), labels, 0, np.linspace(0, 2, 11))
    layout = plane(triplets, NAMES, labels, "light").layout
    smallest = min(triplets.to_positives.min(), triplets.to_negatives.min())
    assert layout.xaxis.range[0] == layout.yaxis.range[0] < smallest < 0


@pytest.mark.parametrize("labels", [np.array([0, 1, 1, 1]), np.zeros(4, dtype=int)], ids=["alone", "one class"])
def test_an_anchor_of_no_triplet_is_still_drawn(rng: np.random.Generator, labels: np.ndarray) -> None:
    points = rng.normal(size=(4, 2))
    triplets = triplets_of(points, labels)
    assert triplets.total == 0
    assert len(plane(triplets, NAMES, labels, "light").data[0].x) == 0
    assert len(anchored_map(points, labels, NAMES, triplets, "light").data[0].x) == 0
    assert len(margin_on_the_map(points, triplets, 0.2, "light").recolours[0].by) == 0
    assert margin_handle(triplets, counts_of(triplets), 0.2, "light").readouts[0].values[0] == "0 · 0.0 %"


def test_equal_places_are_drawn(rng: np.random.Generator) -> None:
    labels = np.arange(8) % 2
    figure = anchored_map(np.zeros((8, 2)), labels, NAMES, triplets_of(rng.normal(size=(8, 2)), labels), "dark")
    assert np.isfinite(figure.data[0].x).all()


def test_the_nearest_margin_is_found() -> None:
    assert nearest_margin(MARGINS, 0.23) == 2
    assert nearest_margin(MARGINS, 99.0) == 20


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
