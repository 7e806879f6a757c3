"""Samples, embeddings and the distances between them."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, arc, around, away, curve, grid, placed

DIGITS = {"7": ("11111", "00001", "00010", "00100", "00100"), "3": ("11110", "00001", "01110", "00001", "11110")}
CENTRE: Point = (80, 50)
PAIR: tuple[Point, Point] = ((42, 74), (118, 28))
WEIGHTS = np.array([[1.4, 0.6, 0.0, -0.3, 0.2], [0.2, -0.9, 1.1, 0.1, 0.0], [0.0, 0.2, 0.1, 0.5, -0.4]])


def image(
    pen: Pen, x: float, y: float, size: float, digit: str = "7", colour: str = "ink", strength: float = 1
) -> None:
    """A handwritten digit of 5 x 5 pixels in a frame."""
    cell = size / 7
    pen.box(x, y, size, size, "muted", 0.18 * strength)
    for row, bits in enumerate(DIGITS[digit]):
        for column, bit in enumerate(bits):
            if bit == "1":
                pen.box(x + (1 + column) * cell, y + (1 + row) * cell, cell, cell, colour, strength)


def sample(pen: Pen) -> None:
    """One image before others."""
    for number in range(3):
        image(pen, 92 - 22 * number + 24, 16 + 4 * number, 36, "3", "muted", 0.5)
    image(pen, 36, 26, 52)
    pen.frame(36, 26, 52, 52, "accent")


def classes(pen: Pen) -> None:
    """Two classes, each with its colour and a frame."""
    for number, digit in enumerate("73"):
        for step in range(2):
            image(pen, 20 + 70 * number + 27 * step, 26 + 20 * step, 24, digit, f"class{number}")
        pen.frame(15 + 70 * number, 18, 60, 62, f"class{number}")


def identities(pen: Pen) -> None:
    """Three people with two pictures each."""
    for number in range(3):
        for step in range(2):
            x, y = 30 + 50 * number, 30 + 42 * step
            pen.frame(x - 17, y - 18, 34, 36)
            pen.dot((x, y - 4), f"class{number}", 7)
            pen.area(arc((x, y + 16), 12, 0, 180), f"class{number}", 1)


def encoding(pen: Pen, marked: str) -> None:
    """An image, the network, and the numbers that it makes, or the point that they are."""
    image(pen, 8, 34, 34, strength=1)
    is_marked = marked == "encoder"
    pen.area([(56, 22), (56, 78), (86, 66), (86, 34)], "accent" if is_marked else "muted", 0.9 if is_marked else 0.35)
    pen.arrow((44, 50), (54, 50), "muted")
    pen.arrow((88, 50), (98, 50), "muted")
    if marked == "encoder":
        for row, strength in enumerate((0.9, 0.3, 0.6, 0.15, 0.75)):
            pen.box(104, 20 + 12 * row, 12, 11, "ink", strength)
        return
    pen.line([(104, 14), (104, 88), (154, 88)], "muted", 1.2)
    for at in around((134, 36), 5, 12):
        pen.dot(at, "class0", 3, strength=0.6)
    for at in around((120, 74), 5, 9):
        pen.dot(at, "class1", 3, strength=0.6)
    pen.dot((130, 40), "accent", 5.5)


def vector(pen: Pen) -> None:
    """Two numbers, and the point that they are."""
    for row, strength in enumerate((0.9, 0.4)):
        pen.box(22, 30 + 20 * row, 18, 19, "accent", strength)
    pen.line([(66, 14), (66, 86), (150, 86)], "muted", 1.2)
    pen.arrow((66, 86), (128, 40), "accent", 2.4)
    pen.line([(128, 86), (128, 44)], "muted", 1.2, "3 3")


def dimension(pen: Pen) -> None:
    """An embedding of two numbers and one of many."""
    for x, count, height in ((40, 2, 17), (110, 16, 4.6)):
        for row in range(count):
            strength = 0.2 + 0.8 * abs(math.sin(2.4 * row + 1))
            pen.box(x, 50 - count * height / 2 + row * height, 18, height - 1, "accent", strength)
    pen.text((68, 50), "2")
    pen.text((142, 50), "16")


def unit_length(pen: Pen) -> None:
    """Points moved along their direction to a circle."""
    for angle, length in ((20, 60), (75, 16), (140, 52), (215, 22), (290, 54), (335, 20)):
        start = arc(CENTRE, length, angle, angle)[0]
        end = arc(CENTRE, 36, angle, angle)[0]
        pen.arrow(start, away(start, end, -4), "muted", 1.2, 0.8)
        pen.dot(start, "muted", 3, strength=0.5)
        pen.dot(end, "accent", 5)
    pen.ring(CENTRE, 36, "ink")
    pen.dot(CENTRE, "ink", 2)


def distance(pen: Pen) -> None:
    """Three points: a short way and a long one."""
    start, near, far = (34, 60), (66, 40), (138, 66)
    pen.line([start, near], "accent", 3)
    pen.line([start, far], "muted", 2, "5 4")
    for at, colour in ((start, "ink"), (near, "accent"), (far, "muted")):
        pen.dot(at, colour, 6)


def similarity(pen: Pen) -> None:
    """The same two ways as bars: the near one is the longer."""
    for row, (gap, length) in enumerate(((18, 84), (64, 22))):
        y = 32 + 38 * row
        colour = "accent" if row == 0 else "muted"
        pen.line([(16, y), (16 + gap / 2, y)], colour, 2)
        pen.dot((14, y), "ink", 5)
        pen.dot((18 + gap / 2, y), colour, 5)
        pen.box(64, y - 9, length, 18, colour, 0.8)


def metric(pen: Pen) -> None:
    """The direct way and a detour."""
    start, end, over = (28, 74), (134, 66), (86, 22)
    pen.line([start, over, end], "muted", 2, "5 4")
    pen.line([start, end], "accent", 3)
    for at in (start, end, over):
        pen.dot(at, "ink", 5)


def ways(pen: Pen, kind: str) -> None:
    """Two points and what is measured between them."""
    start, end = PAIR
    corner = (end[0], start[1])
    if kind == "manhattan":
        for at in grid(7, 5, 19, (23, 12)):
            pen.dot(at, "muted", 1.5, strength=0.7)
        steps = [(start[0] + 19 * step, start[1] - 11.5 * step) for step in range(5)]
        stairs = [point for x, y in steps for point in ((x, y), (min(x + 19, end[0]), y))]
        pen.line([*stairs[:-1], end], "accent", 3)
    elif kind == "chebyshev":
        pen.line([start, corner], "accent", 3.4)
        pen.line([corner, end], "muted", 1.6, "3 3")
    else:
        pen.line([start, corner, end], "muted", 1.4, "3 3")
        pen.line([start, end], "accent", 3)
    for at in PAIR:
        pen.dot(at, "ink", 6)


def square(pen: Pen) -> None:
    """The straight line and the square on it."""
    start, end = (54, 76), (92, 48)
    across = (end[0] - start[0], end[1] - start[1])
    back = (across[1], -across[0])
    corners = [start, end, (end[0] + back[0], end[1] + back[1]), (start[0] + back[0], start[1] + back[1])]
    pen.area(corners, "accent", 0.35)
    pen.line([start, end], "accent", 3)
    for at in (start, end):
        pen.dot(at, "ink", 6)


def rays(pen: Pen, kind: str) -> None:
    """Two points as seen from the origin."""
    origin, first, second = (30, 84), (138, 62), (92, 18)
    reach = math.dist(origin, first)
    turn = math.degrees(math.atan2(origin[1] - first[1], first[0] - origin[0]))
    other = math.degrees(math.atan2(origin[1] - second[1], second[0] - origin[0]))
    foot = arc(origin, math.dist(origin, second) * math.cos(math.radians(other - turn)), turn, turn)[0]
    pen.arrow(origin, first, "ink", 1.6)
    pen.arrow(origin, second, "ink", 1.6)
    if kind == "angle":
        pen.area([origin, *arc(origin, 40, turn, other)], "accent", 0.35)
        pen.line(arc(origin, 40, turn, other), "accent", 2.6)
    else:
        pen.line([second, foot], "muted", 1.4, "3 3")
        pen.line([origin, foot], "accent", 4, strength=0.9)
    if kind == "cosine":
        pen.line(arc(origin, reach, turn - 8, other - 6), "muted", 1.2)
        pen.line([foot, first], "negative", 4)
    pen.dot(origin, "muted", 3)


def balls(pen: Pen) -> None:
    """All points at distance 1 for three powers."""
    for power, colour in ((1.0, "class1"), (2.0, "accent"), (6.0, "class0")):
        angles = [math.radians(6 * step) for step in range(61)]
        points = []
        for angle in angles:
            x, y = math.cos(angle), math.sin(angle)
            size = (abs(x) ** power + abs(y) ** power) ** (-1 / power)
            points.append((CENTRE[0] + 40 * size * x, CENTRE[1] - 40 * size * y))
        pen.line(points, colour, 2)
    pen.dot(CENTRE, "ink", 3)


def scattered(pen: Pen, angle: float) -> None:
    """A wide cloud with the points that are one step away, upright or turned."""
    turn, wide, high = math.radians(angle), 56, 18
    for x, y in around((0, 0), 60, 1):
        along, over = wide * x, high * y
        pen.dot(_turned(along, over, turn), "muted", 2, strength=0.7)
    for share in (0.5, 1.0):
        angles = [math.radians(6 * step) for step in range(61)]
        ellipse = [_turned(share * wide * math.cos(one), share * high * math.sin(one), turn) for one in angles]
        pen.line(ellipse, "accent", 2)
    pen.dot(CENTRE, "ink", 4)


def _turned(along: float, over: float, turn: float) -> Point:
    """A point by its place on two axes through the centre that are turned."""
    x, y = along * math.cos(turn) - over * math.sin(turn), along * math.sin(turn) + over * math.cos(turn)
    return CENTRE[0] + x, CENTRE[1] - y


def bits(pen: Pen) -> None:
    """Two rows of signs; where they differ is marked."""
    first, second = "+-++-+", "+--+++"
    for column, (above, below) in enumerate(zip(first, second, strict=True)):
        x = 26 + 22 * column
        if above != below:
            pen.box(x - 10, 14, 20, 72, "accent", 0.3)
        for y, sign in ((32, above), (68, below)):
            pen.line([(x - 5, y), (x + 5, y)], "ink", 2.6)
            if sign == "+":
                pen.line([(x, y - 5), (x, y + 5)], "ink", 2.6)


def matrix(pen: Pen) -> None:
    """M = WᵀW of a W with two rows, a cell darker the further it is from 0."""
    learned = WEIGHTS.T @ WEIGHTS
    for row, column in np.ndindex(learned.shape):
        strength = abs(float(learned[row, column])) / float(np.abs(learned).max())
        colour = "positive" if learned[row, column] > 0 else "negative"
        pen.box(42 + 15.6 * column, 11 + 15.6 * row, 14.6, 14.6, colour, max(strength, 0.06))


def eigenvalues(pen: Pen) -> None:
    """Those of the same matrix, from the largest down."""
    values = np.linalg.eigvalsh(WEIGHTS.T @ WEIGHTS)[::-1]
    for number, value in enumerate(values):
        height = max(70 * float(value) / float(values[0]), 1.5)
        pen.box(26 + 23 * number, 86 - height, 16, height, "accent", 0.9 if number < 2 else 0.5)
    pen.line([(16, 86), (146, 86)], "muted", 1.2)


def centre(pen: Pen) -> None:
    """A class with the mean of its points."""
    for at in around(CENTRE, 12, 38):
        pen.line([CENTRE, at], "muted", 1, strength=0.7)
        pen.dot(at, "class0", 4.5)
    pen.dot(CENTRE, "accent", 8, "star")


def collapsed(pen: Pen) -> None:
    """Points of three classes that all move to one."""
    for number, at in enumerate(around(CENTRE, 12, 44)):
        pen.arrow(at, away(at, CENTRE, -12), "muted", 1.2, 0.8)
        pen.dot(at, f"class{number % 3}", 3.5, strength=0.5)
    for number, at in enumerate(around(CENTRE, 6, 5)):
        pen.dot(at, f"class{number % 3}", 4)


def temperature(pen: Pen) -> None:
    """How much each of six counts, nearest first: at a low temperature and at a high one."""
    for left, warmth, colour in ((14, 0.25, "accent"), (90, 1.5, "muted")):
        weights = [math.exp(-0.4 * number / warmth) for number in range(6)]
        for number, weight in enumerate(weights):
            height = 92 * weight / sum(weights)
            pen.box(left + 10 * number, 88 - height, 8, height, colour, 0.9)
    pen.line([(10, 88), (154, 88)], "muted", 1.2)


def scale(pen: Pen) -> None:
    """The chance of one class out of two by the difference of cosines, for three factors."""
    for factor, colour in ((2, "muted"), (6, "class0"), (24, "accent")):
        chance = curve(lambda x, factor=factor: 1 / (1 + math.exp(-factor * x)), -1, 1)
        pen.line(placed(chance, (-1, 1), (0, 1)), colour, 2)


DRAWINGS: dict[str, Drawing] = {
    "sample": sample,
    "class": classes,
    "identity": identities,
    "embedding": partial(encoding, marked="embedding"),
    "encoder": partial(encoding, marked="encoder"),
    "vector": vector,
    "dimension": dimension,
    "unit_length": unit_length,
    "distance": distance,
    "similarity": similarity,
    "metric": metric,
    "euclidean": partial(ways, kind="straight"),
    "squared_euclidean": square,
    "cosine": partial(rays, kind="cosine"),
    "angle": partial(rays, kind="angle"),
    "dot_product": partial(rays, kind="dot"),
    "manhattan": partial(ways, kind="manhattan"),
    "chebyshev": partial(ways, kind="chebyshev"),
    "minkowski": balls,
    "standardised_euclidean": partial(scattered, angle=0),
    "mahalanobis": partial(scattered, angle=30),
    "hamming": bits,
    "learned_metric": matrix,
    "eigenvalue": eigenvalues,
    "class_centre": centre,
    "collapse": collapsed,
    "temperature": temperature,
    "scale": scale,
}
