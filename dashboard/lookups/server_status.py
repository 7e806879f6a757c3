"""How the server does: whether it can work at all, and what it works on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
import streamlit as st

from core.engine.overview import Overview, overview
from core.runs.states import ACTIVE
from core.runs.store import Store
from core.system.atomic_files import write_bytes
from core.system.locations import store_root
from dashboard.lookups import runs
from dashboard.lookups.disk_use import bytes_used
from dashboard.worded import worded
from dashboard.wording import say

PACKAGES = (
    "streamlit",
    "plotly",
    "torch",
    "torchvision",
    "umap-learn",
    "faiss-cpu",
    "scikit-learn",
    "numpy",
    "distributed",
)


@dataclass(frozen=True)
class Status:
    """Sizes are bytes."""

    engine: Overview
    at_work: int
    waiting: int
    page_memory: int
    free_memory: int
    store: int
    free_disk: int


def status() -> Status:
    """What is there now."""
    root = store_root()
    return Status(
        overview(root),
        len(runs.store().in_states(*ACTIVE)),
        runs.store().queued_count(),
        psutil.Process().memory_info().rss,
        psutil.virtual_memory().available,
        bytes_used(str(root)),
        shutil.disk_usage(root).free,
    )


def problem() -> str:
    """Why no page works, in a few words; empty where they do: the store can be read, and written. It is tried once in
    two seconds, however often somebody asks."""
    return _problem_of(store_root())


@worded(st.cache_data(ttl=2, max_entries=4, show_spinner=False))
def _problem_of(root: Path) -> str:
    try:
        Store(root).in_states(*ACTIVE)
        trial = root / f".health.{os.getpid()}"
        write_bytes(trial, b"")
        trial.unlink()
    except (OSError, sqlite3.Error, ValueError) as error:
        return say("pages.status.store_fails", problem=type(error).__name__)
    return ""


@cache
def versions() -> dict[str, str]:
    """Of what results depend on, by name."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def code_of(root: Path) -> str:
    """The commit that this code is, where it lies in a repository; empty elsewhere."""
    try:
        head = (root / ".git" / "HEAD").read_text().strip()
        name = head.removeprefix("ref: ")
        return (head if name == head else (root / ".git" / name).read_text().strip())[:12]
    except OSError:
        return ""
