"""An earlier build of this repository, unpacked beside it."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from tests.imports import ROOT


def unpacked(build: str, folder: Path) -> Path:
    """The files of a commit, in a new folder below `folder`."""
    before = folder / "before"
    packed = subprocess.run(["git", "archive", build], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(before, filter="data")
    return before
