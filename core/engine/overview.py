"""What the engine of a store and its processes are doing, for whoever looks after the machine."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.engine.process import compiling_workers, cores, is_alive, ready_workers


@dataclass(frozen=True)
class Overview:
    """`process` is None where no engine is there, which is so while nobody asks for anything."""

    process: int | None
    slots: int
    ready: int
    compiling: tuple[str, ...]
    memory: dict[str, int]
    """Bytes of the engine and of what it has started, by what these are and their process ids."""


def slots_of(root: Path) -> int:
    """How many runs train at a time: in the engine that was started last, or in one that would be started here."""
    try:
        return max(int(json.loads((root / "engine" / "process.json").read_text())["slots"]), 1)
    except (OSError, ValueError, LookupError, TypeError):
        return int(os.environ.get("METRIC_LAB_SLOTS") or cores())


def overview(root: Path) -> Overview:
    """What is there now; ends that come meanwhile leave their part out."""
    started: dict[str, int] = {}
    try:
        started = json.loads((root / "engine" / "process.json").read_text())
    except (OSError, ValueError):
        pass
    if not is_alive(root) or "process" not in started:
        return Overview(None, started.get("slots", 0), 0, (), {})
    process = started["process"]
    ready, compiling = ready_workers(root) or 0, tuple(compiling_workers(root))
    return Overview(process, started.get("slots", 0), ready, compiling, _memory(process))


def _memory(process: int) -> dict[str, int]:
    found: dict[str, int] = {}
    try:
        engine = psutil.Process(process)
        for one in [engine, *engine.children(recursive=True)]:
            name = "engine" if one.pid == process else "worker"
            # Python's own helpers hold next to nothing.
            if name == "engine" or "spawn_main" in " ".join(one.cmdline()):
                found[f"{name} {one.pid}"] = one.memory_info().rss
    except psutil.Error:
        pass
    return found
