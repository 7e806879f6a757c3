"""Pairs and triplets: an anchor, what should be near it and what should be far."""

from __future__ import annotations

from functools import partial
from math import dist

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, around, away
from dashboard.palette import SYMBOLS

ANCHOR: Point = (62, 50)
POSITIVE: Point = (84, 40)
MARGIN = 16.0
NEAR = dist(ANCHOR, POSITIVE)
NEGATIVES: dict[str, Point] = {"hard": (51, 62), "semi-hard": (43, 24), "easy": (126, 74)}


def pair(pen: Pen, colour: str) -> None:
    """Two samples with a line, among others that step back."""
    others = around((80, 50), 16, 44)
    for number, at in enumerate(others):
        pen.dot(at, "positive" if number % 2 else "negative", 4, hollow=not number % 2, strength=0.3)
    first, second = ((58, 50), (104, 38))
    pen.line([first, second], colour, 2.4, "" if colour == "positive" else "5 4")
    pen.dot(first, "positive", 7)
    pen.dot(second, colour, 7, hollow=colour == "negative")


def triplet(pen: Pen, marked: str = "") -> None:
    """All three with their two distances; one of them marked, or none."""
    strengths = {one: 1.0 if marked in ("", one) else 0.35 for one in ("anchor", "positive", "negative")}
    negative = NEGATIVES["easy"]
    pen.line([ANCHOR, POSITIVE], "positive", 2, strength=1 if not marked else 0.5)
    pen.line([ANCHOR, negative], "negative", 2, "5 4", strength=1 if not marked else 0.5)
    places = {"anchor": ANCHOR, "positive": POSITIVE, "negative": negative}
    colours = {"anchor": "ink", "positive": "positive", "negative": "negative"}
    for name, at in places.items():
        if name == marked:
            pen.disc(at, 16, colours[name], 0.22)
        pen.dot(at, colours[name], 8, hollow=name == "negative", strength=strengths[name])
        pen.text((at[0], at[1] + (19 if name != "positive" else -17)), name[0], colours[name])


def bands(pen: Pen, marked: str) -> None:
    """Rings about the anchor at the positive and a margin further; what lies in one of the three bands is marked."""
    if marked == "hard":
        pen.disc(ANCHOR, NEAR, "hard", 0.3)
    elif marked == "easy":
        pen.disc(ANCHOR, 130, "easy", 0.22, without=NEAR + MARGIN)
    else:
        colour = "accent" if marked == "margin" else "semi-hard"
        pen.disc(ANCHOR, NEAR + MARGIN, colour, 0.35, without=NEAR)
    pen.ring(ANCHOR, NEAR, "muted", dash="3 3")
    pen.ring(ANCHOR, NEAR + MARGIN, "muted")
    pen.line([ANCHOR, POSITIVE], "positive", 2)
    if marked == "margin":
        start, end = away((20, 50), (ANCHOR[0], 50), NEAR), away((20, 50), (ANCHOR[0], 50), NEAR + MARGIN)
        pen.line([start, end], "accent", 3)
    else:
        at = NEGATIVES[marked]
        pen.line([ANCHOR, at], marked, 2, "5 4")
        pen.dot(at, marked, 6, SYMBOLS[marked])
    pen.dot(ANCHOR, "ink", 6)
    pen.dot(POSITIVE, "positive", 6)


DRAWINGS: dict[str, Drawing] = {
    "positive_pair": partial(pair, colour="positive"),
    "negative_pair": partial(pair, colour="negative"),
    "triplet": triplet,
    **{name: partial(triplet, marked=name) for name in ("anchor", "positive", "negative")},
    "margin": partial(bands, marked="margin"),
    "easy": partial(bands, marked="easy"),
    "semi_hard": partial(bands, marked="semi-hard"),
    "hard": partial(bands, marked="hard"),
}
