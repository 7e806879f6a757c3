"""Files that no server is sent, because they are too large, several at once, or a folder: told to the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import streamlit as st
from streamlit.components import v2


class FileRefusal(NamedTuple):
    """Why, the name and the size of the first file, and how many there were."""

    why: Literal["folder", "several", "large"]
    name: str
    bytes: int
    count: int


def tell_of_refusals(key: str, most: int, take: Callable[[FileRefusal], None]) -> None:
    """Refuse what is dropped on or chosen for any uploader of the page and is above `most` bytes, or not one file, by
    an element that shows nothing."""

    def tell() -> None:
        if told := st.session_state[key].get("refused"):
            take(FileRefusal(told["why"], str(told["name"]), int(told["bytes"]), int(told["count"])))

    _component()(key=key, data={"most": most}, height=1, on_refused_change=tell)


@cache
def _component() -> Any:
    script = Path(__file__).with_name("file_refusal.js").read_text(encoding="utf-8")
    return v2.component("metric_lab.file_refusal", js=script, isolate_styles=False)
