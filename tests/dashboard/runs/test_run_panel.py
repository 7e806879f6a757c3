"""What stands above a run that is being watched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.records.step import Step
from core.runs.run_folder import Run
from core.runs.store import Store
from core.system.atomic_files import write_json
from dashboard.lookups import runs
from dashboard.runs import run_panel
from dashboard.verify import upload_panel
from tests.imports import ROOT


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


@pytest.mark.usefixtures("own_store")
def test_the_last_updates_stand_under_the_curves_of_what_was_trained_here(run: Run) -> None:
    for number, norm in enumerate((4.0, 2.0, 1.0, 0.5), start=1):
        run.append_step(Step(number, number / 10, 0.5, 1.0, 0.5, 80, 0.5, 0.25, 0.25, norm, 0.01, 6.0))
    (caption,) = [caption for caption in captions(run.folder.name) if caption.value.startswith("Gradient")]
    assert caption.value == "Gradient 0.75, at first 3; drawn from 6 negatives."
    assert "lower the learning rate" in caption.help
    assert not [caption for caption in captions("digits-semi-hard") if caption.value.startswith("Gradient")]


def captions(name: str) -> list[Any]:
    """Of the Train page that shows this run."""
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    app.query_params["run"] = name
    app.switch_page("views/train.py").run()
    assert not app.exception, app.exception
    return list(app.caption)
