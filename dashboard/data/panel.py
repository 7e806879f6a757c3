"""Your data: files taken from the browser, admitted by a process of its own, and the card of what was found.

What is on its way belongs to who brought it and is found again after a reload; every mend makes another set, so the one
before stays in the list.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.admission import coming
from core.admission.asked import Asked
from core.admission.coming import COMING, DONE, GONE, Status
from core.admission.data_owners import add_owner
from core.admission.preparation import SIDE, SIDES, Preparation
from core.datasets.fitting import FITS
from dashboard.components.page_end import guarded
from dashboard.data import card, column_roles
from dashboard.data.sent_files import asked_for, keep_files
from dashboard.entrance.rights import owner_asking
from dashboard.lookups import admitted_data
from dashboard.markdown import plain
from dashboard.wording import say

LOOK_SECONDS = 0.5
SHOWN, FAILED_WITH, POPOVER = "data.shown", "data.failed", "data.popover"
FILES, FOLDER = "data.files", "data.folder"


def offer(use: Callable[[str], None]) -> None:
    """A button that opens the panel; `use` is called with the id of a set that is to be used on this page."""
    with st.popover(":material/upload_file:", help=say("data.panel.button"), key=POPOVER, on_change="rerun"):
        if not st.session_state.get(POPOVER):
            return
        token = coming.last_of(owner_asking())
        status = coming.look(token) if token else Status(GONE)
        if status.state == COMING:
            st.fragment(guarded(_watch), run_every=LOOK_SECONDS)(token)
            return
        if status.state != GONE:
            _fetch(token, status)
        _show_failure()
        _show_sets(use)
        _ask()


def _ask() -> None:
    """For files, and how images are to be prepared."""
    with st.expander(say("data.panel.bring"), expanded=SHOWN not in st.session_state, key="data.bring"):
        st.caption(say("data.panel.forms"))
        files = st.file_uploader(say("data.panel.files"), accept_multiple_files=True, key=FILES)
        folder = st.file_uploader(say("data.panel.folder"), accept_multiple_files="directory", key=FOLDER)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.selectbox(say("data.panel.side"), SIDES, index=SIDES.index(SIDE), key="data.side")
            st.selectbox(say("data.panel.fit"), FITS, format_func=lambda fit: say(f"data.fit.{fit}"), key="data.fit")
        st.checkbox(say("data.panel.groups"), key="data.groups")
        column_roles.ask()
        st.button(
            say("data.panel.admit"),
            type="primary",
            key="data.admit",
            disabled=not (files or folder),
            on_click=_start,
        )


def _start() -> None:
    """Keep the files under numbers, and have them admitted."""
    st.session_state.pop(FAILED_WITH, None)
    side = st.session_state["data.side"]
    files = [*st.session_state[FILES], *st.session_state[FOLDER]]
    place = coming.new_folder(owner_asking())
    try:
        asked = asked_for(
            keep_files(files, place / "files"),
            Preparation(side, side, st.session_state["data.fit"]),
            groups_from_folders=st.session_state["data.groups"],
            chosen=column_roles.asked(),
        )
        coming.start(asked, place)
    except (OSError, ValueError) as problem:
        coming.forget(place.name)
        st.session_state[FAILED_WITH] = Status("failed", message=str(problem))


def _mend(data_id: str, name: str) -> None:
    """Ask for another set, with one thing mended."""
    st.session_state.pop(FAILED_WITH, None)
    coming.start(Asked(data=data_id, mends=(name,)), coming.new_folder(owner_asking()))


def _give_roles(data_id: str, chosen: dict[str, str]) -> None:
    """Ask for another set, whose columns have other roles."""
    st.session_state.pop(FAILED_WITH, None)
    coming.start(Asked(data=data_id, chosen=chosen), coming.new_folder(owner_asking()))


def _again(token: str, name: str) -> None:
    """The same files once more, with a mend without which they cannot be kept."""
    st.session_state.pop(FAILED_WITH, None)
    coming.again(token, name)


def _watch(token: str) -> None:
    status = coming.look(token)
    if status.state != COMING:
        st.rerun()
    left = "" if status.seconds_left is None else say("data.panel.left", seconds=status.seconds_left)
    st.progress(min(status.share, 1.0), say(f"data.stage.{status.stage}", share=status.share) + left)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(say("data.panel.goes_on"), width="stretch")
        st.button(
            say("data.panel.cancel"), icon=":material/close:", key="data.cancel", on_click=coming.cancel, args=(token,)
        )


def _fetch(token: str, status: Status) -> None:
    """Take the answer: the set is now of who brought it."""
    if status.state == DONE:
        add_owner(status.data, owner_asking())
        st.session_state[SHOWN] = status.data
        st.session_state.pop(FAILED_WITH, None)
        coming.forget(token)
    elif not status.mend:
        st.session_state[FAILED_WITH] = status
        coming.forget(token)
    else:
        st.error(plain(status.message))
        with st.container(horizontal=True, gap="small"):
            st.button(
                say(f"data.mend.{card.key_of(status.mend)}"),
                key="data.again",
                on_click=_again,
                args=(token, status.mend),
            )
            st.button(say("data.panel.dismiss"), key="data.dismiss", on_click=coming.forget, args=(token,))


def _show_failure() -> None:
    if failure := st.session_state.get(FAILED_WITH):
        st.error(plain(failure.message))


def _show_sets(use: Callable[[str], None]) -> None:
    """The sets of who asks, and the card of the one that is chosen."""
    cards = {one.id: one for one in admitted_data.own_cards()}
    if not cards:
        return
    chosen = st.session_state.get(SHOWN)
    ids = list(cards)
    st.session_state["data.chosen"] = chosen if chosen in cards else ids[0]
    shown = st.selectbox(
        say("data.panel.sets"),
        ids,
        format_func=lambda data_id: _in_the_list(data_id, cards),
        key="data.chosen",
        on_change=lambda: st.session_state.update({SHOWN: st.session_state["data.chosen"]}),
        label_visibility="collapsed" if len(ids) == 1 else "visible",
    )
    card.show(cards[shown], _mend, _give_roles)
    st.button(say("data.panel.use"), type="primary", key="data.use", on_click=use, args=(shown,))


def _in_the_list(data_id: str, cards: dict[str, card.DataCard]) -> str:
    one = cards[data_id]
    mended = say("data.panel.mended") if one.mends else ""
    return say("data.panel.set", title=one.title, count=one.count, mended=mended)
