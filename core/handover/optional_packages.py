"""Packages that some files to take away need, and Metric Lab does without."""

from __future__ import annotations

from importlib.util import find_spec

EXPORT = ("onnx", "onnxscript", "onnxruntime", "safetensors")
TRACKING = ("tensorboard",)
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
