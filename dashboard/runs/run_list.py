"""The list of runs behind one button on every page: choose a run, look for one. What else is done: run_editor.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice

import streamlit as st

from core.runs.entry import Entry
from core.runs.listing import Asked
from core.runs.states import UNDER_WAY
from core.runs.store import DAYS_KEPT, Row
from dashboard.components.page_end import guarded
from dashboard.entrance import visitors
from dashboard.lookups import listed_runs, runs
from dashboard.lookups.listed_runs import Group, ListedRun, ListedSweep
from dashboard.markdown import as_code, plain
from dashboard.runs import list_filters, sweep_editor, sweep_lines
from dashboard.runs.run_editor import CHANGED, editor, is_edited, menu, offer_undo
from dashboard.runs.submit import OF_ONE_RUN, show_refusal
from dashboard.settings import COMPARISON, RUN, RUNS
from dashboard.wording import joined, say

OPEN, LABEL, WORDS, GROUP, COUNT, LEAVING = (
    f"runs.{what}" for what in ("panel", "label", "words", "group", "count", "leaving")
)
LIST_HEIGHT = 300
LINES = 12  # at first, and as many more with each click
LOOK_SECONDS = 2.0  # while the list is open and one of its runs is under way
ICONS = {
    "queued": "hourglass_top",
    "interrupted": "hourglass_top",
    "running": "bolt",
    "pausing": "bolt",
    "stopping": "bolt",
    "paused": "pause_circle",
    "stopped": "stop_circle",
    "failed": "error",
    "finished": "check_circle",
    "recorded": "movie",
}
EMPTY = (Group.RUNNING, Group.BROUGHT, Group.ARCHIVED, Group.DELETED)  # of which it is said what would stand there


@dataclass(frozen=True)
class Choosing:
    """What a click on a line does, which lines are chosen, and which can be."""

    pick: Callable[[str], None]
    chosen: tuple[str, ...]
    offers: Callable[[Row], bool] = listed_runs.any_run
    """Which runs of the store are listed, of those that are not deleted."""
    closes: bool = True
    """Whether the list closes with a click on a line, as where one run is chosen."""
    page: str = ""
    """Where a run that was trained is shown, if not on this page."""


def choose_run(*, only_trained: bool = True) -> str:
    """The run that the page shows, chosen in the list and kept in the address, which names the newest one at first.

    Empty where there is none, and where the address names one that this page cannot show: see refusal.py.
    """
    titles = runs.choosable(only_trained=only_trained)
    newest = next(iter(titles), None)
    if newest is None:
        show()
        if RUN.text is None:
            st.info(say("runs.list.none_kept"))
        return ""
    RUN.keep_in_place(newest)
    name = RUN.text or ""
    title = titles.get(name)
    show(say("runs.list.choose_one") if title is None else title)
    return name if title is not None else ""


def choose_runs(most: int) -> list[str]:
    """Several runs, chosen in the list and kept in the address; at first the recorded lessons. One that is under way
    and has nothing to show yet can be among them."""
    choosable = runs.choosable()
    named = RUNS.value(runs.lessons_side_by_side())
    known = [name for name in dict.fromkeys(named) if _is_coming(runs.row_of(name)) or name in choosable]
    titles = runs.titles_of(known)
    if gone := [name for name in named if name not in titles]:
        shown = joined("things", (titles[name] for name in known[:most])) or say("runs.list.nothing")
        RUNS.refuse(say("runs.list.gone", names=joined("things", (name[:40] for name in gone))), shown)
    elif len(known) > most:
        RUNS.refuse(say("runs.list.too_many", most=most), joined("things", (titles[name] for name in known[:most])))
    chosen = known[:most]

    def add_or_take_out(name: str) -> None:
        others = [one for one in chosen if one != name]
        RUNS.keep(others if name in chosen else [*chosen, name][-most:])

    label = " | ".join(runs.differing_titles(chosen)) or say("runs.list.choose_several")

    def offers(row: Row) -> bool:
        return _is_coming(row) or choosable.has(row)

    _draw(label, Choosing(add_or_take_out, tuple(chosen), offers, closes=False))
    return chosen


def _is_coming(row: Row | None) -> bool:
    """Whether a training is under way, so that it has something to show by and by."""
    return row is not None and row.kind.is_trained and row.state in UNDER_WAY and not row.entry.deleted_at


def show(label: str = "", chosen: str = "", page: str = "") -> None:
    """The button with the list behind it; a click on a line has this page show that run, or the one that is named."""
    _draw(
        label or say("runs.list.button"),
        Choosing(partial(RUN.keep, without=OF_ONE_RUN), (chosen or RUN.text or "",), page=page),
    )


def _draw(label: str, choosing: Choosing) -> None:
    st.fragment(guarded(_panel))(label, choosing)


def _panel(label: str, choosing: Choosing) -> None:
    _let_the_page_follow()
    if not st.session_state.get(OPEN):  # with another label Streamlit makes another button of it, and closes the list
        st.session_state[LABEL] = label
    label = st.session_state.setdefault(LABEL, label)
    with st.popover(plain(label), icon=":material/list:", width="stretch", key=OPEN, on_change="rerun") as panel:
        if not panel.open:
            return
        st.text_input(
            say("runs.list.search"),
            key=WORDS,
            placeholder=say("runs.list.search_in"),
            icon=":material/search:",
            label_visibility="collapsed",
            on_change=_show_fewer,
        )
        groups = listed_runs.groups()
        if st.session_state.get(GROUP) not in groups:
            st.session_state[GROUP] = Group.ALL
        st.pills(
            say("runs.list.which"),
            groups,
            required=True,
            format_func=lambda group: say(f"runs.group.{group}"),
            key=GROUP,
            label_visibility="collapsed",
            on_change=_show_fewer,
        )
        list_filters.offer(_show_fewer)
        offer_undo()
        show_refusal()
        _say_who()
        is_moving = Group.RUNNING in groups
        st.fragment(guarded(_lines), run_every=LOOK_SECONDS if is_moving else None)(choosing)
        _offer_status()


def _say_who() -> None:
    """As whom somebody is here who has entered."""
    if visitor := visitors.now():
        st.caption(say("runs.list.teacher" if visitor.is_teacher else "runs.list.you", name=plain(visitor.name)))


def _offer_status() -> None:
    st.button(
        say("pages.status.title"),
        key="runs.status",
        icon=say("pages.status.icon"),
        type="tertiary",
        on_click=_go_to,
        args=("views/status.py",),
    )


def _lines(choosing: Choosing) -> None:
    _let_the_page_follow()
    group, words = st.session_state.get(GROUP, Group.ALL), st.session_state.get(WORDS, "")
    asked = listed_runs.asked_in(group, **list_filters.chosen(), words=words)
    most, found = st.session_state.get(COUNT, LINES), listed_runs.listed(group, asked, choosing.offers)
    lines, is_more = list(islice(found, most)), next(found, None) is not None
    if not lines:
        said = group if group in EMPTY else "found" if words or list_filters.is_narrowed() else "all"
        st.caption(say(f"runs.list.empty.{said}", days=DAYS_KEPT))
        return
    now = listed_runs.readers_now()
    with st.container(height=LIST_HEIGHT, border=False, gap="xxsmall", key="runs.lines"):
        for line in lines:
            if isinstance(line, ListedSweep):
                _sweep_line(line, choosing, asked, sweep_lines.in_words(line, now))
            else:
                _line(line, choosing, listed_runs.in_words(line, now))
        if is_more:
            st.button(say("runs.list.more", some=LINES), key="runs.more", type="tertiary", on_click=_show_more)


def _sweep_line(line: ListedSweep, choosing: Choosing, asked: Asked, words: str) -> None:
    is_open = sweep_lines.is_open(line)
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        with st.container(gap=None, width="stretch"):
            st.button(
                plain(line.sweep.title),
                key=f"runs.sweep.{line.sweep.id}",
                icon=f":material/{'keyboard_arrow_down' if is_open else 'keyboard_arrow_right'}:",
                type="tertiary",
                on_click=sweep_lines.open_or_close,
                args=(line.sweep.id,),
            )
            st.caption(words)
        sweep_editor.menu(line, asked.shelf)
    if sweep_editor.is_edited(line, asked.shelf):
        sweep_editor.editor(line, asked.shelf, _compare)
    if is_open:
        is_deleted = asked.shelf == "deleted"
        shown = [one for one in listed_runs.members(line.sweep, asked) if is_deleted or choosing.offers(one.row)]
        pick = None if is_deleted else partial(_pick_row, choosing)
        sweep_lines.show_runs(shown, pick, choosing.chosen, lambda state: ICONS.get(state, "circle"))


def _compare(sweep_id: str) -> None:
    COMPARISON.take_along(sweep_id, without=(RUNS,))
    _go_to("views/compare.py")


def _line(line: ListedRun, choosing: Choosing, words: str) -> None:
    is_deleted = line.row is not None and bool(line.row.entry.deleted_at)
    is_chosen = line.name in choosing.chosen
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        with st.container(gap=None, width="stretch"):
            st.button(
                f"**{plain(line.title)}**" if is_chosen else plain(line.title),
                key=f"runs.pick.{line.name}",
                icon=f":material/{'check' if is_chosen else ICONS.get(line.state, 'circle')}:",
                type="tertiary",
                disabled=is_deleted,
                on_click=_pick,
                args=(choosing, line),
            )
            st.caption(_below(line, words))
        menu(line)
    if is_edited(line):
        editor(line)


def _below(line: ListedRun, words: str) -> str:
    """What stands below the title: where it stands, whether it is starred, its tags, and the note."""
    entry = line.row.entry if line.row else Entry()
    star = f"{say('runs.list.starred')} " if entry.starred_at else ""
    tags = "".join(f" {as_code(tag)}" for tag in entry.tagged)
    return f"{star}{plain(words)}{tags}{f'  {chr(10)}{plain(line.note)}' if line.note else ''}"


def _pick_row(choosing: Choosing, row: Row) -> None:
    _pick(choosing, ListedRun(row.id, row.title, row))


def _pick(choosing: Choosing, line: ListedRun) -> None:
    st.session_state[CHANGED] = True
    if not choosing.closes:
        choosing.pick(line.name)
        return
    st.session_state[OPEN] = False
    is_trained = line.row is None or line.row.kind.is_trained
    page = choosing.page if is_trained else "views/verify.py"  # which alone shows what was brought
    if page:
        RUN.take_along(line.name)
        st.session_state[LEAVING] = page
    else:
        choosing.pick(line.name)


def _go_to(page: str) -> None:
    st.session_state[OPEN] = False
    st.session_state[LEAVING] = page


def _let_the_page_follow() -> None:
    """After what was done in here, of which Streamlit tells the list alone."""
    if page := st.session_state.pop(LEAVING, ""):
        st.session_state.pop(CHANGED, None)
        st.switch_page(page)
    if st.session_state.pop(CHANGED, False):
        st.rerun()


def _show_more() -> None:
    st.session_state[COUNT] = st.session_state.get(COUNT, LINES) + LINES


def _show_fewer() -> None:
    st.session_state[COUNT] = LINES
