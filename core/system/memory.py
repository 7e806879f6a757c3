"""Memory that a process has freed and still holds, where its C library is glibc; elsewhere nothing happens here."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

LARGE = 32 * 1024  # bytes: what a figure, an answer or a list of a long run takes while it is made
THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h


def give_back() -> None:
    """Hand back to the system what this process has freed."""
    if trim := _in_libc("malloc_trim"):
        trim(0)


def give_large_back_at_once() -> None:
    """Have every large piece of memory handed back as soon as it is freed.

    Of itself glibc does so only until one has been freed: from then on it cuts pieces up to that size, at most
    32 MiB, out of the heaps of its threads, and what lives on behind such a piece holds the hole that it leaves.
    """
    if choose := _in_libc("mallopt"):
        choose(THRESHOLD, LARGE)


def _in_libc(name: str) -> Callable[..., int] | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return getattr(library, name, None)
