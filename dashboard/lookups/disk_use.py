"""What the store takes of its disk."""

from __future__ import annotations

import os

import streamlit as st


@st.cache_data(ttl=30, max_entries=4, show_spinner=False)
def bytes_used(root: str) -> int:
    """All files below the folder; those that go meanwhile count nothing."""
    return sum(_size(os.path.join(folder, name)) for folder, _, names in os.walk(root) for name in names)


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0
