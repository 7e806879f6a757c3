"""Parts of a page that are not shown and cannot be reached by keyboard, by a style sheet of their keys."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

KEY = re.compile(r"[A-Za-z_.-]+\*?")


def leave_out(keys: Sequence[str]) -> None:
    """Show none of these containers and widgets, by their keys; one that ends with a star stands for all that begin so.

    Raises ValueError for what is no key: nothing else comes into the style sheet.
    """
    if wrong := [key for key in keys if not KEY.fullmatch(key)]:
        raise ValueError(f"a hidden part must be named by a key, got {wrong[0][:40]!r}. Name it in the table.")
    if keys:
        st.html(f"<style>{', '.join(map(_selector, keys))} {{ display: none }}</style>")


def _selector(key: str) -> str:
    name = f"st-key-{key.removesuffix('*').replace('.', '-')}"
    return f'[class*="{name}"]' if key.endswith("*") else f".{name}.{name}"
