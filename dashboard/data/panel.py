"""Your data: files taken from the browser, admitted by a process of its own, and the card of what was found.

What is on its way belongs to who brought it and is found again after a reload; every mend makes another set, so the one
before stays in the list.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.admission import coming, room
from core.admission.asked import Asked
from core.admission.coming import COMING, DONE, GONE, Status
from core.admission.preparation import SIDE, SIDES, Preparation
from core.datasets.fitting import FITS
from dashboard.components.page_end import guarded
from dashboard.core_words import plain_words
from dashboard.data import card, column_roles, set_list
from dashboard.data.opening import POPOVER
from dashboard.data.sent_files import asked_for, keep_files
from dashboard.data.set_list import SHOWN
from dashboard.entrance.rights import asking_owner, may_change_data
from dashboard.lookups import runs
from dashboard.runs import limits
from dashboard.runs.waiting import about
from dashboard.wording import say

LOOK_SECONDS = 0.5
FAILED_WITH = "data.failed"
SIDE_WIDTH, FIT_WIDTH = 200, 300  # pixels: in a narrow window one stands below the other, with its words whole
FILES, FOLDER = "data.files", "data.folder"


def offer(page: str, train: Callable[[str], None] | None = None, *, is_labelled: bool = False) -> None:
    """A button that opens the panel on a page, which bears its name where there is room; `train` is called with the id
    of a set that is to be trained on where that is done on this page."""
    name, icon = say("data.panel.button"), ":material/folder_open:"
    label, named = (f"{icon} {name}", None) if is_labelled else (icon, name)
    with st.popover(label, help=named, key=POPOVER, on_change="rerun"):
        if not st.session_state.get(POPOVER):
            return
        token = coming.last_of(asking_owner().id)
        status = coming.look(token) if token else Status(GONE)
        if status.state == COMING:
            st.fragment(guarded(_watch), run_every=LOOK_SECONDS)(token)
            return
        if status.state != GONE:
            _fetch(token, status)
        _show_failure()
        set_list.show(page, train, _mend, _give_roles, is_refused=FAILED_WITH in st.session_state)
        _ask()


def offer_where_nothing_is(page: str) -> None:
    """The same on a page that has no run to show, with what it is good for."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="data.empty"):
        st.markdown(say("data.panel.empty"), width="stretch")
        offer(page, is_labelled=True)


def _ask() -> None:
    """For files, and how images are to be prepared."""
    with st.expander(say("data.panel.bring"), expanded=SHOWN not in st.session_state, key="data.bring"):
        st.caption(say("data.panel.forms"))
        files = st.file_uploader(say("data.panel.files"), accept_multiple_files=True, key=FILES)
        folder = st.file_uploader(say("data.panel.folder"), accept_multiple_files="directory", key=FOLDER)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.selectbox(say("data.panel.side"), SIDES, index=SIDES.index(SIDE), key="data.side", width=SIDE_WIDTH)
            st.selectbox(
                say("data.panel.fit"),
                FITS,
                format_func=lambda fit: say(f"data.fit.{fit}"),
                key="data.fit",
                width=FIT_WIDTH,
            )
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
    st.session_state.pop(SHOWN, None)  # of another set, which a refusal would stand beside
    side = st.session_state["data.side"]
    files = [*st.session_state[FILES], *st.session_state[FOLDER]]
    owner = asking_owner()
    place = coming.new_folder(owner.id)
    try:
        _check_room()
        asked = asked_for(
            keep_files(files, place / "files"),
            Preparation(side, side, st.session_state["data.fit"]),
            groups_from_folders=st.session_state["data.groups"],
            chosen=column_roles.asked(),
            owner=owner,
        )
        coming.start(asked, place)
    except (OSError, ValueError) as problem:
        coming.forget(place.name)
        st.session_state[FAILED_WITH] = Status("failed", message=str(problem))


def _mend(data_id: str, name: str) -> None:
    """Ask for another set, with one thing mended."""
    _make_another(data_id, mends=(name,))


def _give_roles(data_id: str, chosen: dict[str, str]) -> None:
    """Ask for another set, whose columns have other roles."""
    _make_another(data_id, chosen=chosen)


def _make_another(data_id: str, *, mends: tuple[str, ...] = (), chosen: dict[str, str] | None = None) -> None:
    """A set made of another one, of which who asks must be an owner."""
    st.session_state.pop(FAILED_WITH, None)
    if not may_change_data(data_id):
        return
    try:
        _check_room()
        owner = asking_owner()
        asked = Asked(data=data_id, mends=mends, chosen=chosen or {}, owner=owner)
        coming.start(asked, coming.new_folder(owner.id))
    except ValueError as problem:
        st.session_state[FAILED_WITH] = Status("failed", message=str(problem))


def _check_room() -> None:
    """Raise ValueError where the store or who asks has no room left, before anything is read."""
    limits.check_disk(runs.store())
    room.check_room(0, asking_owner())


def _again(token: str, name: str) -> None:
    """The same files once more, with a mend without which they cannot be kept."""
    st.session_state.pop(FAILED_WITH, None)
    coming.again(token, name)


def _watch(token: str) -> None:
    status = coming.look(token)
    if status.state != COMING:
        st.rerun()
    left = "" if status.seconds_left is None else say("data.panel.left", time=about(status.seconds_left))
    st.progress(min(status.share, 1.0), say(f"data.stage.{status.stage}", share=status.share) + left)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(say("data.panel.goes_on"), width="stretch")
        st.button(
            say("data.panel.cancel"), icon=":material/close:", key="data.cancel", on_click=coming.cancel, args=(token,)
        )


def _fetch(token: str, status: Status) -> None:
    """Take the answer: the set that is shown now."""
    if status.state == DONE:
        st.session_state[SHOWN] = status.data
        for key in (FAILED_WITH, set_list.GROUP):
            st.session_state.pop(key, None)
        coming.forget(token)
    elif not status.mend:
        st.session_state[FAILED_WITH] = status
        coming.forget(token)
    else:
        st.error(plain_words(status.message))
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
        st.error(plain_words(failure.message))
