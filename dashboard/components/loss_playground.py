"""The playground: a few points to drag, a loss with its arrows, and gradient descent, all of it in the browser.

The one component that computes: its formulas are scripts in `playground/`, each held equal to core's value and gradient
by tests/browser/test_playground_formulas.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.components import v2

from dashboard import palette
from dashboard.components import routes
from dashboard.core_words import word_of_formula
from dashboard.wording import say

Space = Literal["plane", "circle", "sphere"]
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
KINDS = {"hard": "hard", "semi-hard": "semi_hard", "easy": "easy"}
OWN_WORDS = (
    "loss", "terms", "no_terms", "formula", "unit", "more", "triplets", "spoken", "anchor", "positive", "negative",
    "point", "playback", "play", "pause", "step", "reset", "undo", "redo", "speed", "step_size", "step_help",
)  # fmt: skip
SWITCHES = ("squared", "anchors", "bands", "arrows", "landscape")
KEYS = ("pull", "push", "net")
RINGS = ("margin", "positive_margin", "boundary", "inside", "outside")
PARTS = ("weight", "proxies", "centres", "boundary")
IN_FORMULAS = ("with",)  # words that the scripts have in a formula


@dataclass(frozen=True)
class Told:
    """What the browser said when the reader last let go: the state as an address has it, the loss with how many of its
    terms are above 0, and how many triplets are hard, semi-hard and easy."""

    loss: str
    space: str
    points: str
    values: str
    parts: str
    value: float
    active: int
    count: int
    hardness: Mapping[str, int] = field(default_factory=dict)

    @property
    def state(self) -> dict[str, str]:
        """The texts of an address."""
        return {"space": self.space, "points": self.points, "values": self.values, "parts": self.parts}


def loss_playground(
    *,
    key: str,
    loss: str,
    parameters: Sequence[Mapping[str, Any]],
    usual: Mapping[str, Any],
    start: Mapping[str, str],
    state: Mapping[str, str],
    then: Callable[[Told], None],
    hidden: Sequence[str] = (),
    plays: bool = False,
) -> None:
    """Draw the playground on a node that is never replaced; `then` is called with what the reader has left it at.

    `loss` is a name of core's table. Each of `parameters` has name, label, unit, help, low, high, usual, whole, choices
    and main; `usual` has the value of each, and of the switches `squared`, `anchors` ("first" or "all"), `bands`,
    `arrows` and `landscape`. `start` and `state` are the four texts of an address (playground/address.js): space,
    points, values, parts. Parameters and switches in `hidden` are not offered. With `plays` the points move at once,
    unless the reader's system asks for little motion.
    """

    def left() -> None:
        if told := st.session_state[key].get("state"):
            then(Told(**told))

    _component()(
        key=key,
        data={
            "module": routes.module_url("playground"),
            "failed": say("components.figure.failed"),
            "loss": loss,
            "parameters": [dict(one) for one in parameters],
            "usual": dict(usual),
            "start": dict(start),
            "state": dict(state),
            "hidden": list(hidden),
            "plays": plays,
            "alt": say("playground.alt"),
            "words": _words(),
            "colours": {theme: _colours(theme) for theme in THEMES},
        },
        on_state_change=left,
    )


def _words() -> dict[str, Any]:
    return {
        **{name: say(f"playground.own.{name}") for name in OWN_WORDS},
        "hardness": {kind: say(f"playground.hardness.{name}") for kind, name in KINDS.items()},
        "kind": {kind: say(f"playground.kind.{name}") for kind, name in KINDS.items()},
        "toggle": {name: say(f"playground.switch.{name}") for name in SWITCHES},
        "toggle_help": {name: say(f"playground.switch_help.{name}") for name in SWITCHES},
        "key": {name: say(f"playground.key.{name}") for name in KEYS},
        "ring": {name: say(f"playground.ring.{name}") for name in RINGS},
        "part": {name: say(f"playground.part.{name}") for name in PARTS},
        "in_formulas": {word: word_of_formula(word) for word in IN_FORMULAS},
    }


def _colours(theme: Literal["light", "dark"]) -> dict[str, Any]:
    return {
        "positive": palette.POSITIVE[theme],
        "negative": palette.NEGATIVE[theme],
        "muted": palette.MUTED[theme],
        "ink": palette.INK[theme],
        "paper": palette.PAPER[theme],
        "classes": list(palette.CLASSES[theme]),
        "hardness": dict(palette.HARDNESS[theme]),
        "scale": list(palette.SCALE[theme]),
    }


@cache
def _component() -> Any:
    script = Path(__file__).with_name("live_figure.js").read_text(encoding="utf-8")  # which fetches any module
    return v2.component("metric_lab.playground", js=script, isolate_styles=False)
