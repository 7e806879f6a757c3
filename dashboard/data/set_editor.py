"""What owners do to a set in their list: title it, share it, archive, delete, and take the last of these back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.admission.data_owners import TITLE_LENGTH, change, moment, put_back
from core.admission.data_removal import remove_now, runs_on
from core.runs.store import DAYS_KEPT
from dashboard.core_words import plain_words
from dashboard.entrance import visitors
from dashboard.entrance.rights import acting_owners, may_change_data, may_steer
from dashboard.lookups import runs
from dashboard.lookups.admitted_data import Group, ListedSet
from dashboard.markdown import plain
from dashboard.runs.run_editor import Undo
from dashboard.wording import count, joined, say

EDITED, UNDO, PROBLEM = (f"data.{what}" for what in ("edited", "undo", "edit.problem"))
NAMED = 3  # runs that stand on a set
ICONS = {"restore": "undo", "remove": "delete_forever"}  # others are called as what they do


def menu(one: ListedSet) -> None:
    """The button that opens the editor of a set; of a deleted one those that list it again or remove it for good."""
    if one.group is Group.DELETED:
        _button("restore", one, partial(_restore, one))
        _button("remove", one, partial(_remove, one))
    elif one.may_change:
        st.button(
            "",
            icon=":material/more_vert:",
            key="data.edit",
            help=say("data.edit.menu"),
            type="tertiary",
            on_click=_edit,
            args=(one.card.id,),
        )


def editor(one: ListedSet) -> None:
    """What owners may write of a set, below its card, where it is open."""
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(plain_words(problem))
    if not one.may_change or one.group is Group.DELETED or st.session_state.get(EDITED) != one.card.id:
        return
    with st.container(border=True, gap="xsmall", key="data.editor"):
        title = f"data.title.{one.card.id}"
        st.session_state.setdefault(title, one.card.title)
        st.text_input(say("data.edit.title"), key=title, max_chars=TITLE_LENGTH, on_change=_title, args=(one, title))
        with st.container(horizontal=True, gap="xsmall"):
            is_archived = one.group is Group.ARCHIVED
            what = "unarchive" if is_archived else "archive"
            _button(what, one, partial(_archive, one, is_archived=not is_archived))
            _button("delete", one, partial(_delete, one))
        if visitors.now():
            shared = f"data.share.{one.card.id}"
            st.session_state[shared] = one.entry.is_shared
            st.toggle(
                say("data.edit.share"),
                key=shared,
                help=say("data.edit.share_help"),
                on_change=_share,
                args=(one, shared),
            )


def offer_undo() -> None:
    """What was done last, and the button that takes it back."""
    undo: Undo | None = st.session_state.get(UNDO)
    if undo is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(undo.done, width="stretch")
        st.button(
            say("runs.list.undo"), key="data.undo.button", icon=":material/undo:", type="tertiary", on_click=_take_back
        )


def standing_in_words(data_id: str) -> str:
    """Which runs stand on a set, in a sentence: those that who asks may see by name; empty where none does."""
    rows = runs_on(runs.store(), data_id)
    titles = runs.titles_of(row.id for row in rows)
    titles |= {row.id: row.title for row in rows if row.entry.deleted_at and may_steer(row)}
    named = [plain(titles[row.id]) for row in rows if row.id in titles]
    shown = [f"“{title}”" for title in named[:NAMED]]
    if more := len(rows) - len(shown):
        shown.append(count("data.edit.more_runs", more))
    return say("data.edit.standing", runs=joined("things", shown)) if rows else ""


def _button(what: str, one: ListedSet, do: Callable[[], None]) -> None:
    st.button(
        say(f"data.edit.{what}"),
        key=f"data.edit.{what}",
        icon=f":material/{ICONS.get(what, what)}:",
        help=say("data.edit.remove_help") if what == "remove" else None,
        on_click=do,
    )


def _edit(data_id: str) -> None:
    st.session_state[EDITED] = None if st.session_state.get(EDITED) == data_id else data_id
    st.session_state.pop(f"data.title.{data_id}", None)


def _change(one: ListedSet, what: str, more: str = "", **changes: str) -> None:
    """Change what is theirs who asks, and say so with the way back; nothing where they may not."""
    data_id = one.card.id
    if not may_change_data(data_id):
        return
    before = change(data_id, acting_owners(data_id), **changes)
    done = joined("sentences", [say(f"data.edit.done.{what}", title=plain(one.card.title), days=DAYS_KEPT), more])
    st.session_state[UNDO] = Undo(done, partial(put_back, data_id, before))


def _title(one: ListedSet, key: str) -> None:
    """An empty title gives back that of the file."""
    words = "".join(letter if letter.isprintable() else " " for letter in st.session_state[key])
    _change(one, "titled", title=" ".join(words.split()))
    st.session_state.pop(key, None)


def _archive(one: ListedSet, *, is_archived: bool) -> None:
    _change(one, "archived" if is_archived else "listed", archived_at=moment() if is_archived else "")
    st.session_state[EDITED] = None


def _share(one: ListedSet, key: str) -> None:
    is_shared = bool(st.session_state[key])
    _change(one, "shared" if is_shared else "unshared", shared_at=moment() if is_shared else "")


def _delete(one: ListedSet) -> None:
    """Out of every list at once; of a set that was shared, for others too."""
    _change(one, "deleted", standing_in_words(one.card.id), deleted_at=moment(), shared_at="")
    st.session_state[EDITED] = None


def _restore(one: ListedSet) -> None:
    _change(one, "listed", deleted_at="")


def _remove(one: ListedSet) -> None:
    """The files of a deleted set, for good and at once; or why they stay."""
    if not may_change_data(one.card.id):
        return
    st.session_state.pop(UNDO, None)
    if not remove_now(runs.store(), one.card.id):
        words = standing_in_words(one.card.id) or say("data.edit.of_others")
        st.session_state[PROBLEM] = say("data.edit.stays", title=one.card.title, why=words)


def _take_back() -> None:
    undo: Undo | None = st.session_state.pop(UNDO, None)
    if undo is not None:
        undo.take_back()
        st.session_state[EDITED] = None  # its fields hold what was taken back
