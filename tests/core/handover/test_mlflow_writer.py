"""The script that an environment with MLflow runs: with a client that writes down what it is asked. With MLflow itself
it is tested in tests/environments/test_mlflow.py."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.handover import mlflow_writer
from core.handover.mlflow_writer import MOST, write


class Client:
    """Takes as many numbers at a time as MLflow does."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, dict[str, str]]] = []
        self.batches: list[tuple[str, list[Any], list[Any]]] = []
        self.files: list[tuple[str, str]] = []
        self.ended: list[str] = []

    def get_experiment_by_name(self, name: str) -> Any:
        return SimpleNamespace(experiment_id="7") if name == "there" else None

    def create_experiment(self, name: str, artifact_location: str | None) -> str:
        assert artifact_location is None or artifact_location.startswith("file:///")
        return "1"

    def create_run(self, experiment: str, run_name: str, tags: dict[str, str]) -> Any:
        self.runs.append((experiment, tags))
        return SimpleNamespace(info=SimpleNamespace(run_id=run_name))

    def log_batch(self, run_id: str, metrics: Any = (), params: Any = ()) -> None:
        assert len(metrics) <= MOST
        self.batches.append((run_id, list(metrics), list(params)))

    def log_artifact(self, run_id: str, file: str) -> None:
        self.files.append((run_id, file))

    def set_terminated(self, run_id: str) -> None:
        self.ended.append(run_id)


@pytest.mark.parametrize(("name", "number"), [("there", "7"), ("new", "1")])
def test_trainings_are_nested_in_the_comparison(
    name: str, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    entities = SimpleNamespace(Param=lambda *of: of, Metric=lambda *of: of)
    modules = {"mlflow": SimpleNamespace(MlflowClient=lambda tracking_uri: client), "mlflow.entities": entities}
    monkeypatch.setattr(mlflow_writer, "import_module", modules.__getitem__)
    curve = [["held-out/auc", 0.5, 10, step] for step in range(MOST + 5)]
    run = {"name": "one", "tags": {"seed": "0"}, "params": {"a": "1"}, "metrics": curve}
    told = {
        "experiment": name,
        "title": "all",
        "tags": {},
        "params": {},
        "metrics": [],
        "artifacts": ["x.csv"],
        "runs": [run],
    }
    assert write(told, str(tmp_path / "new")) == "all" and (tmp_path / "new").is_dir()
    assert client.runs == [(number, {}), (number, {"seed": "0", "mlflow.parentRunId": "all"})]
    assert client.files == [("all", "x.csv")] and client.ended == ["one", "all"]
    assert [len(metrics) for of, metrics, _ in client.batches if of == "one"] == [0, MOST, 5]
    assert client.batches[1][2] == [("a", "1")]


def test_it_needs_nothing_but_mlflow() -> None:
    tree = ast.parse(Path(mlflow_writer.__file__).read_text())
    named = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in named} <= set(sys.stdlib_module_names)
