"""A store of one test's own, whose pages start no engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.runs.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    from dashboard.lookups import runs

    runs.store.clear()
    yield Store(tmp_path)
    runs.store.clear()
