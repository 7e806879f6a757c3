"""What the widgets of the settings hold, before and after they are drawn."""

from __future__ import annotations

import streamlit as st

from core.experiment.experiment import FAMILIES, Experiment
from core.params import Described, params_of

DRAWN = "train.drawn"  # the settings as they were last drawn: what they were before what a callback is called for
ORIGIN = "train.origin"  # the preset that they were last set to
LENT = "train.lent"  # what the loss that was chosen here changed, as it was before; none for one that was adopted
CHANGES = "train.changes"  # what was changed for the reader, until that is kept or undone


def key_of(family: str, kind: str, parameter: str) -> str:
    """With the family, because a loss and a miner may share a name."""
    return f"train.{family}.{kind}.{parameter}"


def adopt(experiment: Experiment, preset: str = "") -> None:
    """Set every widget to what the experiment says, which may be a preset's; call it before they are drawn."""
    put(experiment)
    st.session_state[ORIGIN] = preset
    for key in (LENT, CHANGES):
        st.session_state.pop(key, None)


def put(experiment: Experiment) -> None:
    """The same where settings are changed and not replaced: they still come from where they came from."""
    for family, described in experiment.described().items():
        st.session_state[f"train.{family}"] = described["kind"]
        for name, value in described.items():
            if name != "kind":
                st.session_state[key_of(family, described["kind"], name)] = value


def chosen_experiment() -> Experiment:
    """What the widgets say now, for what is done before they are drawn."""
    parts: dict[str, Described] = {}
    for family, kinds in FAMILIES.items():
        kind = kinds[st.session_state.get(f"train.{family}", next(iter(kinds)))]
        keys = {declared.name: key_of(family, kind.name, declared.name) for declared in params_of(kind)}
        values = {name: st.session_state[key] for name, key in keys.items() if key in st.session_state}
        parts[family] = {"kind": kind.name} | values
    return Experiment.from_described(parts)


def keep_drawn(experiment: Experiment) -> None:
    """Remember what is drawn for the next callback."""
    st.session_state[DRAWN] = experiment.described()


def drawn_experiment() -> Experiment:
    """The settings before the click that a callback is called for."""
    return Experiment.from_described(st.session_state.get(DRAWN, {}))
