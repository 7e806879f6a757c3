"""Packages that some files to take away need, and Metric Lab does without."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from core.system.locations import ROOT

EXPORT = ("onnx", "onnxscript", "onnxruntime", "safetensors")
TRACKING = ("tensorboard",)
MLFLOW = "mlflow>=3.17,<4"
MLFLOW_HOME = ".venv-mlflow"
MLFLOW_PYTHON = "METRIC_LAB_MLFLOW"
EXTRAS = (EXPORT, TRACKING)
"""The extras `export` and `tracking` of pyproject.toml; each is imported by the name that it is installed by."""


def check_installed(what: str, *packages: str) -> None:
    """Raise ValueError, with the command that installs them, where packages are missing that `what` needs."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        extra = next((extra for extra in EXTRAS if set(missing) & set(extra)), EXPORT)
        raise ValueError(
            f"{what} must have {' and '.join(missing)} installed, got none. Install the extra where Metric Lab runs: "
            f".venv/bin/pip install -c constraints.txt {' '.join(extra)}"
        )


def mlflow_python() -> str:
    """The interpreter of the environment in which MLflow is installed: one of its own, since MLflow takes other
    versions of packages that Metric Lab needs. Raises ValueError, with the commands that make it, where there is
    none."""
    named = os.environ.get(MLFLOW_PYTHON)
    place = Path(named) if named else ROOT / MLFLOW_HOME / "bin" / "python"
    if not place.is_file():
        raise ValueError(
            f"MLflow must be installed in an environment of its own, got none at {place}. Make it beside the code, or "
            f"name its python by {MLFLOW_PYTHON}: python3 -m venv {MLFLOW_HOME} && {MLFLOW_HOME}/bin/pip install "
            f"'{MLFLOW}'"
        )
    return str(place)
