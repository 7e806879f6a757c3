"""Stores for the pages: `own_store` with the runs that a module made, `empty_store` with none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.datasets.pictograms import Pictograms
from core.datasets.strokes import Strokes
from core.experiment.experiment import Experiment
from core.experiment.splits import ByIdentity
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.core.heads import brought, head, vectors
from tests.dashboard.made_heads import made_head
from tests.dashboard.made_runs import EXPERIMENT, made_run


@pytest.fixture(autouse=True)
def no_browser_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are drawn without a pause in which a browser would have the map moving."""
    monkeypatch.setattr("dashboard.runs.run_panel.ALONE_SECONDS", 0.0)


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


@pytest.fixture(scope="module")
def drawn(root: Path) -> Run:
    """Of pictograms, whose artists are groups; none draws one twice."""
    schedule = replace(EXPERIMENT.schedule, probe_points=400)
    split = ByIdentity(evaluation_share=0.5)
    return made_run(root, replace(EXPERIMENT, dataset=Pictograms(identities=120), split=split, schedule=schedule))


@pytest.fixture(scope="module")
def head_run(root: Path) -> Run:
    """Of a linear head on vectors of 12 numbers, whose points have names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METRIC_LAB_STORE", str(root))
        return made_head(root, head(brought(vectors(), "voices.npz")))


@pytest.fixture
def own_store(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(root))
    from dashboard.lookups import runs

    runs.store.clear()
    yield
    runs.store.clear()


@pytest.fixture(scope="session", autouse=True)
def no_engine() -> None:
    """What an engine does has its own tests. A page that is still drawn when its test has failed goes on after it, and
    after the last one: it finds none even then, as this is not taken back."""
    from dashboard.runs import submit

    submit.ensure_engine = lambda root, *options: None


class NoDrawer:
    """Takes requests and never answers; each one's process seems to be at work."""

    def ask(self, experiment: Experiment, number: int, path: Path) -> NoDrawer:
        return self

    def poll(self) -> None:
        return None


@pytest.fixture(autouse=True)
def no_drawer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process that draws examples does has its own tests."""
    monkeypatch.setattr("dashboard.lookups.augmented_examples._drawer", NoDrawer())
    monkeypatch.setattr("dashboard.lookups.augmented_examples._asked", {})


@pytest.fixture(autouse=True)
def no_map_measurer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process that measures maps does has its own tests; here each seems to be at work."""
    monkeypatch.setattr("core.jobs.measure_map_quality.start", lambda run, step, kind, path: NoDrawer())
    monkeypatch.setattr("dashboard.lookups.map_qualities._started", {})


@pytest.fixture(autouse=True)
def no_question_measurer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process that answers three questions does has its own tests; here each seems to be at work."""
    monkeypatch.setattr("core.jobs.measure_questions.start", lambda run, step, path: NoDrawer())
    monkeypatch.setattr("dashboard.lookups.questions._started", {})


class Ended:
    """A process that has ended well."""

    def poll(self) -> int:
        return 0


@pytest.fixture
def maps_measured(no_map_measurer: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps are measured here and at once."""
    from core.jobs import measure_map_quality

    def start(run: Run, step: int, kind: str, path: Path) -> Ended:
        measure_map_quality.main([str(run.folder), str(step), kind, str(path)])
        return Ended()

    monkeypatch.setattr("core.jobs.measure_map_quality.start", start)
    monkeypatch.setattr("core.jobs.measure_map_quality.os.nice", lambda by: 0)


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of its own for every test."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    from dashboard.lookups import runs

    runs.store.clear()
    yield Store(tmp_path)
    runs.store.clear()


@pytest.fixture
def questions_measured(no_question_measurer: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The three questions are answered here and at once."""
    from core.jobs import measure_questions

    def start(run: Run, step: int, path: Path) -> Ended:
        measure_questions.main([str(run.folder), str(step), str(path)])
        return Ended()

    monkeypatch.setattr("core.jobs.measure_questions.start", start)
    monkeypatch.setattr("core.jobs.measure_questions.os.nice", lambda by: 0)
