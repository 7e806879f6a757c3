"""The pairs that a threshold judges wrongly, as images."""

from __future__ import annotations

import streamlit as st

from core.jobs.withdraw_samples import take_out
from dashboard.lookups import runs, wrong_pairs
from dashboard.runs.submit import submit
from dashboard.settings import ORDER, RUN
from dashboard.verify.chosen import Chosen
from dashboard.verify.sentences import share_in_words

TITLE = "Wrong pairs"
WORST = "worst"
ORDERS = {"nearest": "Nearest to the line", WORST: "Worst first"}
KINDS = (
    (False, "**False accepts**: different classes, let in", "No impostor pair is let in."),
    (True, "**False rejects**: same class, refused", "No genuine pair is refused."),
)


def show(chosen: Chosen) -> None:
    """Draw the pairs on the wrong side of the threshold with their images."""
    order = st.segmented_control(
        "Order",
        ORDERS,
        required=True,
        format_func=ORDERS.__getitem__,
        label_visibility="collapsed",
        **ORDER.widget(ORDER.among(list(ORDERS), shown=ORDERS.__getitem__)),
    )
    if sentence := share_in_words(chosen):
        st.caption(sentence)
    shown: dict[int, None] = {}
    for is_same, title, empty in KINDS:
        st.markdown(title)
        pairs = wrong_pairs.wrong_pairs(
            chosen.name,
            chosen.step,
            chosen.outcome.threshold,
            is_same,
            protocol=chosen.outcome.protocol,
            worst_first=order == WORST,
        )
        with st.container(horizontal=True, gap="xsmall"):
            for pair in pairs:
                if pair.image:
                    st.image(pair.image, pair.caption, width=pair.width, alt=pair.caption)
                else:
                    st.container(border=True, width="content").caption(pair.caption)
        if not pairs:
            st.caption(empty)
        shown |= dict.fromkeys(row for pair in pairs for row in pair.rows)
    if not runs.is_of_pairs(chosen.name):
        _offer_to_take_out(chosen, list(shown))


def _offer_to_take_out(chosen: Chosen, rows: list[int]) -> None:
    """Samples whose label is wrong are left out of a new measurement; the run with them stays."""
    labels, names = runs.labels(chosen.name), runs.class_names(chosen.name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        wrong = st.multiselect(
            "Labels that are wrong",
            rows,
            format_func=lambda row: f"{names[labels[row]]}, row {row:,}",
            key=f"verify.wrong.{chosen.name}",
            placeholder="Samples of the pairs above whose label is wrong",
            label_visibility="collapsed",
        )
        st.button(
            "Measure without them",
            icon=":material/person_remove:",
            on_click=_take_out,
            args=(chosen.name, chosen.step, wrong),
            disabled=not wrong,
        )
        without = runs.record(chosen.name).without
        if without:
            st.button(f"Put {len(without.rows)} back", icon=":material/undo:", on_click=RUN.keep, args=(without.run,))
    if "verify.problem" in st.session_state:
        st.error(st.session_state["verify.problem"])


def _take_out(name: str, step: int, rows: list[int]) -> None:
    st.session_state.pop("verify.problem", None)
    try:
        submit(lambda store: take_out(store, name, runs.run_of(name), step, rows))
    except ValueError as problem:
        st.session_state["verify.problem"] = str(problem)
