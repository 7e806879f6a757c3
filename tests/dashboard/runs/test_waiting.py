"""What a reader is told of a run that waits, with a store made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload, keep
from core.runs import durations
from core.runs.run_row import Row
from core.runs.store import Store
from core.system.atomic_files import write_json
from dashboard.lookups import estimates, runs
from dashboard.runs import run_panel, waiting
from dashboard.verify import upload_panel
from tests.engines import without_engine

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # a slow machine must not change what is left


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """With an engine, as its pages believe, and three workers."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    runs.store.clear()
    estimates._durations.clear()
    monkeypatch.setattr(durations, "seconds_since", lambda when: durations._seconds(when, NOW.isoformat()))
    with without_engine(tmp_path):
        workers(Store(tmp_path), 3)
        yield Store(tmp_path)
    runs.store.clear()


def workers(store: Store, ready: int, *compiling: str) -> None:
    write_json(store.root / "engine" / "workers.json", {"ready": ready, "compiling": compiling})


def brought(store: Store, name: str, count: int = 40, seed: int = 0) -> Row:
    generator, labels = np.random.default_rng([seed, count, *name.encode()]), np.arange(count) // 4
    points = generator.normal(size=(count, 3)).astype(np.float32)
    return keep(store, Upload(name, points, labels, tuple(map(str, range(labels[-1] + 1))), EUCLIDEAN))


def trained(store: Store, number: int) -> Row:
    return store.submit({"encoder": {"kind": "mlp"}}, f"{number:032x}", f"training {number}")


def at_work(store: Store, row: Row, since: float = 0.0) -> Row:
    """As if the engine had begun it so many seconds ago."""
    store.set_state(row.id, "running")
    values = {"id": row.id, "begun": (NOW - timedelta(seconds=since)).isoformat()}
    store._ask("UPDATE runs SET started_at = :begun WHERE id = :id", values)
    return store.row(row.id)


def took(store: Store, row: Row, seconds: float) -> None:
    """As if it had taken so long, and had just been finished."""
    at_work(store, row, seconds)
    store.set_state(row.id, "finished")
    store._ask("UPDATE runs SET ended_at = :now WHERE id = :id", {"now": NOW.isoformat(), "id": row.id})


def said(row: Row) -> str:
    return " · ".join(filter(None, (waiting.place_in_words(row), waiting.reason_in_words(row)))).replace("\\", "")


def test_a_place_and_what_is_before_it(store: Store) -> None:
    first, second, third, fourth = (brought(store, f"{number}.npz") for number in range(4))
    at_work(store, first)
    assert said(second) == "1st of 3 · behind 0.npz"
    assert said(third) == "2nd of 3 · behind 0.npz and 1.npz"
    assert said(fourth) == "3rd of 3 · behind 0.npz, 1.npz and 1 more"
    assert upload_panel.progress_of(fourth)[1].replace("\\", "") == f"Waiting · {said(fourth)}"
    assert said(store.row(first.id)) == "the engine takes the request up"


def test_a_measurement_waits_behind_no_training_but_where_there_is_no_other_worker(store: Store) -> None:
    trainings = [at_work(store, trained(store, number)) for number in (1, 2)]
    trained(store, 3)
    upload = brought(store, "points.npz")
    assert said(upload) == "next in line · a worker takes it now"
    workers(store, 2)
    assert said(upload) == "next in line · every worker is taken: training 1 and training 2"
    assert said(store.row(f"{3:032x}")) == "next in line · behind training 1 and training 2"
    assert len(trainings) == 2


def test_an_engine_that_starts_and_workers_that_compile_are_the_reason(store: Store, tmp_path: Path) -> None:
    row, upload = trained(store, 1), brought(store, "points.npz")
    workers(store, 0)
    assert run_panel._sentence(row.id, row, []).endswith("training 1** · waiting · next in line")
    assert said(row) == "next in line · the workers start"
    workers(store, 0, "10.0.0.5:41234")
    compiles = "next in line · worker 10.0.0.5:41234 is getting ready for this machine: about a minute, only once"
    assert said(row) == compiles
    assert upload_panel.progress_of(upload)[1].replace("\\", "") == f"Waiting · {compiles}"
    workers(store, 0, "10.0.0.5:41234", "10.0.0.6:41234")
    assert "2 workers are getting ready for this machine: about a minute, only once" in said(row)
    workers(store, 2)
    assert said(row) == "next in line · a worker takes it now"


def test_what_a_dead_engine_has_left_is_no_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    runs.store.clear()
    with without_engine(tmp_path):
        workers(Store(tmp_path), 0, "10.0.0.5:41234")
    row = brought(Store(tmp_path), "points.npz")
    assert said(row) == "next in line · the engine starts"
    (tmp_path / "engine" / "problem").write_text("a scheduler must answer at tls://10.0.0.5:8786, got none.")
    assert "a scheduler must answer at tls" in said(row), "why it cannot start"
    runs.store.clear()


def test_times_are_those_of_earlier_runs_of_about_the_size(store: Store) -> None:
    for number, seconds in enumerate((8.0, 10.0, 12.0)):
        took(store, brought(store, f"earlier {number}.npz", 40), seconds)
    going = at_work(store, brought(store, "going.npz", 40), since=4.0)
    next_, last = brought(store, "next.npz", 80), brought(store, "last.npz", 40)
    unlike = brought(store, "unlike.npz", 400)
    assert upload_panel.progress_of(going)[1] == "Step 1 of 3: drawing the map · about 6 s left"
    assert said(next_) == "1st of 3 · behind going.npz · starts in about 6 s · takes about 20 s"
    assert said(last).endswith("starts in about 26 s · takes about 10 s")
    assert said(unlike).endswith("1 more · starts in about 36 s"), "of what is ten times as large nothing is known"


def test_nothing_is_said_of_times_that_nobody_knows(store: Store) -> None:
    at_work(store, brought(store, "first.npz"))
    assert "about" not in said(brought(store, "second.npz"))


def test_a_training_begins_when_one_at_work_ends(store: Store) -> None:
    for number, left in ((1, 40.0), (2, 130.0)):
        at_work(store, trained(store, number))
        store.progress(f"{number:032x}", 1, 10, 10, 5.0, left)
    later = [trained(store, number) for number in (3, 4, 5)]
    ends = [said(row).partition(" · starts in ")[2] for row in later]
    assert ends == ["about 40 s", "about 2 min", ""], "of the third nobody knows how long those before it take"


def test_a_block_of_much_is_before_a_small_measurement(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.runs.durations.AT_ONCE", 50)
    large = at_work(store, brought(store, "large.npz", 80), since=30.0)
    store.progress(large.id, 6, 10, 0, 0.0)
    small = brought(store, "small.npz")
    assert said(small) == "next in line · behind a block of large.npz · starts in about 5 s"
    assert waiting.left_in_words(store.row(large.id)) == "about 20 s left"
