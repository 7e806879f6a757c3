"""The margin to drag: colours part as the definition does, and the numbers are counted."""

from __future__ import annotations

import numpy as np

from dashboard.figures.choices import dots, for_the_map
from dashboard.figures.margins import Counts, counts_of, gaps_on_grid, margin_handle, margin_on_the_map, nearest_margin
from tests.dashboard.anchors import MARGINS, Anchored


def test_colours_part_as_the_definition_does(few_triplets: Anchored) -> None:
    triplets, _, _ = few_triplets
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


def test_the_points_of_each_colour_are_as_many_as_counted(few_triplets: Anchored) -> None:
    triplets, _, _ = few_triplets
    own = counts_of(triplets)
    gaps = margin_handle(triplets, own, 0.2, "light").recolours[0].by
    for row, margin in enumerate(MARGINS):
        bins = np.bincount((gaps >= 0).astype(int) + (gaps >= margin), minlength=3)
        assert dict(zip(("hard", "semi-hard", "easy"), bins.tolist(), strict=True)) == own.at(row)


def test_the_handle_reads_the_counts_of_all_anchors_and_of_one(few_triplets: Anchored) -> None:
    triplets, _, _ = few_triplets
    whole = Counts(hard=1_000_000, semi_hard=np.arange(21) * 1000, total=4_000_000)
    handle = margin_handle(triplets, whole, 0.2, "dark")
    hard, semi_hard, easy = (readout.values[20] for readout in handle.readouts)
    assert (hard, semi_hard, easy) == ("1,000,000 · 25 %", "20,000 · 0.5 %", "2,980,000 · 74.5 %")
    own = counts_of(triplets).at(20)
    assert handle.words["own"][20] == f"{own['hard']} hard · {own['semi-hard']} semi-hard · {own['easy']} easy"


def test_every_dot_on_the_map_has_the_colour_of_its_triplet(many_triplets: Anchored) -> None:
    triplets, _, layout = many_triplets
    drawn, (_, rows, _) = for_the_map(triplets), dots(layout, triplets)
    to_positive, to_negative = triplets.to_positives[drawn.positives], triplets.to_negatives[drawn.negatives]
    expected = gaps_on_grid(to_positive, to_negative, MARGINS)
    assert len(set(expected)) > 1
    handle = margin_on_the_map(layout, triplets, 0.2, "light")
    assert (handle.name, handle.axis, handle.value) == ("margin", "", 0.2)
    np.testing.assert_array_equal(handle.recolours[0].by, expected[rows])


def test_the_nearest_margin_is_found() -> None:
    assert nearest_margin(MARGINS, 0.23) == 2
    assert nearest_margin(MARGINS, 99.0) == 20
