"""By what the list of runs is sorted and filtered beside its groups and its words: kept as long as the page is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.runs import listing
from core.runs.listing import NEWEST, SORTS
from core.runs.states import ACTIVE
from dashboard.core_words import named
from dashboard.entrance import visitors
from dashboard.entrance.rights import may_see_data
from dashboard.lookups import admitted_data, runs
from dashboard.wording import count, say

FILTERS, SHOWN = "runs.filters", "runs.filters.shown"
STATES = {
    "waiting": ("queued", "interrupted"),
    "at_work": ACTIVE,
    "finished": ("finished",),
    "failed": ("failed",),
    "resting": ("paused", "stopped"),
}
FIRST = {"sort": NEWEST, "state": "", "dataset": "", "tag": "", "owner": "", "is_starred": False, "is_grouped": True}


def chosen() -> dict[str, Any]:
    """As `Asked` names them."""
    values = FIRST | st.session_state.get(FILTERS, {})
    state = values.pop("state")
    return values | ({"states": STATES[state]} if state else {})


def is_narrowed() -> bool:
    """Whether anything but the usual is asked for."""
    return _narrowed() > 0


def _narrowed() -> int:
    values = FIRST | st.session_state.get(FILTERS, {})
    return sum(values[name] != first for name, first in FIRST.items())


def offer(changed: Callable[[], None]) -> None:
    """The button, and below it the choices where they are asked for; `changed` is called after one."""
    values = FIRST | st.session_state.get(FILTERS, {})
    narrowed = _narrowed()
    st.button(
        count("runs.filter.narrowed", narrowed) if narrowed else say("runs.filter.button"),
        key="runs.filters.button",
        icon=":material/tune:",
        type="tertiary",
        on_click=_show_or_hide,
    )
    if not st.session_state.get(SHOWN):
        return
    sight = runs.sight()
    with st.container(horizontal=True, gap="xsmall", key="runs.filters.row"):
        _choose("sort", SORTS, lambda name: say(f"runs.sort.{name}"), changed)
        _choose("state", ["", *STATES], lambda name: say(f"runs.filter.states.{name or 'any'}"), changed)
        if len(there := listing.datasets(runs.store(), sight)) > 1:
            _choose("dataset", ["", *filter(_may_name, there)], _dataset, changed)
        if tags := listing.tags(runs.store(), sight):
            _choose("tag", ["", *tags], lambda tag: tag or say("runs.filter.any_tag"), changed)
        if visitors.now():
            owners = {"": say("runs.filter.anybody")} | listing.owners(runs.store(), sight)
            _choose("owner", list(owners), lambda owner: owners.get(owner, owner), changed)
    with st.container(horizontal=True, gap="small"):
        for name in ("is_starred", "is_grouped"):
            key = f"runs.filter.{name}"
            st.session_state[key] = values[name]
            st.toggle(say(f"runs.filter.{name}"), key=key, on_change=_keep, args=(name, changed))


def _choose(name: str, options: Sequence[str], shown: Callable[[str], str], changed: Callable[[], None]) -> None:
    key, value = f"runs.filter.{name}", (FIRST | st.session_state.get(FILTERS, {}))[name]
    st.session_state[key] = value if value in options else FIRST[name]
    st.selectbox(
        say(f"runs.filter.{name}"),
        options,
        key=key,
        format_func=shown,
        label_visibility="collapsed",
        width=155,
        on_change=_keep,
        args=(name, changed),
    )


def _dataset(name: str) -> str:
    card = admitted_data.card_of(name) if name else None
    return card.title if card else named(name) if name else say("runs.filter.any_dataset")


def _may_name(name: str) -> bool:
    """What others have brought has a name that is theirs alone."""
    return len(name) < 32 or may_see_data(name)


def _keep(name: str, changed: Callable[[], None]) -> None:
    st.session_state[FILTERS] = st.session_state.get(FILTERS, {}) | {name: st.session_state[f"runs.filter.{name}"]}
    changed()


def _show_or_hide() -> None:
    st.session_state[SHOWN] = not st.session_state.get(SHOWN)
