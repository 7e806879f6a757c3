"""Networks have the layers that they are about."""

from __future__ import annotations

from dashboard.glossary.pictures.networks import DRAWINGS
from tests.dashboard.glossary.pictures.shapes import areas, dots, drawn, lines


def test_units_are_joined_to_all_of_the_layer_before() -> None:
    assert len(lines(drawn(DRAWINGS["linear"]))) == 5 * 3
    assert len(lines(drawn(DRAWINGS["mlp"]))) == 4 * 5 + 5 * 5 + 5 * 3


def test_a_linear_encoder_has_no_hidden_layer_and_the_mlp_two() -> None:
    assert not dots(drawn(DRAWINGS["linear"]), "accent") and len(dots(drawn(DRAWINGS["mlp"]), "accent")) == 10


def test_the_head_or_what_it_stands_on_is_marked() -> None:
    assert areas(drawn(DRAWINGS["head"]), "accent") and not areas(drawn(DRAWINGS["backbone"]), "accent")
    assert len(areas(drawn(DRAWINGS["backbone"]), "class0")) == 7


def test_weights_of_both_signs_have_lines_of_their_own() -> None:
    root = drawn(DRAWINGS["weights"])
    assert len(lines(root)) == 12 and lines(root, "positive") and lines(root, "negative")
