"""Numbers of retrieval are drawn as they are computed."""

from __future__ import annotations

from statistics import fmean

import pytest

from dashboard.glossary.pictures.ranks import ANSWERS, DRAWINGS, OF_CLASS, precision
from tests.dashboard.glossary.pictures.shapes import SPACE, areas, dots, drawn, lines


def bars(kind: str) -> list[float]:
    """Their heights, as shares."""
    return [(corners[2][1] - corners[0][1]) / 56 for corners in areas(drawn(DRAWINGS[kind]), "accent")]


def test_a_bar_at_each_right_answer_is_the_share_of_right_ones_so_far() -> None:
    expected = [sum(ANSWERS[: at + 1]) / (at + 1) for at, is_right in enumerate(ANSWERS) if is_right]
    assert bars("average_precision") == pytest.approx(expected, abs=0.01)
    assert fmean(expected) == pytest.approx(fmean([1, 2 / 3, 3 / 4, 4 / 7])) and precision(7) == 4 / 7


def test_map_at_r_looks_at_the_r_nearest_alone() -> None:
    expected = [precision(at + 1) for at in range(OF_CLASS) if ANSWERS[at]]
    assert bars("map_at_r") == pytest.approx(expected, abs=0.01) and len(expected) < OF_CLASS


def test_minp_reaches_to_the_last_right_answer() -> None:
    (text,) = drawn(DRAWINGS["minp"]).iter(f"{SPACE}text")
    assert text.text == "4/7"


def test_the_share_that_has_found_rises_with_every_rank() -> None:
    (steps,) = lines(drawn(DRAWINGS["cmc"]), "accent")
    shares = [(86 - y) / 76 * 1.08 for _, y in steps][::2]
    assert shares == pytest.approx([0.4, 0.6, 0.6, 0.8, 1, 1], abs=0.01)


def test_neighbours_are_the_nearest() -> None:
    root = drawn(DRAWINGS["neighbour"])
    near = [line[-1] for line in lines(root, "accent")]
    furthest = max((x - 80) ** 2 + (y - 50) ** 2 for x, y in near)
    others = [(x - 80) ** 2 + (y - 50) ** 2 for x, y in dots(root, "muted")]
    assert len(near) == 4 and furthest <= min(others) + 0.5


def test_a_map_that_loses_trust_shows_a_stranger_and_one_that_tears_loses_a_neighbour() -> None:
    for kind, colour in (("trustworthiness", "negative"), ("continuity", "positive")):
        left, right = (corners for corners in areas(drawn(DRAWINGS[kind]), colour) if len(corners) == 4)
        is_near = [abs(one[0][0] - middle) < 20 for one, middle in ((left, 38), (right, 114))]
        assert is_near == ([False, True] if kind == "trustworthiness" else [True, False])


def test_groups_and_classes_agree_on_most_pairs() -> None:
    root = drawn(DRAWINGS["ari"])
    assert (len(areas(root, "accent")), len(areas(root, "negative"))) == (26, 10)
