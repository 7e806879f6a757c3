"""How much memory this process may take; said once, as several kinds of processes limit themselves."""

from __future__ import annotations


def limit_memory(most: int, *, maps_count: bool = False) -> None:
    """So many bytes of its own, and no core of it on the disk where it ends; where the system knows such limits.

    What counts is the data of the process (RLIMIT_DATA), rather than its addresses: large sets are mapped from the
    disk, and take no memory that the system could not take back. Where `maps_count`, all addresses do (RLIMIT_AS).
    """
    try:
        import resource
    except ImportError:
        return
    for what, much in ((resource.RLIMIT_AS if maps_count else resource.RLIMIT_DATA, most), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        much = much if hard == resource.RLIM_INFINITY else min(much, hard)
        resource.setrlimit(what, (much, much))
