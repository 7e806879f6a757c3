"""Widgets made from declarations: a family gets a menu, each parameter the widget that fits its type.

The few parameters that matter most stand below the menus, all of them behind a button. What differs from the run that
is shown bears a sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import streamlit as st

from core.augmentations import AUGMENTATIONS
from core.datasets.brought import Brought
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.setting_changes import Difference, setting_differences
from core.params import Declared, Described, Param, params_of
from dashboard.core_words import named, plain_words, translated
from dashboard.lookups import admitted_data, datasets
from dashboard.train import consequences, hints, method_card
from dashboard.train.guests import guests_of, marks_of
from dashboard.train.meanings import meaning_of
from dashboard.train.run_differences import SIGN
from dashboard.train.widget_state import chosen_experiment, hold, keep_drawn, key_behind, key_of
from dashboard.train.words import moves_in_words, spoken
from dashboard.wording import joined, say

# The loss before what it has a say in: what choosing it changes is read below it.
ORDER = ("dataset", "loss", "miner", "sampler", "distance", "encoder", "split", "schedule", "augmentation")
ASKING = ("split", "augmentation")  # families with members that not all data allow
Marks = Mapping[str, Difference]  # of a family, by the name of the setting


def configure_experiment(shown: Experiment | None = None) -> Experiment:
    """The settings of all families; `shown` is what the run beside them trains."""
    chosen = chosen_experiment()
    differences = setting_differences(chosen, shown) if shown else []
    parts = chosen.described()
    for family in ORDER:
        marks = marks_of(family, differences)
        # What one family shows more or less moves none of the others.
        with st.container(gap="xsmall", key=f"family.{family}"):
            parts[family] = _configure_family(family, marks, parts)
            if family == "loss":
                consequences.show()
    experiment = Experiment.from_described(parts)
    keep_drawn(experiment)
    return experiment


def _configure_family(family: str, marks: Marks, parts: Mapping[str, Described]) -> Described:
    """A line with a menu and a button, and one with the parameters that matter most; of a family that has nothing to
    choose from, these stand in place of the menu."""
    kinds = FAMILIES[family]
    is_alone = len(kinds) == 1
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=f"menu.{family}"):
        kind = next(iter(kinds.values())) if is_alone else kinds[_choose_kind(family, parts)]
        main = [declared for declared in params_of(kind) if declared.main]
        if is_alone:
            _show_main(family, kind, main, marks)
        with st.popover(SIGN if marks else ":material/tune:", width="content", key=f"settings.{family}"):
            described = _configure_behind(family, kind, marks, parts)
    if family in ASKING and (lack := datasets.lacks(parts["dataset"], family, described)):
        st.caption(f":material/block: {plain_words(lack)}")
    if main and not is_alone:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key=f"main.{family}"):
            _show_main(family, kind, main, marks)
    return described


def _choose_kind(family: str, parts: Mapping[str, Described]) -> str:
    return st.selectbox(
        named(family),
        list(FAMILIES[family]),
        key=f"train.{family}",
        format_func=lambda name: _member(family, name, parts),
        label_visibility="collapsed",
        width="stretch",
        on_change=consequences.suit_loss if family == "loss" else None,
    )


def _member(family: str, name: str, parts: Mapping[str, Described]) -> str:
    """A member in its menu; of a split that the data lack a column for, or of an augmentation of vectors, that they do
    not allow it."""
    if family == "dataset" and name == Brought.name and parts["dataset"].get("data"):
        named = admitted_data.title_of(Brought(str(parts["dataset"]["data"])))
    else:
        named = _changes_of_images(name, parts["schedule"]) if family == "augmentation" else spoken(name)
    member = say("train.setting.member", family=say(f"train.family.{family}"), member=named)
    is_lacking = family in ASKING and datasets.lacks(parts["dataset"], family, {"kind": name})
    return say("train.setting.lacking", member=member) if is_lacking else member


def _changes_of_images(name: str, schedule: Described) -> str:
    """All that is done to images with this augmentation: the schedule may move and mirror them as well."""
    moved = moves_in_words(int(schedule["shift"]), bool(schedule["mirror"]))
    return joined("things", moved if moved and not AUGMENTATIONS[name].changes else [spoken(name), *moved])


def _configure_behind(family: str, kind: type[Declared], marks: Marks, parts: Mapping[str, Described]) -> Described:
    """All parameters of a member, and its card."""
    st.caption(translated(kind.summary))
    if "kind" in marks:
        st.caption(_in_the_run(marks["kind"]))
    picture, settings = st.columns(2, gap="medium") if family == "loss" else (st.container(), st.container())
    with settings:
        if guests := guests_of(family):
            st.caption(say("train.setting.first"))
            for guest in guests:
                _widget(guest.family, guest.kind, guest.declared, marks.get(guest.mark))
            if params_of(kind):
                st.caption(say("train.setting.then", member=spoken(kind.name)))
        described = {"kind": kind.name} | configure(family, kind, marks)
        if family == "sampler":
            hints.show_batches({**parts, family: described})
    with picture:
        method_card.show_formula(family, kind, described)
    method_card.show_notes(kind)
    return described


def configure(family: str, kind: type[Declared], marks: Marks) -> Described:
    """One widget per declared parameter; the values by name.

    Free text has no widget: it names folders of the server, which are its owner's to choose, or data that are chosen
    elsewhere. It stays as it was set. What stands under another family (guests.py) is drawn there.
    """
    values: Described = {}
    for declared in params_of(kind):
        is_here = not declared.shown_under and (declared.choices or not isinstance(declared.default, str))
        if is_here:
            values[declared.name] = _widget(family, kind, declared, marks.get(declared.name))
        else:
            values[declared.name] = st.session_state[_held_key(family, kind, declared)]
    return values


def _widget(family: str, kind: type[Declared], declared: Param, mark: Difference | None) -> Any:
    unit = declared.unit if declared.unit != declared.label else ""
    label = _capital(named(declared.label))
    if unit:
        label = say("train.setting.with_unit", label=label, unit=named(unit))
    if mark:
        label = f"{label} {_in_the_run(mark)}"
    help_text = meaning_of(declared)
    held = _held_key(family, kind, declared)
    key = key_behind(held)
    _input(declared, label, key, st.session_state[held], help_text=help_text, on_change=partial(_keep, key, held))
    return st.session_state[held]


def _in_the_run(mark: Difference) -> str:
    return say("train.setting.differs", sign=SIGN, value=spoken(mark.there))


def _show_main(family: str, kind: type[Declared], main: Sequence[Param], marks: Marks) -> None:
    """A second field for each of these parameters; both say the same."""
    for declared in main:
        key = _held_key(family, kind, declared)
        second = f"beside.{key}"
        st.session_state[second] = st.session_state[key]
        main_name = named(declared.main)
        st.caption(f"{SIGN} {main_name}" if declared.name in marks else main_name, width="content")
        label, held = _capital(named(declared.label)), st.session_state[key]
        _input(declared, label, second, held, is_labelled=False, on_change=partial(_take_over, second, key))


def _keep(widget: str, key: str) -> None:
    st.session_state[key] = st.session_state[widget]


def _take_over(widget: str, key: str) -> None:
    hold(key, st.session_state[widget])


def _input(
    declared: Param,
    label: str,
    key: str,
    held: Any,
    *,
    help_text: str | None = None,
    is_labelled: bool = True,
    on_change: Callable[[], None] | None = None,
) -> Any:
    """The widget that fits the type of a parameter, with the value that is held as its default.

    What is behind a button is made in the browser when that is opened, maybe some runs after the one that told it a
    value, and shows its default: without one the least number and the first choice.
    """
    visibility: Literal["visible", "collapsed"] = "visible" if is_labelled else "collapsed"
    if declared.choices:
        return st.selectbox(
            label,
            declared.choices,
            declared.choices.index(held),
            key=key,
            format_func=_value,
            help=help_text,
            on_change=on_change,
            label_visibility=visibility,
        )
    if isinstance(declared.default, bool):
        return st.toggle(label, held, key=key, help=help_text, on_change=on_change, label_visibility=visibility)
    number = int if isinstance(declared.default, int) else float
    return st.number_input(
        label,
        number(declared.low or 0),
        number(declared.high or 0),
        number(held),
        step=1 if number is int else _step(declared),
        format=None if number is int else "%g",
        key=key,
        help=help_text,
        on_change=on_change,
        label_visibility=visibility,
    )


def _value(value: Any) -> str:
    """A choice as it is declared, in the reader's language."""
    return named(value) if isinstance(value, str) else str(value)


def _capital(label: str) -> str:
    return label[0].upper() + label[1:]


def _held_key(family: str, kind: type[Declared], declared: Param) -> str:
    """The key under which the parameter is held, with its default where it has no value yet."""
    key = key_of(family, kind.name, declared.name)
    st.session_state.setdefault(key, declared.default)
    return key


def _step(declared: Param) -> float:
    """A tenth of the default's first digit: 0.2 moves by 0.05, 0.001 by 0.0001."""
    default = abs(declared.default) or 0.1
    return 0.05 if default >= 0.05 else default / 10
