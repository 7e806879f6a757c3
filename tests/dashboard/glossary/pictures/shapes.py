"""The shapes of a picture, read out of its SVG."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from dashboard.glossary.pictures.pen import Pen, Point

SPACE = "{http://www.w3.org/2000/svg}"


def drawn(drawing: Callable[[Pen], None]) -> ElementTree.Element:
    """The root of the file."""
    pen = Pen("light")
    drawing(pen)
    return ElementTree.fromstring(pen.svg())


def lines(root: ElementTree.Element, colour: str = "") -> list[list[Point]]:
    """The points of each line, of one colour where one is named."""
    wanted = Pen("light").colours.get(colour)
    return [_points(one) for one in root.iter(f"{SPACE}polyline") if wanted in (None, one.get("stroke"))]


def dots(root: ElementTree.Element, colour: str = "") -> list[Point]:
    """The middles of all circles that are filled, of one colour where one is named."""
    wanted = Pen("light").colours.get(colour)
    circles = [one for one in root.iter(f"{SPACE}circle") if wanted in (None, one.get("fill"))]
    return [(float(one.get("cx", 0)), float(one.get("cy", 0))) for one in circles]


def areas(root: ElementTree.Element, colour: str = "") -> list[list[Point]]:
    """The corners of all that is filled, of one colour where one is named."""
    wanted = Pen("light").colours.get(colour)
    return [_points(one) for one in root.iter(f"{SPACE}polygon") if wanted in (None, one.get("fill"))]


def _points(element: ElementTree.Element) -> list[Point]:
    pairs = [pair.split(",") for pair in element.get("points", "").split()]
    return [(float(x), float(y)) for x, y in pairs]
