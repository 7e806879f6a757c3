"""Neighbourhoods of a small set are there at once; those of a large one once another process has found them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from filelock import FileLock

from core.jobs import measure_neighbourhoods
from core.runs.run_folder import Run
from core.statistics.neighbourhoods import neighbourhoods as found_here
from core.verification.label_errors import planted_label_errors
from dashboard.lookups import neighbourhoods


def test_a_small_set_is_gone_through_at_once(name: str, run: Run) -> None:
    found = neighbourhoods.found(name, 20)
    assert found is not None and found is neighbourhoods.found(name, 20)
    arrays = run.snapshot(20)
    expected = found_here(arrays["embeddings"], run.probe()["labels"], arrays["map"])
    assert (found.of.rows == expected.rows).all() and found.of.lost_share == expected.lost_share


def test_another_process_goes_through_a_large_one(
    name: str, root: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    at_once = neighbourhoods.found(name, 20)
    monkeypatch.setattr(neighbourhoods, "AT_ONCE", 10)
    assert neighbourhoods.found(name, 20) is None and not neighbourhoods.has_failed(name, 20)
    (path,) = neighbourhoods._started
    assert neighbourhoods._started[path].wait(timeout=120) == 0
    found = neighbourhoods.found(name, 20)
    assert at_once is not None and found is not None and (found.of.rows == at_once.of.rows).all()
    assert path.is_relative_to(root) and not neighbourhoods.has_failed(name, 20)
    neighbourhoods._started.clear()


def test_a_process_that_ends_early_is_told_and_can_be_asked_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    class Ended:
        def poll(self) -> int:
            return 1

    def start(run: Run, step: int, path: Path) -> Ended:
        started.append(step)
        return Ended()

    monkeypatch.setattr(neighbourhoods, "AT_ONCE", 10)
    monkeypatch.setattr(measure_neighbourhoods, "start", start)
    assert neighbourhoods.found(name, 10) is None and neighbourhoods.found(name, 10) is None
    assert neighbourhoods.has_failed(name, 10) and started == [10]
    share, seconds, left = neighbourhoods.progress(name, 10)
    assert share == 0 and seconds >= 0 and left is None
    neighbourhoods.ask_again(name, 10)
    assert neighbourhoods.found(name, 10) is None and started == [10, 10]
    neighbourhoods._started.clear()


def test_what_is_cancelled_ends_and_begins_again_when_asked(
    name: str, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setattr(neighbourhoods, "AT_ONCE", 10)
    step = 0
    assert neighbourhoods.found(name, step) is None
    (process,) = neighbourhoods._started.values()
    (path,) = neighbourhoods._started
    with FileLock(path.parent / "lock"):  # as another one would: this one says nothing and does not end
        path.with_suffix(".progress").write_text("0.25")
        share, seconds, left = neighbourhoods.progress(name, step)
        assert share == 0.25 and left == pytest.approx(3 * seconds)
        neighbourhoods.stop(name, step)
    assert process.returncode is not None and not path.with_suffix(".progress").exists()
    assert neighbourhoods.found(name, step) is None and not neighbourhoods._started
    assert neighbourhoods.is_stopped(name, step) and not neighbourhoods.has_failed(name, step)
    neighbourhoods.ask_again(name, step)
    assert neighbourhoods.found(name, step) is None and not neighbourhoods.is_stopped(name, step)
    assert neighbourhoods._started[path].wait(timeout=120) == 0 and neighbourhoods.found(name, step) is not None
    neighbourhoods._started.clear()


def test_readers_who_wait_are_counted_until_they_look_no_more(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(neighbourhoods, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(neighbourhoods, "_looked", {})
    assert [neighbourhoods.others_waiting(name, 20, reader) for reader in ("a", "a", "b", "a")] == [0, 0, 1, 1]
    clock[0] += neighbourhoods.READER_SECONDS
    assert neighbourhoods.others_waiting(name, 20, "a") == 0


def test_planted_errors_are_those_of_the_nearest(name: str, run: Run) -> None:
    found = neighbourhoods.found(name, 20)
    assert found is not None
    planted = neighbourhoods.planted(name, 20)
    assert planted == planted_label_errors(found.of.rows, run.probe()["labels"], 0.02)
    assert planted is not None and planted.swapped == 6 and planted.found >= 4
    assert np.isfinite(planted.precision)
