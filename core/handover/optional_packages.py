"""Packages that some files to take away need, and Metric Lab does without."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from core.system.locations import ROOT

EXPORT = ("onnx", "onnxscript", "onnxruntime", "safetensors")
TRACKING = ("tensorboard",)
OPTUNA = "optuna>=5,<6"
TUNING = ("optuna",)
MLFLOW = "mlflow>=3.17,<4"
MLFLOW_HOME = ".venv-mlflow"
MLFLOW_PYTHON = "METRIC_LAB_MLFLOW"
EXTRAS = (EXPORT, TRACKING, TUNING)
"""The extras `export`, `tracking` and `tuning` of pyproject.toml; each package is imported by the name that it is
installed by."""
UNPINNED = {"optuna": f"'{OPTUNA}'"}
"""Those that constraints.txt does not pin, as they are installed."""


def check_installed(what: str, *packages: str) -> None:
    """Raise ValueError, with the command that installs them, where packages are missing that `what` needs."""
    missing = [name for name in packages if not is_installed(name)]
    if missing:
        extra = next((extra for extra in EXTRAS if set(missing) & set(extra)), EXPORT)
        named = " ".join(UNPINNED.get(name, name) for name in extra)
        raise ValueError(
            f"{what} must have {' and '.join(missing)} installed, got none. Install the extra where Metric Lab runs: "
            f".venv/bin/pip install -c constraints.txt {named}"
        )


def is_installed(package: str) -> bool:
    """Whether a package can be imported; nothing is."""
    return find_spec(package) is not None


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
