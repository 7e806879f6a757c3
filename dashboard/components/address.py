"""The address of the page, changed in its place: with no entry in the browser's history, where Streamlit makes one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components import v2


def name_in_place(query: str, *, before: str, key: str, page: str = "") -> None:
    """Have an address that says `before` say this, by an element that shows nothing. `page` is the last part of its
    path: the address of another page stays as it is."""
    _component()(key=key, data={"query": query, "before": before, "page": page}, height=1)


@cache
def _component() -> Any:
    script = Path(__file__).with_name("address.js").read_text(encoding="utf-8")
    return v2.component("metric_lab.address", js=script, isolate_styles=False)
