import os
import subprocess
import sys

from tests.imports import ROOT


def test_the_server_starts_without_a_warning() -> None:
    root = ROOT
    environment = os.environ | {"PYTHONPATH": str(root)}
    command = [sys.executable, "-c", "import dashboard.app"]
    found = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    assert (found.stdout, found.stderr) == ("", "")
