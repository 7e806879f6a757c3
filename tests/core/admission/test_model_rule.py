"""Who says how images are prepared for a network: its author, its file, or nobody."""

from __future__ import annotations

import json

import pytest

from core.admission.model_rule import AskedRule, rule_of_graph, takes_of
from core.models.image_rule import METADATA
from core.models.onnx_graph import Place
from tests.core.exported_weights import RULE


def place(*shape: int | str) -> Place:
    return Place("x", "float32", shape)


TOLD = {METADATA: json.dumps(RULE.written())}


@pytest.mark.parametrize(
    "shape, layout, sizes",
    [
        (("n", 3, 6, 5), "NCHW", (6, 5, 3)),
        (("n", 6, 5, 3), "NHWC", (6, 5, 3)),
        ((1, 1, 6, 5), "NCHW", (6, 5, 1)),
        (("n", 6, 5, 1), "NHWC", (6, 5, 1)),
        (("n", 3, 6, 3), "NCHW", (6, 3, 3)),  # either way: the common one
    ],
)
def test_channels_are_found_by_the_shape(shape: tuple[int | str, ...], layout: str, sizes: tuple[int, ...]) -> None:
    rule, rule_from = rule_of_graph(place(*shape), AskedRule(), {})
    assert (rule.layout, (rule.height, rule.width, rule.channels)) == (layout, sizes) and rule_from == "nobody"
    assert rule.mean == (0.0,) * rule.channels and rule.deviation == (1.0,) * rule.channels


def test_what_both_layouts_would_allow_can_be_said() -> None:
    rule, _ = rule_of_graph(place("n", 3, 6, 3), AskedRule(layout="NHWC"), {})
    assert (rule.height, rule.width, rule.channels) == (3, 6, 3)


def test_open_sizes_are_said_by_the_author_or_by_the_file() -> None:
    with pytest.raises(ValueError, match=r"the height of images must be said .* \(--height 224\)"):
        rule_of_graph(place("n", 3, "h", "w"), AskedRule(), {})
    rule, _ = rule_of_graph(place("n", 3, "h", "w"), AskedRule(height=30, width=20), TOLD)
    assert (rule.height, rule.width) == (30, 20)
    rule, rule_from = rule_of_graph(place("n", "c", "h", "w"), AskedRule(), TOLD)
    assert (rule.height, rule.width, rule.channels) == (9, 7, 3) and rule_from == "file"


def test_an_author_who_contradicts_the_network_is_told() -> None:
    with pytest.raises(ValueError, match="the width must be 5, as the network has it, got 6"):
        rule_of_graph(place("n", 3, 6, 5), AskedRule(width=6), {})


def test_what_the_file_says_holds_until_the_author_says_otherwise() -> None:
    rule, rule_from = rule_of_graph(place("n", 3, 9, 7), AskedRule(), TOLD)
    assert (rule.mean, rule.deviation, rule_from) == (RULE.mean, RULE.deviation, "file")
    rule, rule_from = rule_of_graph(place("n", 3, 9, 7), AskedRule(mean=(0.5,)), TOLD)
    assert (rule.mean, rule.deviation, rule_from) == ((0.5,) * 3, (1.0,) * 3, "reader")


def test_mean_and_deviation_are_of_pixels_in_the_range_that_is_said() -> None:
    asked = AskedRule(range="0 to 255", mean=(127.5,), deviation=(128.0, 64.0, 32.0), order="BGR")
    rule, _ = rule_of_graph(place("n", 3, 6, 5), asked, {})
    assert rule.mean == (0.5,) * 3 and rule.deviation == (128 / 255, 64 / 255, 32 / 255) and rule.order == "BGR"
    rule, _ = rule_of_graph(place("n", 1, 6, 5), AskedRule(range="-1 to 1"), {})
    assert rule.mean == (0.5,) and rule.deviation == (0.5,)
    with pytest.raises(ValueError, match="mean must be one number, or one for each of 3 channels, got 2"):
        rule_of_graph(place("n", 3, 6, 5), AskedRule(mean=(0.1, 0.2)), {})


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[" * 5000, '{"height": 9}', json.dumps({**RULE.written(), "mean": [0.1]})],
)
def test_what_a_file_says_wrongly_is_passed_over(text: str) -> None:
    _, rule_from = rule_of_graph(place("n", 3, 6, 5), AskedRule(), {METADATA: text})
    assert rule_from == "nobody"


def test_images_have_one_or_three_channels() -> None:
    with pytest.raises(ValueError, match="images must have 1 or 3 channels, got an input"):
        rule_of_graph(place("n", 4, 6, 5), AskedRule(), {})


def test_an_input_takes_images_or_vectors() -> None:
    assert takes_of(place("n", 3, 6, 5)) == ("images", 0) and takes_of(place("n", 12)) == ("vectors", 12)
    for shape in (("n", "d"), ("n",), ("n", 3, 6), (1, 2, 3, 4, 5), ("n", 2**40)):
        with pytest.raises(ValueError, match=r"the input must be images .* or vectors \(N, D\) of one length, got"):
            takes_of(place(*shape))
