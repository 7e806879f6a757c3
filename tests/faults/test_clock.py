"""Clocks that are set while runs are under way: no number, no order, no wait and no estimate follows them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.runs.durations import _seconds
from tests.engines import Lab, eventually
from tests.faults.clock import Clock
from tests.faults.test_kill import submitted
from tests.faults.undisturbed import EXPERIMENT, check_undisturbed, reference_of

DAY, HOUR = 86400.0, 3600.0
STEPS = 20


def test_runs_go_on_while_the_clock_is_set_back_and_forth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine starts with a clock that is a day ahead."""
    clock = Clock(tmp_path / "clock", monkeypatch)
    clock.step(DAY)
    lab = Lab(tmp_path / "store", "--job", "tests.faults.jobs:count", "--warm-up", "", "--slots", "1")
    try:
        first, second = lab.submit(1, held=True), lab.submit(2, held=True)
        lab.until_epoch(first, 2)
        clock.step(0.0)
        lab.until_epoch(first, 10)
        lab.release(first)
        row = lab.until(first, "finished", "failed")
        assert (row.state, row.attempts, row.message) == ("finished", 1, "")
        assert _seconds(row.ended_at, row.started_at) > DAY / 2, "the clock was set within the run"
        assert 0 < row.took < HOUR
        clock.step(-DAY)
        lab.until_epoch(second, 2)
        psutil.Process(int(lab.lines(second, "starts")[0])).kill()  # another worker comes, and is let in
        lab.release(second)
        assert lab.until(second, "finished", "failed").attempts == 2
        clock.step(2 * DAY)
        third = lab.submit(3, epochs=100_000)
        lab.until_epoch(third, 1)
        lab.store.want(third, "pause")
        lab.until(third, "paused")
        clock.step(-DAY)
        lab.store.want(third, "run")
        eventually(lambda: lab.store.row(third).state == "running", "it goes on")
        lab.store.want(third, "stop")
        lab.until(third, "stopped")
        assert [row.id for row in lab.store.rows()] == [third, second, first], "in the order of the requests"
        assert lab.lines(first, "epochs") == lab.lines(second, "epochs") == [str(epoch) for epoch in range(1, 21)]
    finally:
        lab.stop()


@pytest.mark.soak
def test_a_clock_that_is_set_twenty_times_changes_no_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    experiment = replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, epochs=2 * STEPS))
    moments, clock = random.Random("clock"), Clock(tmp_path / "clock", monkeypatch)
    lab, run = Lab(tmp_path / "store", "--slots", "1"), submitted(tmp_path / "store", experiment)
    try:
        for epoch in range(1, STEPS + 1):
            lab.until_epoch(run.folder.name, epoch)
            clock.step(moments.choice([-DAY, -HOUR, 0.0, HOUR, DAY]) + moments.uniform(-1, 1))
        row = lab.until(run.folder.name, "finished", "failed")
    finally:
        lab.stop()
    assert (row.state, row.attempts) == ("finished", 1), row.message
    assert row.seconds < row.took < HOUR
    reference = reference_of(experiment, tmp_path / "reference")
    check_undisturbed(run, reference)
    record_property("told", f"clock set by up to two days: {STEPS} times, {STEPS} survived, nothing lost")
