"""What the address of a playground says, read and checked; lessons grade by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.losses import LOSSES
from core.params import Param, params_of
from dashboard.core_words import named, translated

LETTERS = "abcdefghijkl"
POINTS_LIMITS = (3, 12)
FURTHEST = 100.0  # of a number of a point
POINT = re.compile(r"([a-l])(-?\d{1,5}(?:_-?\d{1,5})+)", re.ASCII)
ROW = re.compile(r"-?\d{1,6}(?:_-?\d{1,6})*", re.ASCII)
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII)  # as the browser writes one, and reads it
SWITCHES = {"squared": False, "anchors": "first", "bands": True, "arrows": True, "landscape": False}


@dataclass(frozen=True)
class Situation:
    """Points with their classes, the parameters of the loss, the switches, and what the loss has learned, by name."""

    loss: str
    space: str
    points: tuple[tuple[float, ...], ...]
    labels: tuple[int, ...]
    parameters: Mapping[str, Any]
    switches: Mapping[str, Any]
    parts: Mapping[str, tuple[tuple[float, ...], ...]]


def situation_of(loss: str, texts: Mapping[str, str], usual: Mapping[str, Any]) -> Situation:
    """What four texts of an address mean; ValueError where one of them means nothing for this loss."""
    points, labels = points_of(texts["points"], texts["space"])
    values = values_of(loss, texts["values"], usual)
    declared = {one.name for one in params_of(LOSSES[loss])}
    return Situation(
        loss,
        texts["space"],
        points,
        labels,
        {name: value for name, value in values.items() if name in declared},
        {name: value for name, value in values.items() if name not in declared},
        parts_of(texts["parts"]),
    )


def points_of(text: str, space: str) -> tuple[tuple[tuple[float, ...], ...], tuple[int, ...]]:
    """Points and classes of a text such as "a62_-31b10_99"; ValueError for another text, number or size of points."""
    found, size = POINT.findall(text), 3 if space == "sphere" else 2
    points = tuple(tuple(int(number) / 100 for number in numbers.split("_")) for _, numbers in found)
    low, high = POINTS_LIMITS
    if "".join(letter + numbers for letter, numbers in found) != text or not low <= len(points) <= high:
        raise ValueError(f"points must be {low} to {high} such as a62_-31, got {text[:40]!r}. Leave them out to start.")
    if any(len(point) != size for point in points):
        raise ValueError(f"points on the {space} must have {size} numbers each, got {text[:40]!r}. Leave them out.")
    if max(abs(value) for point in points for value in point) > FURTHEST:
        raise ValueError(f"points must be at most {FURTHEST:g} from 0, got {text[:40]!r}. Leave them out to start.")
    labels = tuple(LETTERS.index(letter) for letter, _ in found)
    if set(labels) != set(range(max(labels) + 1)):
        raise ValueError(f"classes of points must be a, b and so on without a gap, got {text[:40]!r}. Rename them.")
    return points, labels


def values_of(loss: str, text: str, usual: Mapping[str, Any]) -> dict[str, Any]:
    """All values, with those that a text such as "margin-0.3~shape-soft margin" names; ValueError for what is not."""
    values, declared = dict(usual), {one.name: one for one in params_of(LOSSES[loss])}
    for part in text.split("~") if text else []:
        name, _, written = part.partition("-")
        if name in declared and (declared[name].choices or NUMBER.fullmatch(written)):
            values[name] = declared[name].parse(loss, written)
        elif name == "step" and 0 < _number(written) <= 1:
            values[name] = _number(written)
        elif name == "anchors" and written in ("first", "all"):
            values[name] = written
        elif name in SWITCHES and name != "anchors" and written in ("true", "false"):
            values[name] = written == "true"
        else:
            raise ValueError(f"settings must be those of {loss}, got {part[:40]!r}. Leave it out.")
    return values


def parts_of(text: str) -> dict[str, tuple[tuple[float, ...], ...]]:
    """Learned tensors by name of a text such as "proxies.62_-31.10_99"; ValueError for another text."""
    parts = {}
    for part in text.split("~") if text else []:
        name, *rows = part.split(".")
        if name not in ("weight", "bias", "centres", "proxies", "boundary") or not rows or not all(map(_is_row, rows)):
            raise ValueError(f"learned numbers must be rows of hundredths, got {part[:40]!r}. Leave them out.")
        parts[name] = tuple(tuple(int(number) / 100 for number in row.split("_")) for row in rows)
    return parts


def declared(loss: str) -> list[dict[str, Any]]:
    """The parameters of a loss as the browser takes them: bounds and usual values are core's."""
    return [_sent(one) for one in params_of(LOSSES[loss])]


def _sent(one: Param) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": named(one.label),
        "unit": named(one.unit),
        "help": translated(one.help),
        "low": one.low,
        "high": one.high,
        "usual": one.default,
        "whole": isinstance(one.default, int),
        "choices": [[value, named(str(value))] for value in one.choices],
        "main": bool(one.main),
    }


def _number(text: str) -> float:
    return float(text) if NUMBER.fullmatch(text) else 0.0


def _is_row(text: str) -> bool:
    return ROW.fullmatch(text) is not None
