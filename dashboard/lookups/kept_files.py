"""What other processes have measured and kept in files, each read once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import streamlit as st

Value = TypeVar("Value")


def found(path: str, read: Callable[[Path], Value | None]) -> Value | None:
    """What `read`, a function of a module, makes of a file; None where there is none, and where it is damaged: that may
    be made anew, and is read again then."""
    if not Path(path).exists():
        return None
    kind = f"{read.__module__}.{read.__qualname__}"
    if (value := _read(kind, path, read)) is None:
        _read.clear(kind, path, read)
    return value


@st.cache_resource(max_entries=2000, show_spinner=False)
def _read(kind: str, path: str, _how: Callable[[Path], Value | None]) -> Value | None:
    return _how(Path(path))
