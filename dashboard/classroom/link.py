"""The link to a page, on every one of them: copied as it is, changed back, or made for a class by its teacher."""

from __future__ import annotations

import streamlit as st

from core.datasets import DATASETS
from core.datasets.brought import Brought
from core.experiment.limits import MOST_EPOCHS, MOST_UPDATES, Limits
from core.experiment.presets import PRESETS
from dashboard import url
from dashboard.classroom.hiding import part_name
from dashboard.classroom.parts import PAGE, PARTS
from dashboard.components.copy_link import copy_link
from dashboard.core_words import named
from dashboard.entrance.rights import is_owner
from dashboard.settings import HIDE, LANGUAGE, LESSON, LIMIT, RUN, SETTINGS, STEP
from dashboard.wording import count, say

MENU, TICKED = "link.menu", "link.ticked"  # the keys that the teacher hides, on all pages
STAY = (LANGUAGE, LESSON, STEP, HIDE, LIMIT, RUN, SETTINGS)  # whatever page it is, and what the link has fixed
BEGIN_ANEW = {"train": ("train.dataset", "train.used_settings")}  # what the session keeps of a page's settings


def offer(page: str) -> None:
    """The button in the bar of pages, and behind it the link and the ways back."""
    with st.popover(
        "", icon=":material/link:", type="tertiary", key=MENU, help=say("classroom.menu"), on_change="rerun"
    ):
        if not st.session_state.get(MENU):
            return
        st.markdown(say("classroom.link"))
        copy_link(say("classroom.link_label"), key="link.page", adds=url.in_links())
        _offer_ways_back(page)
        if is_owner():
            _offer_class(page)


def _offer_ways_back(page: str) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            say("classroom.undo"),
            key="link.undo",
            icon=":material/undo:",
            help=say("classroom.undo_help"),
            disabled=not url.can_undo(),
            on_click=url.undo,
        )
        st.button(
            say("classroom.reset"),
            key="link.reset",
            icon=":material/restart_alt:",
            help=say("classroom.reset_help"),
            on_click=_reset,
            args=(page,),
        )


def _reset(page: str) -> None:
    for key in BEGIN_ANEW.get(page, ()):
        st.session_state.pop(key, None)
    url.reset({setting.name for setting in STAY})


def _offer_class(page: str) -> None:
    """What a class is not to see and may train, and the link that says so."""
    st.markdown(say("classroom.of_class"))
    st.caption(say("classroom.of_class_about"))
    place = st.container()  # of the link, which says what is chosen below it
    ticked: set[str] = set(st.session_state.setdefault(TICKED, ()))
    here = [f"{page}.{part}" for part in PARTS.get(page, ())]
    pages = [f"{PAGE}.{other}" for other in PARTS if other != page]
    if here:
        _tick(say("classroom.hide_here"), here, ticked, "link.hide.here")
    _tick(say("classroom.hide_pages"), pages, ticked, "link.hide.pages")
    if elsewhere := len(ticked.difference(here, pages)):
        st.caption(count("classroom.hidden_elsewhere", elsewhere))
    limits = _choose_limits()
    fixed = {HIDE.name: HIDE.write(sorted(ticked)), LIMIT.name: LIMIT.write(limits)}
    adds = url.in_links() | {name: text for name, text in fixed.items() if text}
    with place:
        copy_link(say("classroom.class_label"), key="link.class", adds=adds, without=(HIDE.name, LIMIT.name))
    st.page_link("views/handins.py", label=say("classroom.handins"), icon=":material/assignment_turned_in:")


def _tick(label: str, keys: list[str], ticked: set[str], key: str) -> None:
    """Keys to be chosen among; the choice is kept whatever page the teacher goes to next."""

    def keep() -> None:
        chosen = set(st.session_state[key])
        st.session_state[TICKED] = tuple(sorted(ticked.difference(keys) | chosen))

    st.session_state[key] = [one for one in keys if one in ticked]
    st.pills(label, keys, selection_mode="multi", format_func=_short_name, key=key, on_change=keep)


def _short_name(key: str) -> str:
    page, _, part = key.partition(".")
    return say(f"pages.{part}.name") if page == PAGE else part_name(page, part)


def _choose_limits() -> Limits:
    """What a class may train; 0 and nothing chosen limit nothing."""
    held = st.session_state.setdefault("link.limits", Limits())
    left, right = st.columns(2)
    epochs = left.number_input(say("classroom.most_epochs"), 0, MOST_EPOCHS, held.epochs, key="link.epochs")
    updates = right.number_input(say("classroom.most_updates"), 0, MOST_UPDATES, held.updates, key="link.updates")
    names = [name for name in DATASETS if name != Brought.name]
    data = st.multiselect(
        say("classroom.only_data"), names, list(held.data), _spaced, placeholder=say("classroom.any"), key="link.data"
    )
    presets = st.multiselect(
        say("classroom.only_presets"),
        list(PRESETS),
        list(held.presets),
        lambda name: named(PRESETS[name].title),
        placeholder=say("classroom.any"),
        key="link.presets",
    )
    st.session_state["link.limits"] = Limits(int(epochs), int(updates), tuple(data), tuple(presets))
    return st.session_state["link.limits"]


def _spaced(name: str) -> str:
    return named(name.replace("-", " "))
