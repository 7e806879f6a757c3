"""What readers do to a run in the list: title it, note, archive, delete, and take the last of these back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from core.runs import listing
from core.runs.entry import MOST_TAGS, NOTE_LENGTH, TITLE_LENGTH
from core.runs.states import UNDER_WAY
from core.runs.store import DAYS_KEPT, Row
from dashboard.entrance import visitors
from dashboard.entrance.rights import is_one_of_several, may_steer
from dashboard.lookups import runs
from dashboard.lookups.listed_runs import ListedRun
from dashboard.markdown import plain
from dashboard.runs.submit import REFUSED, keep_engine, leave
from dashboard.wording import say

EDITED, UNDO, CHANGED = (f"runs.{what}" for what in ("edited", "undo", "changed"))


class Undo(NamedTuple):
    """What was done, in words, and what takes it back."""

    done: str
    take_back: Callable[[], object]


def menu(line: ListedRun) -> None:
    """The button of a line that opens its editor; of a deleted run the one that lists it again."""
    if line.row is not None and line.row.entry.deleted_at:
        _button("restore", line, partial(_restore, line))
    elif line.row is not None and may_steer(line.row):
        st.button(
            "",
            icon=":material/more_vert:",
            key=f"runs.edit.{line.name}",
            help=say("runs.list.menu"),
            type="tertiary",
            on_click=_edit,
            args=(line.name,),
        )


def is_edited(line: ListedRun) -> bool:
    """Whether its editor is open."""
    if line.row is None or line.row.entry.deleted_at or st.session_state.get(EDITED) != line.name:
        return False
    return may_steer(line.row)


def editor(line: ListedRun) -> None:
    """What readers may write of a run, below its line."""
    assert line.row is not None
    entry = line.row.entry
    with st.container(border=True, gap="xsmall"):
        title, note = f"runs.title.{line.name}", f"runs.note.{line.name}"
        st.session_state.setdefault(title, entry.title)
        st.session_state.setdefault(note, entry.note)
        st.text_input(
            say("runs.list.title"),
            key=title,
            max_chars=TITLE_LENGTH,
            placeholder=line.row.name,
            on_change=_write,
            args=(line,),
        )
        st.text_area(say("runs.list.note"), key=note, max_chars=NOTE_LENGTH, height=70, on_change=_write, args=(line,))
        choose_tags(f"runs.tags.{line.name}", entry.tagged, partial(_tag, line))
        with st.container(horizontal=True, gap="xsmall"):
            _button("unstar" if entry.starred_at else "star", line, partial(_star, line))
            if entry.archived_at:
                _button("unarchive", line, partial(_archive, line, is_archived=False))
            else:
                _button("archive", line, partial(_archive, line, is_archived=True))
            if is_one_of_several(line.row):
                _button("leave", line, partial(_leave, line))
            else:
                _button("delete", line, partial(_delete, line))
        if visitors.now() and not line.row.kind.is_trained:
            shared = f"runs.share.{line.name}"
            st.session_state[shared] = bool(entry.shared_at)
            st.toggle(
                say("runs.list.share"),
                key=shared,
                help=say("runs.list.share_help"),
                on_change=_share,
                args=(line, shared),
            )


def offer_undo() -> None:
    """What was done last, and the button that takes it back."""
    undo: Undo | None = st.session_state.get(UNDO)
    if undo is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(plain(undo.done), width="stretch")
        st.button(
            say("runs.list.undo"), key="runs.undo.button", icon=":material/undo:", type="tertiary", on_click=_take_back
        )


def done(what: str, take_back: Callable[[], object]) -> None:
    """Say what was done, and offer to take it back."""
    st.session_state[UNDO] = Undo(what, take_back)
    st.session_state[CHANGED] = True


def choose_tags(key: str, chosen: Sequence[str], write: Callable[[list[str]], None]) -> None:
    """The tags of a run or of a sweep: those that runs bear which who asks may see, and new ones by typing them."""
    st.session_state[key] = list(chosen)
    st.multiselect(
        say("runs.list.tags"),
        list(dict.fromkeys([*listing.tags(runs.store(), runs.sight()), *chosen])),
        key=key,
        max_selections=MOST_TAGS,
        accept_new_options=True,
        placeholder=say("runs.list.tags_in"),
        on_change=lambda: write(list(st.session_state[key])),
    )


def _button(what: str, line: ListedRun, do: Callable[[], None]) -> None:
    icons = {"restore": "undo", "leave": "logout", "unstar": "star"}  # others are called as what they do
    st.button(
        say(f"runs.list.{what}"),
        key=f"runs.{what}.{line.name}",
        icon=f":material/{icons.get(what, what)}:",
        on_click=do,
    )


def _edit(name: str) -> None:
    st.session_state[EDITED] = None if st.session_state.get(EDITED) == name else name
    for what in ("title", "note"):
        st.session_state.pop(f"runs.{what}.{name}", None)


def _write(line: ListedRun) -> None:
    """Keep the title and the note as they stand in their fields."""
    assert line.row is not None
    before = line.row.entry
    fields = [st.session_state.get(f"runs.{what}.{line.name}") for what in ("title", "note")]
    if None in fields:  # its editor was closed in the same moment
        return
    title, note = map(str, fields)
    runs.store().describe(line.name, title=title, note=note)
    what = "titled" if title != before.title else "noted"
    take_back = partial(runs.store().describe, line.name, title=before.title, note=before.note)
    done(say(f"runs.list.done.{what}", title=line.title), take_back)


def _tag(line: ListedRun, tags: list[str]) -> None:
    assert line.row is not None
    before = line.row.entry.tagged
    try:
        runs.store().tag(line.name, tags)
    except ValueError as problem:
        st.session_state[REFUSED] = str(problem)
        return
    done(say("runs.list.done.tagged", title=line.title), partial(runs.store().tag, line.name, before))


def _star(line: ListedRun) -> None:
    assert line.row is not None
    is_starred = not line.row.entry.starred_at
    runs.store().star(line.name, is_starred=is_starred)
    what = "starred" if is_starred else "unstarred"
    done(
        say(f"runs.list.done.{what}", title=line.title),
        partial(runs.store().star, line.name, is_starred=not is_starred),
    )


def _archive(line: ListedRun, *, is_archived: bool) -> None:
    runs.store().archive(line.name, is_archived=is_archived)
    st.session_state[EDITED] = None
    what = "archived" if is_archived else "listed"
    done(
        say(f"runs.list.done.{what}", title=line.title),
        partial(runs.store().archive, line.name, is_archived=not is_archived),
    )


def _delete(line: ListedRun) -> None:
    runs.store().delete(line.name)
    st.session_state[EDITED] = None
    if line.state in UNDER_WAY:
        keep_engine()  # it ends the run
    what = "ended" if line.state in UNDER_WAY else "deleted"
    done(say(f"runs.list.done.{what}", title=line.title, days=DAYS_KEPT), partial(runs.store().restore, line.name))


def _leave(line: ListedRun) -> None:
    assert line.row is not None
    before = line.row
    leave(before)
    st.session_state[EDITED] = None
    done(say("runs.list.done.left", title=line.title), partial(_come_back, before))


def _come_back(row: Row) -> None:
    if visitor := visitors.now():
        runs.store().join(row.id, visitor.id, visitor.name)


def _share(line: ListedRun, key: str) -> None:
    is_shared = bool(st.session_state[key])
    runs.store().share(line.name, is_shared=is_shared)
    what = "shared" if is_shared else "unshared"
    done(
        say(f"runs.list.done.{what}", title=line.title), partial(runs.store().share, line.name, is_shared=not is_shared)
    )


def _restore(line: ListedRun) -> None:
    runs.store().restore(line.name)
    done(say("runs.list.done.listed", title=line.title), partial(runs.store().delete, line.name))


def _take_back() -> None:
    undo: Undo | None = st.session_state.pop(UNDO, None)
    if undo is not None:
        undo.take_back()
        st.session_state[EDITED] = None  # its fields hold what was taken back
        st.session_state[CHANGED] = True
