from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import ROOT

CODE = """
import sys
from pathlib import Path
from core.runs.store import Store
from core.system.atomic_files import append_line, write_bytes
from core.system.permissions import keep_to_owner

keep_to_owner()
folder = Path(sys.argv[1])
Store(folder / "store").submit({}, "0" * 32, "a run")
write_bytes(folder / "store" / "whole", b"")
append_line(folder / "store" / "grown", "")
"""


@pytest.mark.parametrize(("shared", "files", "folders"), [("", 0o600, 0o700), ("yes", 0o644, 0o755)])
def test_what_is_written_is_its_owner_s_unless_the_store_is_shared(
    shared: str, files: int, folders: int, tmp_path: Path
) -> None:
    environment = os.environ | {"METRIC_LAB_SHARED": shared}
    command = ["sh", "-c", 'umask 022; exec "$0" "$@"', sys.executable, "-c", CODE, str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "store", *tmp_path.rglob("store/**/*")]}
    assert {mode for path, mode in found.items() if path.is_dir()} == {folders}
    assert {mode for path, mode in found.items() if path.is_file()} == {files}
    assert len(found) >= 7
