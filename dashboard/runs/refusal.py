"""Why the run that an address names is not shown, in one sentence, and the runs that can be shown instead."""

from __future__ import annotations

from itertools import islice

import streamlit as st

from core.records.kinds import Kind
from core.runs.states import UNDER_WAY
from core.runs.store import Row
from dashboard.components.page_end import guarded
from dashboard.entrance.rights import may_steer
from dashboard.lookups import runs
from dashboard.lookups.runs import state_in_words
from dashboard.markdown import plain
from dashboard.runs.submit import keep_engine
from dashboard.settings import FRAME, RUN
from dashboard.wording import say

MOST_OFFERED = 3
LOOK_SECONDS = 1.0


def show(*, only_trained: bool = True) -> None:
    """Say it, and offer; where the run is about to have something to show, look again."""
    name = RUN.text or ""
    row = runs.row_of(name)
    is_deleted = row is not None and bool(row.entry.deleted_at)
    if row is not None and row.kind.is_trained and row.state in UNDER_WAY and not is_deleted:
        st.fragment(guarded(_wait), run_every=LOOK_SECONDS)(name)
        st.page_link("views/train.py", label=say("runs.refusal.watch"), icon=":material/model_training:")
        return
    st.info(reason(name, row, only_trained=only_trained), icon=":material/help:")
    titles = runs.choosable(only_trained=only_trained)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if is_deleted and row is not None and may_steer(row):
            st.button(say("runs.refusal.restore"), icon=":material/undo:", on_click=_restore, args=(name,))
        elif row is not None and not row.kind.is_trained and only_trained:
            st.page_link("views/verify.py", label=say("runs.refusal.verify"), icon=":material/rule:")
        for number, other in enumerate(islice(titles, MOST_OFFERED)):
            st.button(
                titles[other], key=f"refusal.{number}", on_click=RUN.keep, args=(other,), kwargs={"without": (FRAME,)}
            )


def reason(name: str, row: Row | None, *, only_trained: bool) -> str:
    """One sentence, and what one can do."""
    if row is None:
        return say("runs.refusal.unknown", name=plain(name[:80]))
    title = plain(row.title)
    if row.entry.deleted_at:
        return say("runs.refusal.deleted", title=title)
    if row.kind is Kind.NEWER:
        return say("runs.refusal.newer", title=title)
    if only_trained and not row.kind.is_trained:
        return say("runs.refusal.brought", title=title)
    if row.state == "finished" or row.epoch:
        return say("runs.refusal.gone", title=title)
    return say("runs.refusal.resting", title=title, state=state_in_words(row))


def _wait(name: str) -> None:
    row, run = runs.row_of(name), runs.find_run(name)
    if row is None or row.state not in UNDER_WAY or (run is not None and run.snapshots()):
        st.rerun()
    keep_engine()
    st.markdown(say("runs.refusal.coming", title=plain(row.title), state=state_in_words(row)))


def _restore(name: str) -> None:
    runs.store().restore(name)
