"""Memory that a process has freed and still holds."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Hand back to the system what this process has freed, where its C library can be asked to (glibc)."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if trim := getattr(library, "malloc_trim", None):
        trim(0)
