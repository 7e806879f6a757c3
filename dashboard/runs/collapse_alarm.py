"""The collapse alarm on the page of a run: what has collapsed, the evidence, and forks with one click."""

from __future__ import annotations

import streamlit as st

from core.records.snapshot_record import SnapshotRecord
from core.runs.fork import fork
from core.runs.run_folder import Run
from core.runs.store import Row
from core.training.collapse import Cure, cures
from dashboard.core_words import plain_words, translated
from dashboard.lookups import admitted_data, runs
from dashboard.markdown import plain
from dashboard.runs.submit import check_is_there, submit
from dashboard.wording import joined, say

PROBLEM = "runs.alarm.problem"
FORKED = "runs.alarm.forked"  # until the settings beside the picture are those of the fork


def show(name: str, row: Row | None, snapshots: list[SnapshotRecord]) -> None:
    """The alarm of the last snapshot, if there is one; a recorded run offers no fork."""
    alarm = snapshots[-1].alarm if snapshots else None
    if not alarm:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small", key="running.alarm"):
        evidence = joined("clauses", map(translated, alarm.evidence))
        evidence = say("runs.alarm.evidence", evidence=evidence[0].upper() + evidence[1:])
        st.markdown(f":material/emergency_heat: **{translated(alarm.sentence)}** :small[{evidence}]")
        if row is not None:
            with st.popover(say("runs.alarm.fork"), icon=":material/call_split:"):
                _offer(name, alarm.kind)


def show_origin(run: Run) -> None:
    """What a fork started from; nothing for other runs."""
    origin = run.record().fork
    if origin:
        key = "runs.alarm.origin" if origin.step else "runs.alarm.origin_first"
        key = key if origin.cure else "runs.alarm.origin_strategy"
        st.caption(say(key, title=plain(origin.title), epoch=origin.epoch, cure=translated(origin.cure)))


def show_mathematics(name: str) -> None:
    """That a run was made by earlier mathematics, and what that changed; nothing for other runs."""
    earlier = runs.earlier_mathematics(name)
    if earlier:
        st.caption(say("runs.alarm.mathematics", earlier=earlier))


def _offer(name: str, kind: str) -> None:
    st.caption(say("runs.alarm.offer"))
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(plain_words(problem))
    for number, cure in enumerate(cures(kind, runs.run_of(name).experiment())):
        st.button(translated(cure.title), key=f"alarm.{number}", on_click=_fork, args=(name, cure), width="stretch")
        st.caption(translated(cure.why))


def _fork(name: str, cure: Cure) -> None:
    try:
        run = runs.run_of(name)
        data = run.experiment().dataset
        check_is_there(run.experiment())
        submit(lambda store: fork(store, run, cure.changes, cure.title, admitted_data.title_of(data)))
        st.session_state[FORKED] = True
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)
