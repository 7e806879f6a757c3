"""The three kinds of triplets are drawn where their definition has them."""

from __future__ import annotations

from math import dist

import pytest

from dashboard.glossary.pictures.triplets import ANCHOR, DRAWINGS, MARGIN, NEAR, NEGATIVES, POSITIVE
from tests.dashboard.glossary.pictures.shapes import SPACE, dots, drawn, lines


def test_hard_semi_hard_and_easy_negatives_lie_in_their_bands() -> None:
    away = {kind: dist(ANCHOR, at) for kind, at in NEGATIVES.items()}
    assert away["hard"] < NEAR <= away["semi-hard"] < NEAR + MARGIN <= away["easy"]
    assert dist(ANCHOR, POSITIVE) == NEAR


@pytest.mark.parametrize("kind", ["easy", "semi_hard", "hard", "margin"])
def test_the_rings_are_at_the_positive_and_a_margin_further(kind: str) -> None:
    radii = [
        float(one.get("r", 0)) for one in drawn(DRAWINGS[kind]).iter(f"{SPACE}circle") if one.get("fill") == "none"
    ]
    assert radii == pytest.approx([NEAR, NEAR + MARGIN], abs=0.1)


def test_a_pair_of_one_class_is_solid_and_of_two_classes_dashed() -> None:
    for kind, is_dashed in (("positive_pair", False), ("negative_pair", True)):
        (line,) = drawn(DRAWINGS[kind]).iter(f"{SPACE}polyline")
        assert ("stroke-dasharray" in line.attrib) == is_dashed


def test_a_triplet_has_its_three_letters_and_two_distances() -> None:
    root = drawn(DRAWINGS["triplet"])
    assert [one.text for one in root.iter(f"{SPACE}text")] == ["a", "p", "n"] and len(lines(root)) == 2
    assert len(dots(root)) == 3
