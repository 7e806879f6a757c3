"""A store of this module's own with one made run, which the pages read where a module asks for `own_store`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.datasets.strokes import Strokes
from core.runs.run_folder import Run
from tests.dashboard.made_runs import EXPERIMENT, made_run


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def run(root: Path) -> Run:
    return made_run(root)


@pytest.fixture(scope="module")
def many(root: Path) -> Run:
    """Of forty identities, so that there are halves and folds."""
    schedule = replace(EXPERIMENT.schedule, probe_points=160)
    return made_run(root, replace(EXPERIMENT, dataset=Strokes(identities=40), schedule=schedule))


@pytest.fixture
def own_store(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(root))
    from dashboard.runs import state

    state.store.clear()
    yield
    state.store.clear()
