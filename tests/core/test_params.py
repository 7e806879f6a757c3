from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.experiment.experiment import FAMILIES
from core.params import Declared, Param, build, kind_named, param, params_of, table

MEMBERS = [kind for family in FAMILIES.values() for kind in family.values()]


@dataclass(frozen=True)
class BrightLamp(Declared):
    """Shines on things,
    and on what is beside them.

    More that no menu shows.
    """

    power: float = param(0.5, low=0.0, high=10.0, unit="watts", help="how bright")
    bulbs: int = param(1, low=1, high=8, help="how many")
    is_warm: bool = param(True, help="yellowish light")
    colour: str = param("white", choices=("white", "red"), help="of the light")
    side: int = param(2, choices=(2, 32), help="of the foot")
    label: str = param("", help="a name")


@dataclass(frozen=True)
class Candle(Declared):
    """Burns."""


LAMPS = table(BrightLamp, Candle)
POWER, BULBS, IS_WARM, COLOUR, SIDE, LABEL = params_of(BrightLamp)


def test_a_member_is_called_by_its_class_in_lower_case_words() -> None:
    assert (BrightLamp.name, Candle.name) == ("bright-lamp", "candle")
    assert {"p-by-k", "compact-cnn", "batch-hard", "fashion-mnist"} < {kind.name for kind in MEMBERS}


def test_the_summary_is_the_first_paragraph_on_one_line() -> None:
    assert BrightLamp.summary == "Shines on things, and on what is beside them."


def test_parameters_come_in_the_order_of_their_declaration() -> None:
    assert [declared.name for declared in params_of(BrightLamp)] == [
        "power", "bulbs", "is_warm", "colour", "side", "label",
    ]  # fmt: skip
    assert POWER == Param("power", 0.5, "how bright", "watts", 0.0, 10.0)
    assert IS_WARM.label == "is warm"


@pytest.mark.parametrize(
    "declared, rule",
    [
        (POWER, "be a number from 0 to 10"),
        (BULBS, "be a whole number from 1 to 8"),
        (IS_WARM, "be true or false"),
        (COLOUR, "be one of white, red"),
        (SIDE, "be one of 2, 32"),
        (LABEL, "be text"),
    ],
)
def test_the_rule_is_said_in_words(declared: Param, rule: str) -> None:
    assert declared.rule == rule


@pytest.mark.parametrize(
    "declared, value",
    [
        (POWER, 0.0),
        (POWER, 10.0),
        (POWER, 3),
        (BULBS, 8),
        (IS_WARM, False),
        (COLOUR, "red"),
        (SIDE, 32),
        (LABEL, "a b"),
    ],
)
def test_bounds_are_inclusive_and_whole_numbers_are_numbers(declared: Param, value: Any) -> None:
    assert declared.allows(value)
    assert getattr(BrightLamp(**{declared.name: value}), declared.name) == value


@pytest.mark.parametrize(
    "declared, value",
    [
        (POWER, 10.000001),
        (POWER, -0.000001),
        (POWER, math.nan),
        (POWER, math.inf),
        (POWER, 10**400),
        (POWER, True),
        (POWER, "1"),
        (POWER, None),
        (BULBS, 0),
        (BULBS, 9),
        (BULBS, 2.0),
        (BULBS, True),
        (BULBS, 10**400),
        (IS_WARM, 1),
        (IS_WARM, "true"),
        (COLOUR, "blue"),
        (COLOUR, ""),
        (COLOUR, ["white"]),
        (SIDE, 3),
        (SIDE, 2.0),
        (SIDE, "2"),
        (LABEL, 4),
    ],
)
def test_anything_else_is_refused_with_the_rule(declared: Param, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^bright-lamp: {declared.name} must {declared.rule}, got "):
        BrightLamp(**{declared.name: value})


def test_the_error_shows_the_value_and_the_default() -> None:
    with pytest.raises(ValueError, match=r"got 99\. Its default is 1\.$"):
        BrightLamp(bulbs=99)


def test_equal_numbers_are_one_configuration() -> None:
    assert json.dumps(BrightLamp(power=1).described()) == json.dumps(BrightLamp(power=1.0).described())
    assert json.dumps(BrightLamp(power=-0.0).described()) == json.dumps(BrightLamp(power=0).described())


@pytest.mark.parametrize(
    "declared, text, value",
    [
        (POWER, "2", 2.0),
        (POWER, "1e-3", 0.001),
        (BULBS, "3", 3),
        (IS_WARM, "False", False),
        (COLOUR, "red", "red"),
        (SIDE, "32", 32),
        (LABEL, "12", "12"),
    ],
)
def test_a_word_is_read_as_the_parameter_is(declared: Param, text: str, value: Any) -> None:
    read = declared.parse("--option", text)
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(
    "declared, text",
    [
        (POWER, "nan"),
        (POWER, "inf"),
        (POWER, "much"),
        (BULBS, "2.5"),
        (BULBS, "1" + "0" * 400),
        (IS_WARM, "1"),
        (SIDE, ""),
    ],
)
def test_a_word_that_does_not_fit_is_refused_with_the_rule(declared: Param, text: str) -> None:
    with pytest.raises(ValueError, match=f"^--option: {declared.name} must {declared.rule}, got "):
        declared.parse("--option", text)


@st.composite
def values_of(draw: st.DrawFn, declared: Param) -> Any:
    """Any value that the declaration allows."""
    if declared.choices:
        return draw(st.sampled_from(declared.choices))
    if isinstance(declared.default, bool):
        return draw(st.booleans())
    if isinstance(declared.default, str):
        return draw(st.text("aé '\"/\n", max_size=6))
    number = st.integers if isinstance(declared.default, int) else st.floats
    return draw(number(declared.low, declared.high))


@pytest.mark.parametrize("kind", [BrightLamp, *MEMBERS], ids=lambda kind: kind.name)
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_described_is_built_again_also_through_json(kind: type[Declared], data: st.DataObject) -> None:
    try:
        made = kind(**{declared.name: data.draw(values_of(declared)) for declared in params_of(kind)})
    except ValueError:  # a member may forbid combinations of its own
        return
    described = json.loads(json.dumps(made.described()))
    assert described["kind"] == kind.name
    assert build("family", {kind.name: kind}, described) == made


def test_a_parameter_that_is_left_out_takes_its_default() -> None:
    assert build("lamp", LAMPS, {"kind": "bright-lamp", "bulbs": 2}) == BrightLamp(bulbs=2)


def test_an_unknown_parameter_is_named_with_those_there_are() -> None:
    with pytest.raises(
        ValueError, match="^bright-lamp must be given its own parameters, got 'brightness'. It has bulbs"
    ):
        build("lamp", LAMPS, {"kind": "bright-lamp", "brightness": 2})
    with pytest.raises(ValueError, match="got 'bulbs'. It has no parameters."):
        build("lamp", LAMPS, {"kind": "candle", "bulbs": 2})


@pytest.mark.parametrize("described", [{"kind": "torch"}, {}, {"bulbs": 2}])
def test_an_unknown_member_is_refused_with_those_there_are(described: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="^lamp must be one of bright-lamp, candle, got "):
        build("lamp", LAMPS, described)


def test_a_table_keeps_the_order_of_the_menu() -> None:
    assert list(table(Candle, BrightLamp)) == ["candle", "bright-lamp"]
    assert kind_named("lamp", LAMPS, "candle") is Candle


def test_two_members_of_one_name_are_a_mistake() -> None:
    with pytest.raises(AssertionError):
        table(Candle, Candle)
