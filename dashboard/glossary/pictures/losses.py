"""What each loss asks for: which points it pulls together and which it pushes apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, arc, around, away, axes, curve, placed

ANCHOR: Point = (66, 54)
POSITIVES: tuple[Point, ...] = ((92, 34), (46, 34), (82, 72))
NEGATIVES: tuple[Point, ...] = ((40, 66), (104, 54), (72, 20), (122, 80), (132, 26))
STEP = 13.0


def pull(pen: Pen, start: Point, end: Point, width: float = 2) -> None:
    """A solid line, and an arrow along it from the far end."""
    pen.line([start, end], "positive", 1.2, strength=0.6)
    pen.arrow(end, away(end, start, STEP - math.dist(start, end)), "positive", width)


def push(pen: Pen, start: Point, end: Point, width: float = 2) -> None:
    """A dotted line, and an arrow beyond its end."""
    pen.line([start, end], "negative", 1.2, "3 3", 0.8)
    pen.arrow(end, away(start, end, STEP), "negative", width)


def points(pen: Pen, positives: Sequence[Point], negatives: Sequence[Point], anchor: Point | None = ANCHOR) -> None:
    """The anchor, its positives (filled) and its negatives (hollow)."""
    for at in positives:
        pen.dot(at, "positive", 5)
    for at in negatives:
        pen.dot(at, "negative", 5, hollow=True)
    if anchor:
        pen.dot(anchor, "ink", 6)


def triplet_loss(pen: Pen) -> None:
    """One positive is pulled, one negative pushed beyond it."""
    positive, negative = (104, 34), (88, 64)
    pen.ring(ANCHOR, math.dist(ANCHOR, positive), "muted", dash="3 3")
    pull(pen, ANCHOR, positive)
    push(pen, ANCHOR, negative)
    points(pen, [positive], [negative])


def contrastive(pen: Pen) -> None:
    """Two pairs of their own: one is pulled together, the other pushed out to a margin."""
    pull(pen, (24, 38), (60, 62))
    pen.ring((112, 52), 34, "muted", dash="3 3")
    push(pen, (112, 52), (124, 38))
    points(pen, [(60, 62)], [(124, 38)], anchor=None)
    pen.dot((24, 38), "ink", 6)
    pen.dot((112, 52), "ink", 6)


def bounded(pen: Pen, *, with_margin: bool) -> None:
    """A border around the anchor, with or without a band on both sides that pairs are kept out of."""
    anchor = (80, 50)
    inside, outside = [(94, 44), (68, 58)], [(128, 70), (34, 26)]
    if with_margin:
        pen.disc(anchor, 40, "accent", 0.25, without=24)
        pull(pen, anchor, (108, 34))
        push(pen, anchor, (56, 68))
        inside.append((108, 34))
        outside.append((56, 68))
    else:
        pen.disc(anchor, 32, "positive", 0.12)
    pen.ring(anchor, 32, "accent", 2.6)
    points(pen, inside, outside, anchor)


def lifted(pen: Pen) -> None:
    """A positive pair, and every negative pushed from both of its ends."""
    first, second = (60, 56), (98, 46)
    negatives = [(46, 26), (92, 18), (64, 84), (122, 74)]
    pen.line([first, second], "positive", 2.6)
    for end in (first, second):
        for at in negatives:
            pen.line([end, at], "negative", 1, "3 3", 0.8)
    for at in negatives:
        pen.arrow(at, away((79, 51), at, 11), "negative", 1.6)
    points(pen, [first, second], negatives, anchor=None)


def generalised(pen: Pen) -> None:
    """All positives and negatives of an anchor; the furthest and the nearest count the most."""
    for at in POSITIVES:
        pull(pen, ANCHOR, at, 0.8 + 2 * (at == max(POSITIVES, key=partial(math.dist, ANCHOR))))
    for at in NEGATIVES[:3]:
        push(pen, ANCHOR, at, 0.8 + 2 * (at == min(NEGATIVES[:3], key=partial(math.dist, ANCHOR))))
    points(pen, POSITIVES, NEGATIVES[:3])


def ranked(pen: Pen) -> None:
    """Two spheres about the anchor: negatives leave the outer one, positives enter the inner."""
    anchor = (80, 50)
    pen.ring(anchor, 22, "positive", 1.8)
    pen.ring(anchor, 38, "negative", 1.8, "5 4")
    pull(pen, anchor, (110, 40))
    push(pen, anchor, (56, 62))
    push(pen, anchor, (86, 76))
    points(pen, [(110, 40), (92, 58)], [(56, 62), (86, 76), (30, 24)], anchor)


def weighed(pen: Pen) -> None:
    """Each pair with a line as thick as it counts."""
    for at in POSITIVES:
        pen.line([ANCHOR, at], "positive", (math.dist(ANCHOR, at) / 13) ** 2)
    for at in NEGATIVES:
        pen.line([ANCHOR, at], "negative", (60 / math.dist(ANCHOR, at)) ** 2, strength=0.8)
    points(pen, POSITIVES, NEGATIVES)


def circle(pen: Pen) -> None:
    """Similarities of positives over those of negatives: every state is drawn to one corner, faster from afar."""
    axes(pen)
    border = [(x, 1 - y) for x, y in ((0.7 * math.cos(a), 0.7 * math.sin(a)) for a in _angles(0, 90))]
    pen.line(placed(border, (0, 1), (0, 1)), "accent", 2.6)
    for state in ((0.85, 0.35), (0.75, 0.75), (0.3, 0.15), (0.9, 0.75)):
        start, goal = placed([state, (0.0, 1.0)], (0, 1), (0, 1))
        pen.arrow(start, _towards(start, goal, 0.35), "muted", 1.6)
        pen.dot(start, "ink", 3.5)


def quadruplet(pen: Pen) -> None:
    """A triplet, and a pair of two other classes."""
    anchor, positive, negative, other = (44, 56), (70, 40), (84, 76), (128, 40)
    pull(pen, anchor, positive)
    push(pen, anchor, negative)
    pen.line([negative, other], "class4", 2, "5 4")
    pen.arrow(other, away(negative, other, STEP), "class4")
    points(pen, [positive], [negative], anchor)
    pen.dot(other, "class4", 5, "diamond", hollow=True)


def n_pair(pen: Pen) -> None:
    """One positive of the own class, and one sample of every other class."""
    anchor = (40, 50)
    pull(pen, anchor, (78, 50))
    pen.dot((78, 50), "positive", 6)
    for number, y in enumerate((14, 34, 68, 88)):
        pen.line([anchor, (120, y)], "negative", 1.2, "3 3", 0.8)
        pen.dot((120, y), f"class{(2, 4, 7, 9)[number]}", 5.5)
    pen.dot(anchor, "ink", 6)


def tuplet(pen: Pen) -> None:
    """Directions on a circle: the slack beside the positive, and all negatives beyond it."""
    origin = (80, 88)
    pen.line(arc(origin, 72, 15, 165), "muted", 1.4)
    pen.area([origin, *arc(origin, 72, 70, 95)], "accent", 0.3)
    for angle, colour in ((120, "ink"), (95, "positive"), (52, "negative"), (38, "negative"), (25, "negative")):
        at = arc(origin, 72, angle, angle)[0]
        pen.line([origin, at], colour, 1.6, "3 3" if colour == "negative" else "")
        pen.dot(at, colour, 5, hollow=colour == "negative")


def angular(pen: Pen) -> None:
    """The triangle of anchor, positive and negative, with the angle at the negative."""
    anchor, positive, negative = (40, 30), (46, 74), (124, 48)
    pen.line([anchor, positive], "positive", 2)
    pen.line([anchor, negative, positive], "negative", 1.6, "5 4")
    first, second = _angle(negative, anchor), _angle(negative, positive)
    pen.area([negative, *arc(negative, 34, first, second)], "accent", 0.4)
    pen.arrow(negative, (150, 46), "negative")
    points(pen, [positive], [negative], anchor)


def softmax(pen: Pen) -> None:
    """Three classes, told apart by borders alone."""
    origin = (80, 54)
    for number, angle in enumerate((90, 210, 330)):
        pen.line([origin, arc(origin, 44, angle + 60, angle + 60)[0]], "ink", 1.8)
        for at in around(arc(origin, 32, angle, angle)[0], 9, 17):
            pen.dot(at, f"class{number}", 3.4)


def centres(pen: Pen, *, with_other: bool) -> None:
    """A sample and the centre of its class; with another centre that it must be further from."""
    own, sample = (48, 50), (78, 40)
    for at in around(own, 9, 34):
        if not with_other:
            pen.arrow(at, away(at, own, -math.dist(at, own) * 0.45), "positive", 1.2)
        pen.dot(at, "positive", 3.4, strength=0.4 if with_other else 1)
    pen.dot(own, "accent", 7, "star")
    if with_other:
        other = (122, 58)
        for at in around(other, 9, 26):
            pen.dot(at, "negative", 3.4, strength=0.4)
        pull(pen, own, sample)
        pen.line([sample, other], "negative", 1.6, "5 4")
        pen.dot(sample, "ink", 5)
        pen.dot(other, "negative", 7, "star")


def logits(pen: Pen, kind: str) -> None:
    """What the own class is given by the angle to it: without a margin (dashed) and with it, as its paper has it."""
    low, last = (-3.0, math.pi / 2) if kind == "a_softmax" else (-1.4, math.pi)
    axes(pen)
    pen.line(placed(curve(math.cos, 0, last), (0, last), (low, 1)), "muted", 1.8, "4 3")
    pen.line(placed(curve(partial(own_logit, kind), 0, last, 120), (0, last), (low, 1)), "accent", 2.6)


def own_logit(kind: str, angle: float) -> float:
    """What a sample at this angle to its own class is given: with 4, 0.5 and 0.35 for their margins."""
    if kind == "a_softmax":
        return _sphere(angle, 4)
    return math.cos(min(angle + 0.5, math.pi)) if kind == "arc_face" else math.cos(angle) - 0.35


def proxy(pen: Pen, *, with_arrows: bool) -> None:
    """A learned point for each class."""
    for number, at in enumerate(((48, 54), (114, 42))):
        colour = ("positive", "negative")[number]
        for sample in around(at, 8, 26):
            if with_arrows:
                start = (48, 54)
                line = away(sample, start, 9 - math.dist(sample, start)) if number == 0 else away(start, sample, 9)
                pen.arrow(sample, line, colour, 1.3)
            pen.dot(sample, colour, 3.4, hollow=number == 1)
        if number == 0 or not with_arrows:
            pen.dot(at, "accent", 8, "star")


def chances(pen: Pen, kind: str) -> None:
    """An anchor and its neighbours; how likely each is to be picked, by a softmax over distances or over cosines."""
    if kind == "nca":
        for at, colour in [*((one, "positive") for one in POSITIVES), *((one, "negative") for one in NEGATIVES)]:
            chance = math.exp(-((math.dist(ANCHOR, at) / 34) ** 2))
            pen.line([ANCHOR, at], colour, 0.4 + 9 * chance, strength=0.25 + 0.7 * chance)
        points(pen, POSITIVES, NEGATIVES)
        return
    cosines = (0.9, 0.55, 0.4, 0.2, 0.0, -0.3)
    weights = [math.exp(cosine / 0.3) for cosine in cosines]
    for number, weight in enumerate(weights):
        height = 110 * weight / sum(weights)
        colour = "positive" if number == 0 else "negative"
        pen.box(52 + 17 * number, 84 - height, 12, height, colour, 0.9)
        pen.dot((58 + 17 * number, 92), colour, 3.6, hollow=number > 0)
    pen.dot((26, 60), "ink", 6)
    pen.arrow((34, 60), (48, 60), "muted")


def lmnn(pen: Pen) -> None:
    """The few nearest of the class, pulled; what comes within a margin of them, pushed."""
    anchor, near, intruder = (80, 52), [(94, 40), (68, 66), (66, 40)], (102, 66)
    reach = max(math.dist(anchor, at) for at in near)
    pen.disc(anchor, reach, "positive", 0.15)
    pen.ring(anchor, reach + 14, "muted", dash="3 3")
    for at in near:
        pen.line([anchor, at], "positive", 2)
    push(pen, anchor, intruder)
    points(pen, [*near, (134, 24)], [intruder, (28, 22)], anchor)


def mmc(pen: Pen) -> None:
    """Short positive pairs beside long negative ones."""
    for row in range(3):
        y = 24 + 26 * row
        pen.line([(18, y), (34 + 4 * row, y)], "positive", 2.4)
        pen.line([(64, y), (134 - 8 * row, y)], "negative", 2, "5 4")
        points(pen, [(18, y), (34 + 4 * row, y)], [(134 - 8 * row, y)], anchor=None)
        pen.dot((64, y), "positive", 5)


def _angles(start: float, end: float) -> list[float]:
    return [math.radians(start + (end - start) * step / 30) for step in range(31)]


def _towards(start: Point, end: Point, share: float) -> Point:
    return (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))


def _angle(at: Point, other: Point) -> float:
    """Of the ray from one point to another, in degrees from 0 to 360 against the clock."""
    return math.degrees(math.atan2(at[1] - other[1], other[0] - at[0])) % 360


def _sphere(angle: float, multiple: int) -> float:
    """(-1)^k cos(m angle) - 2 k, where k counts the parts of pi / m before it (Liu et al. 2017)."""
    part = min(int(angle * multiple / math.pi), multiple - 1)
    return (-1) ** part * math.cos(multiple * angle) - 2 * part


DRAWINGS: dict[str, Drawing] = {
    "triplet_loss": triplet_loss,
    "contrastive": contrastive,
    "margin_based": partial(bounded, with_margin=True),
    "boundary": partial(bounded, with_margin=False),
    "lifted_structured": lifted,
    "generalised_lifted": generalised,
    "ranked_list": ranked,
    "multi_similarity": weighed,
    "circle": circle,
    "quadruplet": quadruplet,
    "n_pair": n_pair,
    "tuplet_margin": tuplet,
    "angular": angular,
    "softmax": softmax,
    "center": partial(centres, with_other=False),
    "triplet_center": partial(centres, with_other=True),
    **{kind: partial(logits, kind=kind) for kind in ("a_softmax", "arc_face", "cos_face")},
    "proxy": partial(proxy, with_arrows=False),
    "proxy_anchor": partial(proxy, with_arrows=True),
    "info_nce": partial(chances, kind="info_nce"),
    "nca": partial(chances, kind="nca"),
    "lmnn": lmnn,
    "mmc": mmc,
}
