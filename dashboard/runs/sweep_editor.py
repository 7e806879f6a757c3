"""What readers do to a sweep in the list of runs: open it on Compare, steer it, tag, star, archive and delete all of
its runs, and take that back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.runs.entry import written_tags
from core.runs.listing import SHELVES
from core.runs.states import UNDER_WAY
from core.runs.store import DAYS_KEPT, Row
from core.runs.sweeps import parts
from dashboard.entrance.rights import is_one_of_several, may_steer
from dashboard.lookups import runs
from dashboard.lookups.disk_use import size_in_words
from dashboard.lookups.listed_runs import ListedSweep
from dashboard.runs import sweep_steering
from dashboard.runs.run_editor import EDITED, choose_tags, done
from dashboard.runs.submit import REFUSED, keep_engine, leave
from dashboard.wording import count, say

ICONS = {
    "restore": "undo",
    "compare": "splitscreen_right",
    "unstar": "star",
    "delete_all": "delete",
    "keep": "close",
}  # others are called as what they do
GOING = "runs.sweep.going"  # the sweep of which it is asked whether it goes


def menu(line: ListedSweep, shelf: str) -> None:
    """The button of a line that opens its editor; of what is deleted the one that lists it again."""
    if shelf == "deleted":
        _button("restore", line, partial(_restore, line))
        return
    st.button(
        "",
        icon=":material/more_vert:",
        key=f"runs.edit.{line.sweep.id}",
        help=say("runs.sweep.menu"),
        type="tertiary",
        on_click=_edit,
        args=(line.sweep.id,),
    )


def is_edited(line: ListedSweep, shelf: str) -> bool:
    """Whether its editor is open."""
    return shelf != "deleted" and st.session_state.get(EDITED) == line.sweep.id


def editor(line: ListedSweep, shelf: str, compare: Callable[[str], None]) -> None:
    """All that one can do with it, below its line; `compare` opens it on Compare."""
    own = _own(line, shelf)
    with st.container(border=True, gap="xsmall", key="runs.sweep.editor"):
        with st.container(horizontal=True, gap="xsmall"):
            _button("compare", line, partial(compare, line.sweep.id), kind="primary")
            sweep_steering.offer(line.sweep.id, "runs.sweep")
        if not own:
            return
        shared = set.intersection(*(set(row.entry.tagged) for row in own))
        tags = [tag for tag in own[0].entry.tagged if tag in shared]
        choose_tags(f"runs.tags.{line.sweep.id}", tags, partial(_tag, own, shared))
        with st.container(horizontal=True, gap="xsmall"):
            is_starred = all(row.entry.starred_at for row in own)
            _button("unstar" if is_starred else "star", line, partial(_star, own, is_starred=not is_starred))
            what = "unarchive" if shelf == "archived" else "archive"
            _button(what, line, partial(_archive, own, is_archived=shelf != "archived"))
            if st.session_state.get(GOING) != line.sweep.id:
                _button("delete", line, partial(_ask_whether, line.sweep.id))
        if st.session_state.get(GOING) == line.sweep.id:
            _confirm(line, own)


def _confirm(line: ListedSweep, own: Sequence[Row]) -> None:
    """How many runs go, and how large they are, before they do."""
    size = size_in_words(sum(max(row.size, 0) for row in own))
    st.markdown(count("runs.sweep.going", len(own), size=size, days=DAYS_KEPT))
    with st.container(horizontal=True, gap="xsmall"):
        _button("delete_all", line, partial(_delete, line.sweep.id, own), kind="primary")
        _button("keep", line, partial(_ask_whether, ""))


def _own(line: ListedSweep, shelf: str) -> list[Row]:
    """Its runs on a shelf that who asks may steer."""
    return [part.row for part in parts(runs.store(), line.sweep.id, SHELVES[shelf]) if may_steer(part.row)]


def _button(what: str, line: ListedSweep, do: Callable[[], None], kind: str = "secondary") -> None:
    st.button(
        say(f"runs.list.{what}"),
        key=f"runs.{what}.{line.sweep.id}",
        icon=f":material/{ICONS.get(what, what)}:",
        type="primary" if kind == "primary" else "secondary",
        on_click=do,
    )


def _edit(sweep_id: str) -> None:
    st.session_state[EDITED] = None if st.session_state.get(EDITED) == sweep_id else sweep_id
    st.session_state[GOING] = ""


def _ask_whether(sweep_id: str) -> None:
    st.session_state[GOING] = sweep_id


def _tag(own: Sequence[Row], shared: set[str], tags: list[str]) -> None:
    """What all bore and is left out goes; what single runs bear stays."""
    before = {row.id: row.entry.tagged for row in own}
    try:
        for row in own:
            kept = [tag for tag in row.entry.tagged if tag not in shared or tag in tags]
            runs.store().tag(row.id, [*kept, *tags])
    except ValueError as problem:
        st.session_state[REFUSED] = str(problem)
        return
    done(count("runs.sweep.done.tagged", len(own)), partial(_tag_as_before, before))


def _tag_as_before(before: dict[str, tuple[str, ...]]) -> None:
    for run_id, tags in before.items():
        runs.store().write_all([run_id], tags=written_tags(tags))


def _star(own: Sequence[Row], *, is_starred: bool) -> None:
    changed = [row.id for row in own if bool(row.entry.starred_at) is not is_starred]
    _write(changed, starred_at=_now() if is_starred else "")
    what = "starred" if is_starred else "unstarred"
    take_back = partial(_write, changed, starred_at="" if is_starred else _now())
    done(count(f"runs.sweep.done.{what}", len(changed)), take_back)


def _archive(own: Sequence[Row], *, is_archived: bool) -> None:
    ids = [row.id for row in own]
    _write(ids, archived_at=_now() if is_archived else "")
    st.session_state[EDITED] = None
    what = "archived" if is_archived else "listed"
    done(count(f"runs.sweep.done.{what}", len(ids)), partial(_write, ids, archived_at="" if is_archived else _now()))


def _delete(sweep_id: str, own: Sequence[Row]) -> None:
    """What others have asked for as well is left to them; no more of it is asked for."""
    sweep_steering.no_longer_asked_for(sweep_id)
    shared = [row for row in own if is_one_of_several(row)]
    gone = [row.id for row in own if row not in shared]
    for row in shared:
        leave(row)
    runs.store().delete_all(gone)
    if any(row.state in UNDER_WAY for row in own):
        keep_engine()  # it ends the runs
    st.session_state[EDITED] = None
    st.session_state[GOING] = ""
    done(count("runs.sweep.done.deleted", len(own), days=DAYS_KEPT), partial(_write, gone, deleted_at=""))


def _restore(line: ListedSweep) -> None:
    ids = [row.id for row in _own(line, "deleted")]
    _write(ids, deleted_at="")
    done(count("runs.sweep.done.listed", len(ids)), partial(runs.store().delete_all, ids))


def _write(ids: Sequence[str], **changes: str) -> None:
    runs.store().write_all(ids, **changes)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
