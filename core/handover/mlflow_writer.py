"""Writes the runs of a file into an MLflow tracking store: `python mlflow_writer.py FILE STORE`, by the python of an
environment that has MLflow. It needs nothing else, of Metric Lab neither (see `mlflow_python`).

The file is JSON as core/handover/mlflow_runs.py has it. The last line on standard output is the id of the parent run.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

MOST = 1000  # numbers in a batch, as MLflow takes them
DATABASE, ARTIFACTS = "mlflow.db", "artifacts"


def write(told: dict[str, Any], store: str) -> str:
    """The comparison as a run, and each training as one nested in it; the id of the first."""
    entities, client = import_module("mlflow.entities"), _client(store)
    experiment = _experiment(client, told["experiment"], store)
    parent = client.create_run(experiment, run_name=told["title"], tags=told["tags"])
    parent_id = str(parent.info.run_id)
    _log(client, entities, parent_id, told["params"], told["metrics"])
    for file in told["artifacts"]:
        client.log_artifact(parent_id, file)
    for run in told["runs"]:
        tags = run["tags"] | {"mlflow.parentRunId": parent_id}
        nested = client.create_run(experiment, run_name=run["name"], tags=tags)
        _log(client, entities, nested.info.run_id, run["params"], run["metrics"])
        client.set_terminated(nested.info.run_id)
    client.set_terminated(parent_id)
    return parent_id


def uri_of(store: str) -> str:
    """A URI as it is, and of a folder the database in it."""
    if "://" in store or store in ("databricks", "databricks-uc"):
        return store
    return f"sqlite:///{Path(store).resolve() / DATABASE}"


def _client(store: str) -> Any:
    if uri_of(store) != store:
        Path(store).mkdir(parents=True, exist_ok=True)
    return import_module("mlflow").MlflowClient(tracking_uri=uri_of(store))


def _experiment(client: Any, name: str, store: str) -> str:
    """The one of this name; a folder keeps the files of its runs beside its database."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    is_folder = uri_of(store) != store
    place = (Path(store).resolve() / ARTIFACTS).as_uri() if is_folder else None
    return str(client.create_experiment(name, artifact_location=place))


def _log(client: Any, entities: Any, run_id: str, params: dict[str, str], metrics: list[list[Any]]) -> None:
    """Metrics are lines of key, value, milliseconds and update."""
    client.log_batch(run_id, params=[entities.Param(key, value) for key, value in params.items()])
    for start in range(0, len(metrics), MOST):
        client.log_batch(run_id, metrics=[entities.Metric(*line) for line in metrics[start : start + MOST]])


if __name__ == "__main__":
    print(write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]))
