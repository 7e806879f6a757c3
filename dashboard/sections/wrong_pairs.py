"""The pairs that a threshold judges wrongly, as images."""

from __future__ import annotations

import streamlit as st

from dashboard import verifying
from dashboard.verifying import Chosen

TITLE = "Wrong pairs"
ORDERS = ("Nearest to the line", "Worst first")
KINDS = (
    (False, "**False accepts**: different classes, let in", "No impostor pair is let in."),
    (True, "**False rejects**: same class, refused", "No genuine pair is refused."),
)


def show(chosen: Chosen) -> None:
    order = st.segmented_control(
        "Order", ORDERS, default=ORDERS[0], required=True, key="verify.order", label_visibility="collapsed"
    )
    for is_same, title, empty in KINDS:
        st.markdown(title)
        pairs = verifying.wrong_pairs(
            chosen.name,
            chosen.step,
            chosen.told.threshold,
            is_same,
            protocol=chosen.told.protocol,
            worst_first=order == ORDERS[1],
        )
        with st.container(horizontal=True, gap="xsmall"):
            for pair in pairs:
                if pair.image:
                    st.image(pair.image, pair.caption, width=pair.width, alt=pair.caption)
                else:
                    st.container(border=True, width="content").caption(pair.caption)
        if not pairs:
            st.caption(empty)
