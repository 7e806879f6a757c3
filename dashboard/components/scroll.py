"""What a click elsewhere on the page has changed, brought into view."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.components import v2


def bring_into_view(key: str) -> None:
    """In a callback: have the container with this key be seen, which `follow` names on every run of its page."""
    st.session_state[_number(key)] = st.session_state.get(_number(key), 0) + 1


def follow(key: str, *, at: Literal["nearest", "start"] = "nearest") -> None:
    """Have the browser go there once for each click that asked for it, by an element that shows nothing: as little as
    shows it, or so far that it begins at the top."""
    data = {"key": key, "number": st.session_state.get(_number(key), 0), "at": at}
    _component()(key=f"scroll.{key}", data=data, height=1)


def _number(key: str) -> str:
    return f"scroll.number.{key}"


@cache
def _component() -> Any:
    script = Path(__file__).with_name("scroll.js").read_text(encoding="utf-8")
    return v2.component("metric_lab.scroll", js=script, isolate_styles=False)
