"""A method's card: formula, picture, paper, dialects and traps, all from its declaration."""

from __future__ import annotations

import re

import streamlit as st

from core.losses import LOSSES
from core.losses.base import Loss
from core.params import Declared, Described, build
from dashboard.components.live_figure import live_figure
from dashboard.core_words import formula_in_words, translated
from dashboard.lookups import loss_curves
from dashboard.runs import state
from dashboard.wording import joined, say

LARGE = "\\displaystyle"


def show_formula(family: str, kind: type[Declared], described: Described) -> None:
    """The formula, which breaks where a line ends, and the curves of a loss with the values that are typed."""
    show_lines(kind)
    if family == "loss":
        _show_curves(build("loss", LOSSES, described))


def show_lines(kind: type[Declared]) -> None:
    """The formula alone."""
    if lines := formula_lines(kind.card.formula):
        st.markdown("\n\n".join(f"${LARGE} {line}$" for line in map(formula_in_words, lines)))


def _show_curves(loss: Loss) -> None:
    recorded = loss_curves.recorded().get(loss.name, {})
    packed = loss_curves.picture(loss, state.theme())
    if packed is None:
        return
    live_figure(
        packed,
        key=f"card.{loss.name}",
        height=150,
        alt=say("train.curves.alt"),
    )
    is_default = loss == type(loss)()
    with_values = "typed" if loss.has_curve else "recorded"
    said = [say(f"train.curves.{with_values}{'_mean' if loss.averages == 'active' else ''}")]
    if is_default and "collapsed" in recorded:
        said.append(say("train.curves.collapsed", cost=recorded["collapsed"]))
    st.caption(joined("sentences", said))


def formula_lines(formula: str) -> list[str]:
    """A formula in parts that each get a line of their own: cut where its author left a wide space."""
    parts = [part.strip() for part in re.split(r"\\q?quad", formula.replace(r"\text{or}\quad", r"\text{or } "))]
    return [part for part in parts if part]


def show_notes(kind: type[Declared]) -> None:
    """Paper, dialects and traps; what its declaration leaves out is left out here."""
    card = kind.card
    if card.paper:
        st.caption(f":material/article: {translated(card.paper)}")
    _list(say("train.card.dialects"), card.dialects)
    _list(say("train.card.traps"), card.traps)


def _list(title: str, sentences: tuple[str, ...]) -> None:
    if sentences:
        st.caption("\n".join([f"**{title}**", "", *(f"- {translated(sentence)}" for sentence in sentences)]))
