"""What stands above a run that is being watched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.runs.store import Store
from core.system.atomic_files import write_json
from dashboard.lookups import runs
from dashboard.runs import run_panel
from dashboard.verify import upload_panel


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    (tmp_path / "engine").mkdir()
    runs.store.clear()
    yield Store(tmp_path)
    runs.store.clear()


def compile_in(store: Store, *workers: str) -> None:
    write_json(store.root / "engine" / "workers.json", {"compiling": workers})


def test_a_waiting_run_says_which_worker_compiles(store: Store) -> None:
    row = store.submit({"epochs": 1}, "a" * 32, "semi-hard")
    assert run_panel._sentence(row.id, row, []).endswith("waiting, place 1")
    compile_in(store, "10.0.0.5:41234")
    assert (
        run_panel._sentence(row.id, row, [])
        .replace("\\", "")
        .endswith("waiting, place 1 · worker 10.0.0.5:41234 is compiling its kernels, about a minute, once")
    )
    compile_in(store, "10.0.0.5:41234", "10.0.0.6:41234")
    assert "2 workers are compiling their kernels, about a minute, once" in run_panel._sentence(row.id, row, [])
    compile_in(store)
    assert run_panel._sentence(row.id, row, []).endswith("waiting, place 1")


def test_a_waiting_measurement_says_it_too(store: Store) -> None:
    row = store.submit({"upload": "points.npz"}, "b" * 32, "points.npz")
    assert upload_panel.progress_of(row) == (0.0, "Waiting")
    compile_in(store, "10.0.0.5:41234")
    share, said = upload_panel.progress_of(row)
    assert share == 0.0
    assert said.replace("\\", "") == "Waiting: worker 10.0.0.5:41234 is compiling its kernels, about a minute, once"
