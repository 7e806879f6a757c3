"""Whether processes of this machine can share locks, which the engine and its workers do."""

from __future__ import annotations

import multiprocessing


def check_shared_memory() -> None:
    """Raise ValueError where they cannot: workers would be started for ever, and no run would begin."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return
    try:
        multiprocessing.get_context("fork").Lock()  # of this kind nothing is left behind
    except OSError as problem:
        raise ValueError(
            f"/dev/shm must be a folder that can be written, got {problem}. Mount it; a container has it unless it is "
            "started with another --ipc or --tmpfs."
        ) from None
