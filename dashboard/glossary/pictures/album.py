"""The picture of each term, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from types import MappingProxyType

from dashboard.glossary.pictures import losses, mining, networks, ranks, rates, spaces, training, triplets
from dashboard.glossary.pictures.pen import Drawing, Pen
from dashboard.palette import INK, Theme

SCENES: Mapping[str, Mapping[str, Drawing]] = MappingProxyType(
    {
        "spaces": spaces.DRAWINGS,
        "triplets": triplets.DRAWINGS,
        "training": training.DRAWINGS,
        "losses": losses.DRAWINGS,
        "mining": mining.DRAWINGS,
        "networks": networks.DRAWINGS,
        "ranks": ranks.DRAWINGS,
        "rates": rates.DRAWINGS,
    }
)
DIGITS = 16


@cache
def picture(term: str, theme: Theme) -> str:
    """As SVG, in the colours of the theme."""
    pen = Pen(theme)
    next(drawings[term] for drawings in SCENES.values() if term in drawings)(pen)
    return pen.svg()


def find(theme: str, term: str) -> str | None:
    """The picture that an address asks for; None where there is no such term or theme."""
    known = next((one for one in INK if one == theme), None)
    is_there = any(term in drawings for drawings in SCENES.values())
    return picture(term, known) if known and is_there else None


@cache
def digest() -> str:
    """Of all pictures together: another one where any of them has changed."""
    terms = [term for drawings in SCENES.values() for term in drawings]
    return sha256("".join(picture(term, theme) for theme in INK for term in terms).encode()).hexdigest()[:DIGITS]
