"""A comparison in MLflow, by MLflow itself: in an environment of its own, read back by its own client."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.handover.mlflow_runs import EXPERIMENT, write_mlflow
from core.handover.optional_packages import MLFLOW, MLFLOW_PYTHON
from tests.core.found_results import EVIL, STEPS, found
from tests.core.handover.test_mlflow_runs import updates

READ = """
import json, sys
from mlflow import MlflowClient
client = MlflowClient(tracking_uri=sys.argv[1])
runs = client.search_runs([client.get_experiment_by_name(sys.argv[2]).experiment_id])
told = [
    {
        "name": run.info.run_name, "id": run.info.run_id, "status": run.info.status, "tags": run.data.tags,
        "params": run.data.params, "metrics": run.data.metrics,
        "curve": [[of.step, of.value] for of in client.get_metric_history(run.info.run_id, "held-out/map_at_r")],
        "files": [file.path for file in client.list_artifacts(run.info.run_id)],
    }
    for run in runs
]
print(json.dumps(told))
"""


@pytest.mark.soak
def test_the_runs_are_there_as_mlflow_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    python = str(tmp_path / "env" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", MLFLOW], check=True)
    monkeypatch.setenv(MLFLOW_PYTHON, python)
    results = found(("semi-hard", EVIL), seeds=2)
    parent = write_mlflow(str(tmp_path / "store"), results, updates)
    again = write_mlflow(f"sqlite:///{tmp_path / 'store' / 'mlflow.db'}", results, updates)
    words = [python, "-c", READ, f"sqlite:///{tmp_path / 'store' / 'mlflow.db'}", EXPERIMENT]
    told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    by_id = {one["id"]: one for one in told}
    assert len(told) == 10 and again in by_id, "the second time beside the first"
    assert {one["status"] for one in told} == {"FINISHED"}
    assert by_id[parent]["metrics"]["map_at_r.semi-hard.low"] == pytest.approx(0.28)
    files = {"levels.csv", "differences.csv", "curves.csv", "matrix.png", "matrix.svg", "report.html"}
    assert files <= set(by_id[parent]["files"])
    nested = [one for one in told if one["tags"].get("mlflow.parentRunId") == parent]
    assert {(one["tags"]["strategy"], one["tags"]["seed"]) for one in nested} == {
        (name, seed) for name in ("semi-hard", EVIL) for seed in ("0", "1")
    }
    first = next(one for one in nested if (one["tags"]["strategy"], one["tags"]["seed"]) == ("semi-hard", "0"))
    expected = [[at.step, at.map_at_r] for at in results.trainings[0].snapshots]
    assert [step for step, _ in first["curve"]] == list(STEPS)
    assert [value for _, value in first["curve"]] == pytest.approx([value for _, value in expected])
    assert first["params"]["loss.kind"] == "triplet" and first["metrics"]["update/loss"] == 0.25
