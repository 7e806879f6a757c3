"""What the widgets of the settings hold, before and after they are drawn."""

from __future__ import annotations

import streamlit as st

from core.experiment.experiment import FAMILIES, Experiment
from core.params import Described, params_of
from dashboard.classroom.hiding import hidden_families

DRAWN = "train.drawn"  # the settings as they were last drawn: what they were before what a callback is called for
ORIGIN = "train.origin"  # the preset that they were last set to
LENT = "train.lent"  # what the loss that was chosen here changed, as it was before; none for one that was adopted
TIMES = "train.times"  # how often each value was set elsewhere than in its widget behind a button
CHANGES = "train.changes"  # what was changed for the reader, until that is kept or undone


def key_of(family: str, kind: str, parameter: str) -> str:
    """With the family, because a loss and a miner may share a name."""
    return f"train.{family}.{kind}.{parameter}"


def adopt(experiment: Experiment, preset: str = "", *, is_of_link: bool = False) -> None:
    """Set every widget to what the experiment says, which may be a preset's, or a link's, which sets what is hidden,
    too; call it before they are drawn."""
    put(experiment, is_of_link=is_of_link)
    st.session_state[ORIGIN] = preset
    for key in (LENT, CHANGES):
        st.session_state.pop(key, None)


def put(experiment: Experiment, *, is_of_link: bool = False) -> None:
    """The same where settings are changed and not replaced: they still come from where they came from. What a teacher's
    link hides stays as it was set first."""
    stay = frozenset[str]() if is_of_link else hidden_families()
    for family, described in experiment.described().items():
        if family in stay and f"train.{family}" in st.session_state:
            continue
        st.session_state[f"train.{family}"] = described["kind"]
        for name, value in described.items():
            if name != "kind":
                hold(key_of(family, described["kind"], name), value)


def hold(key: str, value: object) -> None:
    """Set a value from elsewhere than its widget behind a button, which then is another one."""
    if st.session_state.get(key, value) != value:
        times = st.session_state.setdefault(TIMES, {})
        times[key] = times.get(key, 0) + 1
    st.session_state[key] = value


def key_behind(key: str) -> str:
    """The key of the widget behind a button that shows what is held under `key`.

    It is another one each time that the value was set elsewhere: what a widget said while the button was open, the
    browser says again at every run, and hears of nothing new before the button is opened again.
    """
    times = st.session_state.get(TIMES, {}).get(key, 0)
    return f"behind.{key}.{times}" if times else f"behind.{key}"


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
