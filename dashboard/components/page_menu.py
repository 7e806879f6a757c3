"""The menu of pages, which Streamlit lays over the page in a narrow window, closed by what is chosen in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components import v2


def close_on_choice() -> None:
    """Have the menu close, by an element that shows nothing."""
    _component()(key="page-menu", data={}, height=1)


@cache
def _component() -> Any:
    script = Path(__file__).with_name("page_menu.js").read_text(encoding="utf-8")
    return v2.component("metric_lab.page_menu", js=script, isolate_styles=False)
