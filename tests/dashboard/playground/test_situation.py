"""What an address says of a playground is read as it was written, and what means nothing is refused in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.losses import LOSSES
from core.params import params_of
from dashboard.playground.panel import usual_of
from dashboard.playground.situation import declared, parts_of, points_of, situation_of, values_of

PLACES = st.lists(st.tuples(st.integers(-9999, 9999), st.integers(-9999, 9999)), min_size=3, max_size=12)


@given(PLACES, st.integers(1, 4))
def test_points_are_read_in_hundredths_with_their_classes(places: list[tuple[int, int]], classes: int) -> None:
    labels = [row % min(classes, len(places)) for row in range(len(places))]
    text = "".join(f"{'abcd'[label]}{x}_{y}" for label, (x, y) in zip(labels, places, strict=True))
    points, found = points_of(text, "plane")
    assert points == tuple((x / 100, y / 100) for x, y in places) and found == tuple(labels)


@pytest.mark.parametrize(
    ("text", "space", "why"),
    [
        ("a1_2b3_4", "plane", "points must be 3 to 12 such as a62_-31"),
        ("a1_2b3_4c5_6" + "a1_1" * 10, "plane", "points must be 3 to 12"),
        ("a1_2b3_4!c5_6", "plane", "points must be 3 to 12"),
        ("a١_2b3_4c5_6", "plane", "points must be 3 to 12"),
        ("a1_2b3_4c5_6", "sphere", "points on the sphere must have 3 numbers each"),
        ("a1_2_3b3_4_3c5_6_3", "circle", "points on the circle must have 2 numbers each"),
        ("a1_2b3_4c99999_6", "plane", "points must be at most 100 from 0"),
        ("a1_2b3_4d5_6", "plane", "classes of points must be a, b and so on without a gap"),
    ],
)
def test_other_points_are_refused(text: str, space: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        points_of(text, space)


def test_values_are_those_of_the_loss_and_the_switches() -> None:
    usual = usual_of("triplet", "triplet")
    found = values_of("triplet", "margin-0.35~squared-true~anchors-all~step-0.5", usual)
    assert found == usual | {"margin": 0.35, "squared": True, "anchors": "all", "step": 0.5}


@pytest.mark.parametrize(
    "text",
    ["scale-3", "margin-x", "margin-0_2", "margin--1", "step-0_1", "step-0", "step-x", "anchors-two", "bands-2", "x"],
)
def test_other_values_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        values_of("triplet", text, usual_of("triplet", "triplet"))


def test_learned_rows_are_read_in_hundredths() -> None:
    assert parts_of("proxies.62_-31.10_99~boundary.120") == {
        "proxies": ((0.62, -0.31), (0.1, 0.99)),
        "boundary": ((1.2,),),
    }
    for text in ("proxies", "others.1", "proxies.1_x"):
        with pytest.raises(ValueError, match="learned numbers must be rows of hundredths"):
            parts_of(text)


@pytest.mark.parametrize("name", LOSSES)
def test_the_browser_is_told_the_parameters_of_core(name: str) -> None:
    told = {one["name"]: one for one in declared(name)}
    assert list(told) == [one.name for one in params_of(LOSSES[name])]
    for one in params_of(LOSSES[name]):
        sent = told[one.name]
        assert (sent["low"], sent["high"], sent["usual"]) == (one.low, one.high, one.default)
        assert [value for value, _ in sent["choices"]] == list(one.choices)


def test_a_situation_parts_parameters_from_switches() -> None:
    texts = {"space": "plane", "points": "a0_0a100_0b0_100", "values": "margin-0.3~squared-true", "parts": ""}
    found = situation_of("triplet", texts, usual_of("triplet", "triplet"))
    assert found.parameters["margin"] == 0.3 and "squared" not in found.parameters
    assert found.switches["squared"] is True and found.points[1] == (1.0, 0.0) and found.labels == (0, 0, 1)
