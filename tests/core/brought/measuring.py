"""What a worker makes of what a user brought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.brought.uploads import Brought, keep
from core.runs import Run
from core.store import Store
from core.worker import train


def measured(
    store: Store, upload: Brought, wanted: Callable[[], str] = lambda: "run"
) -> tuple[Run, str, list[dict[str, Any]]]:
    """Its run, what the job answered and what it reported."""
    heard: list[dict[str, Any]] = []
    row = keep(store, upload)
    answer = train(store.folder(row.id), row.experiment, device="cpu", report=heard.append, wanted=wanted)
    return Run(store.folder(row.id)), answer, heard
