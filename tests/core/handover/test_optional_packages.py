"""A package that is missing is named, with the command that installs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.handover.optional_packages import MLFLOW, MLFLOW_HOME, MLFLOW_PYTHON, check_installed, mlflow_python


def test_what_is_there_is_not_spoken_of() -> None:
    check_installed("anything")
    check_installed("anything", "numpy", "PIL")


def test_each_extra_has_a_command_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.handover.optional_packages.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install -c constraints.txt tensorboard$"):
        check_installed("event files", "tensorboard")
    with pytest.raises(ValueError, match="pip install -c constraints.txt 'optuna>=5,<6'$"):
        check_installed("tuning", "optuna")
    with pytest.raises(ValueError, match="pip install -c constraints.txt onnx onnxscript"):
        check_installed("weights", "safetensors")


def test_what_is_missing_is_named_with_the_command() -> None:
    with pytest.raises(ValueError) as refused:
        check_installed("an encoder as ONNX", "numpy", "no_such_package", "nor_this")
    assert str(refused.value) == (
        "an encoder as ONNX must have no_such_package and nor_this installed, got none. Install the extra where Metric "
        "Lab runs: .venv/bin/pip install -c constraints.txt onnx onnxscript onnxruntime safetensors"
    )


def test_the_python_of_mlflow_is_named_or_lies_beside_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.handover.optional_packages.ROOT", tmp_path)
    monkeypatch.delenv(MLFLOW_PYTHON, raising=False)
    with pytest.raises(ValueError, match=f"-m venv {MLFLOW_HOME} && {MLFLOW_HOME}/bin/pip install '{MLFLOW}'"):
        mlflow_python()
    beside = tmp_path / MLFLOW_HOME / "bin" / "python"
    beside.parent.mkdir(parents=True)
    beside.touch()
    assert mlflow_python() == str(beside)
    monkeypatch.setenv(MLFLOW_PYTHON, str(tmp_path / "other"))
    with pytest.raises(ValueError, match="got none at .*other"):
        mlflow_python()
