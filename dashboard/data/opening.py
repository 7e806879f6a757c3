"""What a set is used for from its card: training on it, looking at its vectors as they are, and the trainings that
stand on it already."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.admission.data_removal import runs_on
from core.distances import DISTANCES
from core.jobs.measure_admitted import admitted_upload
from core.jobs.measure_embeddings import keep
from dashboard.core_words import named, plain_words
from dashboard.entrance.rights import may_see
from dashboard.lookups import admitted_data, runs
from dashboard.lookups.admitted_data import ListedSet
from dashboard.markdown import plain
from dashboard.runs import submit
from dashboard.settings import DATA, RUN
from dashboard.wording import say

TRAIN, VERIFY, EXPLORE = "views/train.py", "views/verify.py", "views/explore.py"
POPOVER, LEAVING, PROBLEM = (f"data.{what}" for what in ("popover", "leaving", "open.problem"))
DISTANCE = "data.distance"
MOST_RUNS = 3


def let_the_page_follow() -> None:
    """Go where a click in the panel leads, once it is no longer drawn."""
    page, run = st.session_state.pop(LEAVING, ("", ""))
    if run:
        RUN.take_along(run)
    if page:
        st.switch_page(page)


def offer(one: ListedSet, page: str, train: Callable[[str], None] | None) -> None:
    """Buttons for the set; what the page is for comes first. `train` sets up the page for training where it is that."""
    is_vectors, trains = one.card.kind == "vectors", page == TRAIN
    if trains or not is_vectors:
        _offer_training(one, train, is_first=True)
    if is_vectors:
        st.selectbox(
            say("data.open.distance"),
            list(DISTANCES),
            format_func=lambda kind: named(DISTANCES[kind].title),
            key=DISTANCE,
            width=150,
        )
        where = VERIFY if trains else page
        st.button(
            say("data.open.explore" if where == EXPLORE else "data.open.verify"),
            type="secondary" if trains else "primary",
            key="data.open",
            on_click=_open_vectors,
            args=(one.card.id, where, where != page),
        )
        if not trains:
            _offer_training(one, train, is_first=False)


def offer_runs(data_id: str) -> None:
    """The trainings on a set that can be shown, the newest first, each with a button that opens it on this page."""
    can_be_shown = runs.choosable()
    shown = [name for name in trained_on(data_id) if name in can_be_shown]
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(plain_words(problem))
    if not shown:
        return
    titles = runs.titles_of(shown[:MOST_RUNS])
    with st.container(gap=None, key="data.runs"):
        st.caption(say("data.open.runs"))
        for name in shown[:MOST_RUNS]:
            st.button(
                plain(titles[name]),
                key=f"data.run.{name}",
                icon=":material/scatter_plot:",
                type="tertiary",
                on_click=_open_run,
                args=(name,),
            )
        if len(shown) > MOST_RUNS:
            st.caption(say("data.open.more", count=len(shown) - MOST_RUNS))


def trained_on(data_id: str) -> list[str]:
    """The ids of the trainings on a set that who asks may see and that are not deleted."""
    return [row.id for row in runs_on(runs.store(), data_id) if may_see(row) and not row.entry.deleted_at]


def _offer_training(one: ListedSet, train: Callable[[str], None] | None, *, is_first: bool) -> None:
    st.button(
        say("data.panel.use"),
        type="primary" if is_first else "secondary",
        key="data.use",
        on_click=train or _go_and_train,
        args=(one.card.id,),
    )


def _go_and_train(data_id: str) -> None:
    """To the page Train, which does not show what was measured as it is."""
    row = runs.row_of(RUN.text or "")
    if row is not None and not row.kind.is_trained:
        RUN.keep(None, without=submit.OF_ONE_RUN)
    st.session_state[POPOVER] = False
    DATA.take_along(data_id)
    st.session_state[LEAVING] = TRAIN, ""


def _open_run(name: str) -> None:
    st.session_state[POPOVER] = False
    RUN.keep(name, without=submit.OF_ONE_RUN)


def _open_vectors(data_id: str, page: str, leaves: bool) -> None:
    """Have the vectors measured as they are, and show them; or keep why that cannot be."""
    card = admitted_data.card_of(data_id)
    if card is None:
        return
    try:
        distance = DISTANCES[st.session_state[DISTANCE]]()
        upload = admitted_upload(data_id, card.title, distance)
        row = submit.asked(lambda store: keep(store, upload))
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)
        return
    st.session_state[POPOVER] = False
    if leaves:
        st.session_state[LEAVING] = page, row.id
    else:
        RUN.keep(row.id, without=submit.OF_OTHER_DATA)
