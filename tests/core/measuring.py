"""What a worker makes of what a user brought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.jobs.measure_embeddings import Brought, keep
from core.jobs.worker import train
from core.runs.run_folder import Run
from core.runs.store import Store


def measured(
    store: Store, upload: Brought, wanted: Callable[[], str] = lambda: "run"
) -> tuple[Run, str, list[dict[str, Any]]]:
    """Its run, what the job answered and what it reported."""
    heard: list[dict[str, Any]] = []
    row = keep(store, upload)
    answer = train(store.folder(row.id), row.experiment, device="cpu", report=heard.append, wanted=wanted)
    return Run(store.folder(row.id)), answer, heard
