"""A scheduler and workers started as on other hosts: by their commands, with TLS, and a store for each host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil

from core.engine.process import ONE_THREAD
from tests.engines import eventually
from tests.imports import ROOT


class Host:
    """One command, in a store of its own."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        self.folder = folder
        folder.mkdir()
        self._said = folder / "said"
        # What the engine of a test is told does not reach other hosts.
        own = {name: value for name, value in os.environ.items() if not name.startswith("METRIC_LAB_")}
        own |= ONE_THREAD | {"METRIC_LAB_STORE": str(folder)} | environment
        with self._said.open("wb") as said:
            command = [sys.executable, "-m", "core", "cluster", *words]
            process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=said, stderr=said)
        self.process = psutil.Process(process.pid)
        self._reaped = process

    def until_said(self, pattern: str) -> str:
        """The first group of the pattern, once the command has said it."""

        def said() -> re.Match[str] | None:
            assert self._reaped.poll() is None, self._said.read_text()
            return re.search(pattern, self._said.read_text())

        eventually(said, f"{pattern} is said")
        found = said()
        assert found
        return found[1]

    def hold_unless_over(self, run_id: str) -> bool:
        """Stop the process here that trains a run; whether there is one, and the run is not at its end."""
        for folder in (self.folder / "scratch").glob(f"*/runs/{run_id}"):
            process = psutil.Process(int(folder.parents[1].name.rpartition("-")[2]))
            process.suspend()
            if not (folder / "result.json").exists():
                return True
            process.resume()
        return False

    def kill(self) -> None:
        """As when the power goes: all of its processes, none of which is asked."""
        family = [self.process, *self.process.children(recursive=True)]
        for one in family:
            one.kill()
        self._reaped.wait()

    def end(self) -> None:
        """Ask it to end."""
        if self._reaped.poll() is None:
            self._reaped.terminate()
            self._reaped.wait(60)


def scheduler(folder: Path, certificate: Path) -> tuple[Host, str]:
    """A scheduler on a free port, and its address; it makes the certificate."""
    words = ("scheduler", "--host", "127.0.0.1", "--port", "0")
    host = Host(folder, *words, METRIC_LAB_CERTIFICATE=str(certificate))
    return host, host.until_said(r"listens at (tls://[0-9.:]+\d)\.")


def workers(folder: Path, address: str, certificate: Path, count: int = 1, **environment: str) -> Host:
    """A host of workers, once they serve."""
    words = ("workers", address, "--count", str(count), "--memory", "3GB")
    host = Host(folder, *words, METRIC_LAB_CERTIFICATE=str(certificate), **environment)
    host.until_said(r"(\d) of them serve")
    return host
