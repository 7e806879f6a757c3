"""Arrows of losses pull to the anchor and push from it, and curves are those of their papers."""

from __future__ import annotations

import math

import pytest

from dashboard.glossary.pictures.losses import DRAWINGS, own_logit, pull, push
from tests.dashboard.glossary.pictures.shapes import SPACE, areas, drawn, lines


def test_a_pull_comes_nearer_and_a_push_goes_further() -> None:
    pulled, pushed = drawn(lambda pen: pull(pen, (50, 50), (90, 50))), drawn(lambda pen: push(pen, (50, 50), (70, 50)))
    assert areas(pulled)[0][0][0] < 90 and areas(pushed)[0][0][0] > 70


@pytest.mark.parametrize("part", range(1, 4))
def test_the_margin_of_a_softmax_has_no_jump_where_its_parts_meet(part: int) -> None:
    at = part * math.pi / 4
    assert own_logit("a_softmax", at - 1e-9) == pytest.approx(own_logit("a_softmax", at + 1e-9), abs=1e-6)
    assert own_logit("a_softmax", at) == pytest.approx(1 - 2 * part)


@pytest.mark.parametrize("kind", ["a_softmax", "arc_face", "cos_face"])
def test_a_margin_gives_the_own_class_less_than_its_cosine(kind: str) -> None:
    angles = [0.05 + 0.1 * step for step in range(25)]
    assert all(own_logit(kind, angle) < math.cos(angle) for angle in angles)
    assert own_logit("arc_face", 0.3) == math.cos(0.8) and own_logit("cos_face", 0.0) == pytest.approx(0.65)


def test_nca_draws_near_neighbours_with_thicker_lines() -> None:
    root = drawn(DRAWINGS["nca"])
    widths = [float(one.get("stroke-width", 0)) for one in root.iter(f"{SPACE}polyline")]
    lengths = [math.dist(*line) for line in lines(root)]
    by_length = [width for _, width in sorted(zip(lengths, widths, strict=True))]
    assert by_length == sorted(by_length, reverse=True) and by_length[0] > 3 * by_length[-1]


def test_the_softmax_of_a_batch_sums_to_one() -> None:
    heights = [bar[2][1] - bar[0][1] for bar in areas(drawn(DRAWINGS["info_nce"])) if len(bar) == 4]
    assert sum(heights) == pytest.approx(110, abs=0.5) and max(heights) == heights[0]


def test_a_circle_loss_has_its_border_around_the_best_corner() -> None:
    (border,) = lines(drawn(DRAWINGS["circle"]), "accent")
    away = [((x - 14) / 136, (86 - y) / 76) for x, y in border]
    assert all(math.hypot(x, 1 - y) == pytest.approx(0.7, abs=0.01) for x, y in away)
