"""A method's card: formula, picture, paper, dialects and traps, all from its declaration."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import streamlit as st

from core.params import Declared, Described
from core.system.locations import ASSETS
from dashboard.components.live_figure import live_figure
from dashboard.figures.cards import loss_picture
from dashboard.runs import state

CURVES = ASSETS / "curves.json"


def show_formula(family: str, kind: type[Declared], described: Described) -> None:
    """The formula, which breaks where a line ends, and the curves of a loss."""
    if kind.card.formula:
        st.markdown("\n\n".join(f"$\\displaystyle {line}$" for line in formula_lines(kind.card.formula)))
    curves = _curves().get(kind.name) if family == "loss" else None
    if curves:
        live_figure(
            loss_picture(curves, state.theme()),
            key=f"card.{kind.name}",
            height=150,
            alt="The loss and its gradient over the distance of a positive pair (solid) and a negative pair (dashed)",
        )
        st.caption(
            "Over the distance of a :blue[positive] (solid) and of a negative pair (dashed), by its own code with "
            f"default parameters. When all embeddings are equal it costs **{curves['collapsed']:g}**."
        )


def formula_lines(formula: str) -> list[str]:
    """A formula in parts that each get a line of their own: cut where its author left a wide space."""
    parts = [part.strip() for part in re.split(r"\\q?quad", formula.replace(r"\text{or}\quad", r"\text{or } "))]
    return [part for part in parts if part]


def show_notes(kind: type[Declared]) -> None:
    """Paper, dialects and traps; what its declaration leaves out is left out here."""
    card = kind.card
    if card.paper:
        st.caption(f":material/article: {card.paper}")
    _list("Dialects", card.dialects)
    _list("Traps", card.traps)


def _list(title: str, sentences: tuple[str, ...]) -> None:
    if sentences:
        st.caption("\n".join([f"**{title}**", "", *(f"- {sentence}" for sentence in sentences)]))


@cache
def _curves() -> dict[str, Mapping[str, Any]]:
    """Made by `python -m core.makers.loss_curves`: torch computed them, so that no page has to."""
    return json.loads(CURVES.read_text())
