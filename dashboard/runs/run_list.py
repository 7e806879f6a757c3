"""The list of runs behind one button on every page: choose a run, look for one. What else is done: run_editor.py."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.runs.states import UNDER_WAY
from core.runs.store import DAYS_KEPT
from dashboard.components.page_end import guarded
from dashboard.entrance import visitors
from dashboard.lookups import listed_runs, runs
from dashboard.lookups.listed_runs import Group, ListedRun
from dashboard.markdown import plain
from dashboard.runs.run_editor import CHANGED, editor, is_edited, menu, offer_undo
from dashboard.runs.submit import OF_ONE_RUN
from dashboard.settings import RUN, RUNS
from dashboard.wording import say

OPEN, LABEL, WORDS, GROUP, COUNT, LEAVING = (
    f"runs.{what}" for what in ("panel", "label", "words", "group", "count", "leaving")
)
LIST_HEIGHT = 300
LINES = 15  # at first, and as many more with each click
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
    offered: Collection[str] | None = None
    """Only these are listed; all of them where it is None."""
    closes: bool = True
    """Whether the list closes with a click on a line, as where one run is chosen."""
    page: str = ""
    """Where a run that was trained is shown, if not on this page."""

    def listed(self) -> list[ListedRun]:
        """The lines that can be chosen, or all of them."""
        return [line for line in listed_runs.listed() if self.offered is None or line.name in self.offered]


def choose_run(*, only_trained: bool = True) -> str:
    """The run that the page shows, chosen in the list and kept in the address, which names the newest one at first.

    Empty where there is none, and where the address names one that this page cannot show: see refusal.py.
    """
    titles = runs.choosable(only_trained=only_trained)
    if not titles:
        show()
        if RUN.text is None:
            st.info(say("runs.list.none_kept"))
        return ""
    RUN.keep_in_place(next(iter(titles)))
    name = RUN.text or ""
    show(titles.get(name, say("runs.list.choose_one")))
    return name if name in titles else ""


def choose_runs(most: int) -> list[str]:
    """Several runs, chosen in the list and kept in the address; at first the recorded lessons. One that is under way
    and has nothing to show yet can be among them."""
    titles = _coming() | runs.choosable()
    named = RUNS.value(runs.lessons())
    known = [name for name in dict.fromkeys(named) if name in titles]
    if gone := [name for name in named if name not in titles]:
        shown = ", ".join(titles[name] for name in known[:most]) or say("runs.list.nothing")
        RUNS.refuse(say("runs.list.gone", names=", ".join(name[:40] for name in gone)), shown)
    elif len(known) > most:
        RUNS.refuse(say("runs.list.too_many", most=most), ", ".join(titles[name] for name in known[:most]))
    chosen = known[:most]

    def add_or_take_out(name: str) -> None:
        others = [one for one in chosen if one != name]
        RUNS.keep(others if name in chosen else [*chosen, name][-most:])

    label = " | ".join(runs.differing_titles(chosen)) or say("runs.list.choose_several")
    _draw(label, Choosing(add_or_take_out, tuple(chosen), tuple(titles), closes=False))
    return chosen


def _coming() -> dict[str, str]:
    rows = [row for row in runs.rows() if row.kind.is_trained and row.state in UNDER_WAY]
    return {row.id: row.title for row in rows}


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
        lines = choosing.listed()
        st.text_input(
            say("runs.list.search"),
            key=WORDS,
            placeholder=say("runs.list.search_in"),
            icon=":material/search:",
            label_visibility="collapsed",
            on_change=_show_fewer,
        )
        groups = [group for group in Group if group is Group.ALL or any(line.is_in(group) for line in lines)]
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
        offer_undo()
        _say_who()
        is_moving = any(line.state in UNDER_WAY for line in lines)
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
    group = st.session_state.get(GROUP, Group.ALL)
    lines = listed_runs.asked_for(choosing.listed(), group, st.session_state.get(WORDS, ""))
    if not lines:
        said = group if group in EMPTY else "found" if st.session_state.get(WORDS) else "all"
        st.caption(say(f"runs.list.empty.{said}", days=DAYS_KEPT))
        return
    count, now = st.session_state.get(COUNT, LINES), listed_runs.readers_now()
    with st.container(height=LIST_HEIGHT, border=False, gap="xxsmall", key="runs.lines"):
        for line in lines[:count]:
            _line(line, choosing, listed_runs.in_words(line, now))
        if len(lines) > count:
            st.button(
                say("runs.list.more", some=min(LINES, len(lines) - count), all=len(lines)),
                key="runs.more",
                type="tertiary",
                on_click=_show_more,
            )


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
            st.caption(f"{plain(words)}{f'  {chr(10)}{plain(line.note)}' if line.note else ''}")
        menu(line)
    if is_edited(line):
        editor(line)


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
