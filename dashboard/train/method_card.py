"""A method's card: formula, picture, paper, dialects and traps, all from its declaration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import streamlit as st

from core.params import Declared
from core.system.locations import ASSETS
from dashboard.components.live_figure import live_figure
from dashboard.figures.cards import loss_picture
from dashboard.runs import state

CURVES = ASSETS / "curves.json"


def show(family: str, kind: type[Declared]) -> None:
    """Everything that is known of a method; what its declaration leaves out is left out here."""
    card = kind.card
    if card.formula:
        st.latex(card.formula)
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
