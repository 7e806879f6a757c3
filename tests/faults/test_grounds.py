"""Odd ground under a server that starts: what it cannot do without is said in a line, and it ends with a status."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.served import started
from tests.imports import ROOT

SERVER = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.headless", "true"]
WITHOUT = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o ro none /dev/shm && exec "$@"', "sh"]


def ended(command: list[str], store: Path) -> tuple[int, str]:
    """The status of what ends by itself, and what it said."""
    environment = os.environ | {"METRIC_LAB_STORE": str(store), "PYTHONPATH": str(ROOT)}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    return found.returncode, found.stdout + found.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        status, said = ended([*SERVER, "--server.port", port], tmp_path)
    assert status != 0 and f"Port {port} is not available" in said and "Traceback" not in said


def test_a_home_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    server = started("dashboard/app.py", {"HOME": "/sys"}, tmp_path)
    try:
        assert server.process.poll() is None
    finally:
        server.close()
    assert not any("Traceback" in log.read_text() for log in tmp_path.glob("server-*.log"))


@pytest.mark.parametrize("command", [SERVER, [sys.executable, "-m", "core.engine"]], ids=["server", "engine"])
def test_a_machine_without_shared_memory_is_told_so(command: list[str], tmp_path: Path) -> None:
    if not shutil.which("unshare") or subprocess.run([*WITHOUT, "true"], capture_output=True).returncode:
        pytest.skip("folders can be hidden from a process by root alone")
    status, said = ended([*WITHOUT, *command], tmp_path)
    assert status != 0 and "/dev/shm must be a folder that can be written" in said and "Traceback" not in said
