"""Widgets made from declarations: a family gets a menu, each parameter the widget that fits its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.experiment.experiment import FAMILIES, Experiment
from core.losses import LOSSES
from core.params import Declared, Described, Param, params_of
from dashboard.train import hints, method_card


def adopt(experiment: Experiment) -> None:
    """Set every widget to what the experiment says; call it before they are drawn."""
    st.session_state["train.suited"] = experiment.loss.name
    for family, described in experiment.described().items():
        st.session_state[f"train.{family}"] = described["kind"]
        for name, value in described.items():
            if name != "kind":
                st.session_state[_key(family, described["kind"], name)] = value


def configure_experiment() -> Experiment:
    """One line per family: a menu, and the parameters of what is chosen behind a button."""
    parts: dict[str, Described] = {}
    for family, kinds in FAMILIES.items():
        with st.container(horizontal=True, gap="xsmall"):
            chosen = st.selectbox(
                family,
                list(kinds),
                key=f"train.{family}",
                format_func=lambda name, family=family: f"{family}: {name.replace('-', ' ')}".removesuffix(
                    f": {family}"
                ),
                label_visibility="collapsed",
                disabled=len(kinds) == 1,
                width="stretch",
                on_change=suit_loss if family == "loss" else None,
            )
            kind = kinds[chosen]
            with st.popover("", icon=":material/tune:", help=f"{kind.summary} Its settings.", width="content"):
                st.caption(kind.summary)
                parts[family] = {"kind": chosen} | configure(family, kind)
                if family == "sampler":
                    hints.show_batches(parts)
                method_card.show(family, kind)
    return Experiment.from_described(parts)


def chosen_experiment() -> Experiment:
    """What the widgets say now, for a callback, which runs before they are drawn."""
    parts: dict[str, Described] = {}
    for family, kinds in FAMILIES.items():
        kind = kinds[st.session_state.get(f"train.{family}", next(iter(kinds)))]
        keys = {declared.name: _key(family, kind.name, declared.name) for declared in params_of(kind)}
        values = {name: st.session_state[key] for name, key in keys.items() if key in st.session_state}
        parts[family] = {"kind": kind.name} | values
    return Experiment.from_described(parts)


def suit_loss() -> None:
    """Train a newly chosen loss as it wants to be; what the loss before it had wanted goes back to the defaults."""
    chosen, default = chosen_experiment(), Experiment()
    before = LOSSES[st.session_state.get("train.suited", default.loss.name)]
    undone = {family: _defaults(getattr(default, family), values) for family, values in before.suits.items()}
    adopt(chosen.changed(undone).changed(chosen.loss.suits))


def _defaults(part: Declared, values: Mapping[str, Any]) -> Described:
    described = part.described()
    return described if "kind" in values else {name: described[name] for name in values if name in described}


def configure(family: str, kind: type[Declared]) -> Described:
    """One widget per declared parameter; the values by name.

    Free text has no widget: it names folders of the server, which are its owner's to choose.
    """
    shown = [declared for declared in params_of(kind) if declared.choices or not isinstance(declared.default, str)]
    return {declared.name: _widget(family, kind, declared) for declared in shown}


def _widget(family: str, kind: type[Declared], declared: Param) -> Any:
    key = _key(family, kind.name, declared.name)
    st.session_state.setdefault(key, declared.default)
    unit = declared.unit if declared.unit != declared.label else ""
    label = declared.label.capitalize() + (f" ({unit})" if unit else "")
    help_text = f"{declared.help}. Default {declared.default}."
    if declared.choices:
        return st.selectbox(label, declared.choices, key=key, help=help_text)
    if isinstance(declared.default, bool):
        return st.toggle(label, key=key, help=help_text)
    if isinstance(declared.default, int):
        return st.number_input(label, int(declared.low or 0), int(declared.high or 0), step=1, key=key, help=help_text)
    low, high = float(declared.low or 0), float(declared.high or 0)
    return st.number_input(label, low, high, step=_step(declared), format="%g", key=key, help=help_text)


def _key(family: str, kind: str, parameter: str) -> str:
    """With the family, because a loss and a miner may share a name."""
    return f"train.{family}.{kind}.{parameter}"


def _step(declared: Param) -> float:
    """A tenth of the default's first digit: 0.2 moves by 0.05, 0.001 by 0.0001."""
    default = abs(declared.default) or 0.1
    return 0.05 if default >= 0.05 else default / 10
