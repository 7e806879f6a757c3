"""A link to the page as it stands in the browser, with a button that copies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components import v2

from dashboard.wording import say


def copy_link(
    label: str, *, key: str, adds: Mapping[str, str] | None = None, without: Sequence[str] = (), at: str = ""
) -> None:
    """A field with the address that the browser shows at this moment, with what `adds` says and without some settings,
    and a button that copies it. `label` names the field; `at` is the address of another page in place of this one.

    Browsers let a page write to the clipboard at addresses of https and of this machine alone: elsewhere the link is
    selected and copied as a reader would, and where that fails, too, it stays selected and the page says what to do.
    """
    words = {what: say(f"classroom.copy.{what}") for what in ("copy", "copied", "by_hand")}
    data = {"label": label, "adds": dict(adds or {}), "without": list(without), "at": at, "words": words}
    _component()(key=key, data=data)


@cache
def _component() -> Any:
    folder = Path(__file__).parent
    script, style = ((folder / f"copy_link.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    return v2.component("metric_lab.copy_link", js=script, css=style)
