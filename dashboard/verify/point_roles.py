"""What a reader says of the labels and groups of an archive: which points are junk, which distractors, which pairs
count."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.jobs.measure_roles import RoleWords
from dashboard.wording import say


def ask(on_change: Callable[[], None]) -> None:
    """Draw the fields for it."""
    for place, kind, example in zip(st.columns(2, gap="small"), ("junk", "distractors"), ("-1", "0"), strict=True):
        place.text_input(
            say(f"upload.roles.{kind}"),
            key=f"upload.{kind}",
            on_change=on_change,
            placeholder=example,
            help=say(f"upload.roles.{kind}_help"),
        )
    st.toggle(
        say("upload.roles.across"), key="upload.across", on_change=on_change, help=say("upload.roles.across_help")
    )


def asked() -> RoleWords:
    """What has been said."""
    junk, distractors = (
        [label.strip() for label in st.session_state.get(f"upload.{kind}", "").split(",") if label.strip()]
        for kind in ("junk", "distractors")
    )
    return RoleWords(junk, distractors, bool(st.session_state.get("upload.across")))
