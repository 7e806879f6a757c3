"""`kill -9` at twenty moments that nobody chose, of each kind of process: no run is lost, and no number changes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.runs.run_folder import Run
from tests.engines import Lab
from tests.faults.test_kill import submitted, web, worker_of
from tests.faults.undisturbed import EXPERIMENT, check_undisturbed, reference_of

POINTS = 20

pytestmark = pytest.mark.soak


def of_seed(seed: int) -> object:
    return replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=seed))


def kill_worker(lab: Lab, run: Run) -> None:
    """Whichever has the run; none where it has just ended."""
    try:
        worker_of(lab, run).kill()
    except (AssertionError, psutil.Error):
        return


def kill_engine(lab: Lab, run: Run) -> None:
    lab.kill_engine()


@pytest.mark.parametrize(("kind", "kill"), [("worker", kill_worker), ("engine", kill_engine)])
def test_no_number_changes(
    kind: str, kill: Callable[[Lab, Run], None], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    moments, lab, recoveries = random.Random(kind), Lab(tmp_path / "store", "--slots", "1"), []
    lab.ensure()
    try:
        for seed in range(POINTS):
            experiment = of_seed(seed)
            reference = reference_of(experiment, tmp_path / f"reference-{seed}")
            run = submitted(tmp_path / "store", experiment)
            lab.ensure()
            lab.until(run.folder.name, "running", "finished")
            time.sleep(moments.uniform(0, float(reference.result()["seconds"])))
            kill(lab, run)
            killed = time.monotonic()
            lab.ensure()
            row = lab.until(run.folder.name, "finished", "failed")
            recoveries.append(time.monotonic() - killed)
            assert row.state == "finished", row.message
            check_undisturbed(run, reference)
    finally:
        lab.stop()
    record_property(
        "told",
        f"kill -9 of the {kind}: {POINTS} times, {POINTS} survived, nothing lost, at most {max(recoveries):.1f} s",
    )


def test_a_web_server_that_is_killed_disturbs_no_run(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    moments, lab, recoveries = random.Random("web"), Lab(tmp_path / "store", "--slots", "1"), []
    experiment = replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, epochs=200))
    run = submitted(tmp_path / "store", experiment)
    lab.ensure()
    try:
        lab.until(run.folder.name, "running")
        for _ in range(POINTS):
            with web(lab.store.root) as page:
                time.sleep(moments.uniform(0, 1))
                before = len(run.steps())
                page.kill()
            killed = time.monotonic()
            with web(lab.store.root):
                recoveries.append(time.monotonic() - killed)
                assert lab.store.row(run.folder.name).state in ("running", "finished")
                assert len(run.steps()) >= before
        lab.store.want(run.folder.name, "stop")
        assert lab.until(run.folder.name, "stopped", "finished").attempts == 1
    finally:
        lab.stop()
    record_property(
        "told",
        f"kill -9 of the web server: {POINTS} times, {POINTS} survived, nothing lost, at most {max(recoveries):.1f} s",
    )
