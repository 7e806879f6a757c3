"""What the store takes of its disk."""

from __future__ import annotations

import os

import streamlit as st

from dashboard.wording import say


@st.cache_data(ttl=30, max_entries=4, show_spinner=False)
def bytes_used(root: str) -> int:
    """All files below the folder; those that go meanwhile count nothing."""
    return sum(_size(os.path.join(folder, name)) for folder, _, names in os.walk(root) for name in names)


def size_in_words(count: int) -> str:
    """Bytes, as one says them."""
    if count >= 1e9:
        return say("runs.size.gigabytes", size=count / 1e9)
    return say("runs.size.megabytes" if count >= 1e7 else "runs.size.small", size=count / 1e6)


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0
