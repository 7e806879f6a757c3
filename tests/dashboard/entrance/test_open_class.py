"""An invitation that can be read from a wall, by eyes and by a camera."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import segno

from dashboard.entrance.open_class import LENGTH, LETTERS, code, invitation, own_address
from tests.imports import ROOT


def test_codes_are_long_and_never_the_same() -> None:
    codes = {code() for _ in range(200)}
    assert len(codes) == 200 and {len(one) for one in codes} == {LENGTH}
    assert set("".join(codes)) == set(LETTERS) and not set(LETTERS) & set("il10o")


def test_the_picture_is_the_address() -> None:
    url = "http://192.168.0.10:8501"
    shown = invitation(url, "sunday", "monday")
    assert f"Address          {url}\n" in shown and "sunday\n" in shown and "monday\n" in shown
    lines = [line for line in shown.splitlines() if line.startswith("\x1b[30")]
    rows = [line.removeprefix("\x1b[30;107m    ")[:-8] for line in lines]
    drawn = [[row[place] == "█" for place in range(0, len(row), 2)] for row in rows]
    assert drawn == [[bool(dark) for dark in row] for row in segno.make(url, error="m", micro=False).matrix]


def test_this_machine_has_an_address() -> None:
    assert own_address()


def test_the_codes_go_to_the_server_by_the_environment(tmp_path: Path) -> None:
    """Other users of the machine read a command, and not that."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\ndef told(path, command, environment):\n"
        "    print([*command[1:], environment['METRIC_LAB_CLASS'], environment['METRIC_LAB_TEACHER']])\n"
        "    sys.exit()\n"
        "os.execve = told\n"
    )
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "METRIC_LAB_CLASS": "sunday", "METRIC_LAB_TEACHER": "monday"}
    command = [sys.executable, "-m", "dashboard.entrance.open_class", "--port", "8600"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    last = done.stdout.splitlines()[-1]
    assert "'--server.port', '8600', '--server.address', '0.0.0.0', 'sunday', 'monday'" in last
    assert ":8600" in done.stdout
