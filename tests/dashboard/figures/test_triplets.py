"""The triplets of an anchor in two figures: dots that are places, and lines on the map."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import SQUARED_EUCLIDEAN, DotProduct
from core.statistics.anchor_census import census_of_anchor, distances_from
from dashboard.figures import choices
from dashboard.figures.axes import axis_name
from dashboard.figures.margins import counts_of, margin_handle, margin_on_the_map
from dashboard.figures.triplets import anchored_map, plane
from tests.dashboard.anchors import NAMES, Anchored, triplets_of


def test_the_map_holds_every_line_from_the_anchor(many_triplets: Anchored) -> None:
    triplets, labels, layout = many_triplets
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


def test_hovering_the_plane_names_three_images_and_both_distances(few_triplets: Anchored) -> None:
    triplets, labels, _ = few_triplets
    points = plane(triplets, NAMES, labels, theme="light").data[0]
    anchor, positive, negative = points.customdata[5]
    assert anchor == 0 and labels[positive] == 0 and labels[negative] != 0
    assert (
        points.text[5]
        == f"cat against {NAMES[labels[negative]]}\nd(a, p) {points.x[5]:.3f} · d(a, n) {points.y[5]:.3f}"
    )
    assert points.meta["captions"] == ["anchor", "positive", "negative"]


def test_a_distance_that_is_not_euclidean_is_named(few_triplets: Anchored) -> None:
    triplets, labels, _ = few_triplets
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
    assert margin_handle(triplets, counts_of(triplets), 0.2, "light").readouts[0].values[0] == "0 · 0 %"


def test_equal_places_are_drawn(rng: np.random.Generator) -> None:
    labels = np.arange(8) % 2
    figure = anchored_map(np.zeros((8, 2)), labels, NAMES, triplets_of(rng.normal(size=(8, 2)), labels), "dark")
    assert np.isfinite(figure.data[0].x).all()
