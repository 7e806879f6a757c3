"""What encoders are made of."""

from __future__ import annotations

import math
from functools import partial

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, grid
from dashboard.glossary.pictures.spaces import image


def convolutions(pen: Pen) -> None:
    """An image, and layers that become smaller and more."""
    image(pen, 6, 34, 32)
    pen.frame(8, 36, 12, 12, "accent")
    for number, (x, size, count) in enumerate(((48, 34, 2), (78, 24, 3), (108, 15, 5))):
        for layer in range(count):
            shift = 4 * layer
            pen.box(x + shift, 50 - size / 2 - shift / 2, size * 0.6, size, "accent", 0.25 + 0.12 * number)
    pen.box(146, 28, 7, 44, "ink", 0.8)


def units(pen: Pen, layers: tuple[int, ...]) -> None:
    """Units in layers, each joined to all of the layer before."""
    columns: list[list[Point]] = []
    for number, count in enumerate(layers):
        x = 80 + 44 * (number - (len(layers) - 1) / 2)
        columns.append([(x, 50 + 17 * (row - (count - 1) / 2)) for row in range(count)])
    for before, after in zip(columns, columns[1:], strict=False):
        for start in before:
            for end in after:
                pen.line([start, end], "muted", 0.9, strength=0.7)
    for number, column in enumerate(columns):
        for at in column:
            pen.dot(at, "accent" if 0 < number < len(columns) - 1 else "ink", 5.5)


def weights(pen: Pen) -> None:
    """Lines between units, each as thick as its weight."""
    for row in range(4):
        for column in range(3):
            weight = math.sin(2.7 * row + 1.9 * column + 1)
            line = [(44, 14 + 24 * row), (116, 26 + 24 * column)]
            pen.line(line, "positive" if weight > 0 else "negative", 5 * abs(weight), strength=0.8)
    for at in (*grid(1, 4, 24, (44, 14)), *grid(1, 3, 24, (116, 26))):
        pen.dot(at, "ink", 5.5)


def residual(pen: Pen) -> None:
    """Blocks, each with a way around it."""
    pen.line([(8, 60), (152, 60)], "muted", 2)
    for number in range(3):
        x = 24 + 42 * number
        pen.box(x, 48, 26, 24, "accent", 0.85)
        pen.line([(x - 8, 60), (x - 8, 28), (x + 32, 28)], "ink", 2)
        pen.arrow((x + 32, 28), (x + 32, 58), "ink", 2)


def stacked(pen: Pen, kind: str) -> None:
    """A network and the head on top of it."""
    if kind == "brought_network":
        pen.area([(16, 18), (66, 18), (80, 32), (80, 82), (16, 82)], "ink", 0.25)
        pen.area([(66, 18), (66, 32), (80, 32)], "ink", 0.6)
        for at in grid(3, 2, 18, (30, 50)):
            pen.dot(at, "ink", 4)
    else:
        for layer in range(7):
            strength = 0.75 if kind == "backbone" else 0.25
            pen.box(
                14 + 13 * layer,
                16 + 3 * layer,
                10,
                68 - 6 * layer,
                "class0" if kind == "backbone" else "muted",
                strength,
            )
    pen.arrow((84 if kind == "brought_network" else 106, 50), (112, 50), "muted")
    is_head = kind in ("head", "brought_network")
    pen.box(114, 30, 12, 40, "accent" if is_head else "muted", 0.95 if is_head else 0.5)
    pen.arrow((128, 50), (142, 50), "muted")
    pen.dot((148, 50), "ink", 4)


DRAWINGS: dict[str, Drawing] = {
    "weights": weights,
    "compact_cnn": convolutions,
    "mlp": partial(units, layers=(4, 5, 5, 3)),
    "residual_cnn": residual,
    "linear": partial(units, layers=(5, 3)),
    **{kind: partial(stacked, kind=kind) for kind in ("backbone", "brought_network", "head")},
}
