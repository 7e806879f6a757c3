"""How samplers fill a batch, and which triplets of it a miner takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, around, axes, curve, placed

ANCHOR: Point = (62, 52)
POSITIVES: tuple[Point, ...] = ((78, 44), (50, 30), (96, 68))
NEGATIVES: tuple[Point, ...] = ((42, 66), (96, 40), (30, 28), (124, 82), (136, 30), (70, 90))
SLACK = 8.0
SHUFFLED = "031240213043"  # the classes of one shuffle of twelve


def filled(pen: Pen, columns: Sequence[Sequence[int]]) -> None:
    """A batch as columns of samples, each with its class."""
    wide = 18 * len(columns)
    left = 80 - wide / 2 + 9
    pen.frame(left - 14, 10, wide + 10, 80, "accent")
    for column, classes in enumerate(columns):
        for row, number in enumerate(classes):
            at = (left + 18 * column, 50 + 17 * (row - (len(classes) - 1) / 2))
            pen.dot(at, f"class{number}", 5.5, ("circle", "diamond", "square", "triangle", "circle")[number])


def balanced(pen: Pen) -> None:
    """Classes of unequal size come up equally often."""
    for number, size in enumerate((56, 20, 36)):
        pen.box(14 + 18 * number, 84 - size, 13, size, f"class{number}", 0.9)
        pen.box(100 + 18 * number, 54, 13, 30, f"class{number}", 0.9)
    pen.arrow((74, 60), (92, 60), "ink")
    pen.line([(10, 84), (150, 84)], "muted", 1.2)


def hard_classes(pen: Pen) -> None:
    """Two classes close together, in a frame; others far away."""
    for number, at in enumerate(((44, 40), (66, 58), (124, 26), (128, 78))):
        for point in around(at, 8, 14):
            pen.dot(point, f"class{number}", 3.6, strength=1 if number < 2 else 0.4)
    pen.frame(22, 18, 66, 64, "accent")


def ratio(pen: Pen) -> None:
    """Three negative pairs for a positive one."""
    for row, y in enumerate((20, 46, 64, 82)):
        colour = "negative" if row else "positive"
        pen.line([(44, y), (116, y)], colour, 2.2, "5 4" if row else "")
        pen.dot((44, y), "ink", 5)
        pen.dot((116, y), colour, 5, hollow=row > 0)


def mined(pen: Pen, kind: str) -> None:
    """A batch as one anchor sees it, with lines to what is taken."""
    by_distance = partial(math.dist, ANCHOR)
    near, far = min(NEGATIVES, key=by_distance), max(POSITIVES, key=by_distance)
    strengths = {
        "batch_hard": {far: 1.0, near: 1.0},
        "all_triplets": dict.fromkeys((*POSITIVES, *NEGATIVES), 1.0),
        "random_triplets": {POSITIVES[0]: 1.0, NEGATIVES[4]: 1.0},
        "hard_negative": {**dict.fromkeys(POSITIVES, 1.0), near: 1.0},
        "batch_sample": {
            **{at: (by_distance(at) / by_distance(far)) ** 3 for at in POSITIVES},
            **{at: (by_distance(near) / by_distance(at)) ** 3 for at in NEGATIVES},
        },
    }[kind]
    for at, strength in strengths.items():
        is_positive = at in POSITIVES
        pen.line([ANCHOR, at], "positive" if is_positive else "negative", 2.4, "" if is_positive else "4 3", strength)
    _points(pen, set(strengths))


def lifted(pen: Pen) -> None:
    """A positive pair, and the negative nearest to either of its ends."""
    ends = (ANCHOR, POSITIVES[1])
    nearest = min(NEGATIVES, key=lambda at: min(math.dist(end, at) for end in ends))
    end = min(ends, key=partial(math.dist, nearest))
    pen.line(ends, "positive", 2.6)
    pen.line([end, nearest], "negative", 2.4, "4 3")
    _points(pen, {*ends, nearest})


def between(pen: Pen) -> None:
    """The band between the nearest negative and the furthest positive, a little wider on both sides."""
    by_distance = partial(math.dist, ANCHOR)
    near, far = min(map(by_distance, NEGATIVES)), max(map(by_distance, POSITIVES))
    pen.disc(ANCHOR, far + SLACK, "accent", 0.25, without=near - SLACK)
    taken = [at for at in (*POSITIVES, *NEGATIVES) if near - SLACK < by_distance(at) < far + SLACK]
    for at in taken:
        pen.line([ANCHOR, at], "positive" if at in POSITIVES else "negative", 1.8, "" if at in POSITIVES else "4 3")
    _points(pen, set(taken))


def flattened(pen: Pen) -> None:
    """Distances between random points on a sphere in 16 dimensions (dashed), and drawn by the inverse of that."""
    axes(pen)
    density = curve(lambda x: x**14 * (1 - x * x / 4) ** 6.5, 0.3, 1.9)
    top = max(value for _, value in density)
    pen.line(placed([(x, value / top) for x, value in density], (0, 2), (0, 1.1)), "muted", 2, "4 3")
    low, high = placed([(0.5, 0), (1.4, 0.55)], (0, 2), (0, 1.1))
    pen.box(low[0], high[1], high[0] - low[0], low[1] - high[1], "accent", 0.45)


def weights(pen: Pen) -> None:
    """The weight (1 - p)^2 over how much further the negative is, p by the logistic curve."""
    axes(pen)
    focal = curve(lambda x: (1 - 1 / (1 + math.exp(-x / 0.25))) ** 2, -1, 1)
    pen.line(placed(focal, (-1, 1), (0, 1.05)), "accent", 2.8)
    middle = placed([(0, 0), (0, 1.05)], (-1, 1), (0, 1.05))
    pen.line(middle, "muted", 1.4, "3 3")


def _points(pen: Pen, taken: set[Point]) -> None:
    for at in POSITIVES:
        pen.dot(at, "positive", 5, strength=1 if at in taken else 0.35)
    for at in NEGATIVES:
        pen.dot(at, "negative", 5, hollow=True, strength=1 if at in taken else 0.35)
    pen.dot(ANCHOR, "ink", 6)


DRAWINGS: dict[str, Drawing] = {
    "p_by_k": partial(filled, columns=[[number] * 3 for number in range(4)]),
    "shuffled": partial(filled, columns=[[int(one) for one in SHUFFLED[at : at + 3]] for at in range(0, 12, 3)]),
    "n_pairs": partial(filled, columns=[[number] * 2 for number in range(5)]),
    "class_balanced": balanced,
    "hard_classes": hard_classes,
    "ratio": ratio,
    **{
        kind: partial(mined, kind=kind)
        for kind in ("batch_hard", "all_triplets", "random_triplets", "hard_negative", "batch_sample")
    },
    "distance_weighted": flattened,
    "soft_weighting": weights,
    "lifted_hard_negative": lifted,
    "multi_similarity_miner": between,
}
