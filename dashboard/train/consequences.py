"""What choosing a loss changes in the other settings: listed with its reasons, and undone or kept with one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from core.experiment.experiment import Experiment
from core.experiment.setting_changes import Change, setting_differences, suited_to_loss, undone
from dashboard.core_words import translated
from dashboard.train.widget_state import CHANGES, LENT, chosen_experiment, drawn_experiment, put
from dashboard.train.words import spoken, titled
from dashboard.wording import say


class Consequences(NamedTuple):
    """What was changed along with a loss, and the settings with that loss and without these changes."""

    loss: str
    changes: list[Change]
    without: Experiment


def suit_loss() -> None:
    """Train a newly chosen loss as it wants to be, and keep what that changed; a callback of the menu of losses."""
    chosen, before = chosen_experiment(), drawn_experiment()
    suited = suited_to_loss(chosen, before.loss, st.session_state.get(LENT))
    put(suited.experiment)
    st.session_state[LENT] = suited.lent
    st.session_state[CHANGES] = Consequences(chosen.loss.name, suited.changes, chosen)


def keep() -> None:
    """Leave the changes as they are and list them no more."""
    st.session_state.pop(CHANGES, None)


def undo() -> None:
    """Put back all that is listed; the loss stays."""
    consequences = _consequences()
    if consequences:
        put(undone(chosen_experiment(), consequences.changes, consequences.without))
        st.session_state.pop(LENT, None)
    keep()


def show() -> None:
    """The changes that still stand, one line each, with a button that undoes them and one that keeps them."""
    consequences = _consequences()
    if not consequences:
        return
    standing = setting_differences(chosen_experiment(), consequences.without, with_idle_miner=True)
    settings = {(difference.family, difference.name) for difference in standing}
    lines = [
        say(
            "train.consequences.line",
            setting=titled(one),
            before=spoken(one.there),
            now=spoken(one.here),
            because=translated(because),
        )
        for one, because in consequences.changes
        if (one.family, one.name) in settings
    ]
    if not lines:
        return
    with st.container(border=True, gap="xsmall", key="train.consequences"):
        heading = say("train.consequences.heading", loss=spoken(consequences.loss))
        st.caption("\n".join([heading, "", *lines]))
        with st.container(horizontal=True, gap="xsmall"):
            _button("undo", ":material/undo:", undo)
            _button("keep", ":material/check:", keep)


def _button(what: str, icon: str, do: Callable[[], None]) -> None:
    st.button(say(f"train.consequences.{what}"), key=f"train.{what}", icon=icon, on_click=do, width="stretch")


def _consequences() -> Consequences | None:
    return st.session_state.get(CHANGES)
