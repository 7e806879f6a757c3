"""What MLflow is given of a comparison. That it takes and shows it, tests/environments/test_mlflow.py says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.handover import mlflow_writer
from core.handover.mlflow_runs import LONGEST, runs_of, write_mlflow
from core.handover.optional_packages import MLFLOW_PYTHON
from core.records.step import Step
from tests.core.found_results import EVIL, found


def updates(run_id: str) -> Sequence[Step]:
    return [Step(number, number / 14, 0.5 / number, 1.0, 0.5, 3, 0.2, 0.3, 0.5, 1.5, 0.25) for number in (1, 2)]


def test_there_is_a_run_for_the_comparison_and_one_for_each_training() -> None:
    told = runs_of(found(("a", EVIL), seeds=2, folds=2), updates)
    assert json.loads(json.dumps(told)) == told and len(told["runs"]) == 8
    assert told["params"]["seeds"] == "0, 1" and told["params"]["budget"] == "84 updates"
    keys = {line[0] for line in told["metrics"]}
    assert {"map_at_r.a.value", "map_at_r.a.low", "eer.a.high"} <= keys
    assert all(letter.isascii() and (letter.isalnum() or letter in "_-. /") for key in keys for letter in key)
    one = told["runs"][5]
    assert one["tags"]["strategy"] == EVIL and (one["tags"]["seed"], one["tags"]["fold"]) == ("0", "1")
    assert one["params"]["loss.margin"] == "0.2" and one["params"]["strategy"] == EVIL


def test_curves_are_by_update_with_the_seconds_of_training() -> None:
    (told, *_) = runs_of(found(("a", "b"), seeds=1), updates)["runs"]
    start = told["metrics"][0][2] - 250
    assert [line for line in told["metrics"] if line[0] == "update/loss"] == [
        ["update/loss", 0.5, start + 250, 1],
        ["update/loss", 0.25, start + 500, 2],
    ]
    last = [line for line in told["metrics"] if line[0] == "held-out/map_at_r"][-1]
    assert last[2:] == [start + 840, 84] and "held-out/rank_share" not in {line[0] for line in told["metrics"]}


def test_what_is_too_long_is_cut() -> None:
    results = found([f"a strategy of which there are many, {number}" for number in range(24)], 1)
    told = runs_of(results, updates)
    assert len(told["params"]["strategies"]) == LONGEST and len(told["title"]) == 250


def test_without_mlflow_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MLFLOW_PYTHON, str(tmp_path / "none"))
    with pytest.raises(ValueError, match="in an environment of its own, got none at .*none. Make it beside the code"):
        write_mlflow(str(tmp_path), found(), updates)


def test_what_mlflow_says_against_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'no such host' >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setenv(MLFLOW_PYTHON, str(python))
    with pytest.raises(ValueError, match="MLflow must take the runs into http://none, got no such host"):
        write_mlflow("http://none", found(("a", "b"), 1), updates)


def test_a_folder_is_a_database_in_it_and_a_uri_is_itself(tmp_path: Path) -> None:
    assert mlflow_writer.uri_of(str(tmp_path)) == f"sqlite:///{tmp_path / 'mlflow.db'}"
    for uri in ("http://localhost:5000", "sqlite:////there/mlflow.db", "databricks"):
        assert mlflow_writer.uri_of(uri) == uri
