"""A power cut takes what was not yet on the disk: a run goes on from where its records and its checkpoint agree."""

from __future__ import annotations

import json
import shutil
from itertools import count
from pathlib import Path

import pytest

from core.jobs.train_run import record
from core.runs.record_digests import RECORDS
from core.runs.run_folder import Run
from tests.faults.undisturbed import EXPERIMENT, check_undisturbed, reference_of


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return reference_of(EXPERIMENT, tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory, reference: Run) -> Run:
    """Paused within its third epoch, so that it has a checkpoint of the pause and one of the second epoch."""
    run = Run.create(tmp_path_factory.mktemp("interrupted"), EXPERIMENT)
    asked, updates = count(), len(reference.steps())
    assert record(run, wanted=lambda: "run" if next(asked) < 0.6 * updates else "pause") == "paused"
    assert 2 < run.steps()[-1].epoch < 3
    return run


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("lost", [1, 200, 100_000], ids=["a byte", "a line", "everything"])
def test_a_run_whose_records_lost_their_end_goes_on_from_an_earlier_checkpoint(
    name: str, lost: int, interrupted: Run, reference: Run, tmp_path: Path
) -> None:
    run = Run(shutil.copytree(interrupted.folder, tmp_path / "run"))
    content = (run.folder / name).read_bytes()
    (run.folder / name).write_bytes(content[: max(0, len(content) - lost)])
    assert record(run) == "finished"
    check_undisturbed(run, reference)
    assert [line.step for line in run.snapshots()] == [line.step for line in reference.snapshots()]


def test_of_an_earlier_version_s_checkpoint_the_updates_must_reach_it(
    interrupted: Run, reference: Run, tmp_path: Path
) -> None:
    run = Run(shutil.copytree(interrupted.folder, tmp_path / "run"))
    manifest = run.folder / "checkpoints" / "manifest.json"
    entries = json.loads(manifest.read_text())
    for entry in entries:
        del entry["records"]
    manifest.write_text(json.dumps(entries))
    lines = (run.folder / "steps.jsonl").read_bytes().splitlines(keepends=True)
    (run.folder / "steps.jsonl").write_bytes(b"".join(lines[:-1]))
    assert record(run) == "finished"
    check_undisturbed(run, reference)
