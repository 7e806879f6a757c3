"""The language that the browser takes the page to be in: a voice that reads it, hyphens and fonts go by that."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components import v2


def tell(language: str) -> None:
    """Have the page say so, by an element that shows nothing."""
    _component()(key="page-language", data={"language": language}, height=1)


@cache
def _component() -> Any:
    script = Path(__file__).with_name("page_language.js").read_text(encoding="utf-8")
    return v2.component("metric_lab.page_language", js=script, isolate_styles=False)
