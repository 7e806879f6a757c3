"""Who may read what this process writes."""

from __future__ import annotations

import os

SHARED = "METRIC_LAB_SHARED"
PRIVATE = 0o077


def keep_to_owner() -> None:
    """Make every folder and file that is written from now on its owner's alone, unless METRIC_LAB_SHARED says that
    others of this machine or of a cluster share the store: then what the system grants is granted. Workers that this
    process starts do likewise."""
    if not os.environ.get(SHARED):
        os.umask(PRIVATE)
