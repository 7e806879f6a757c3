"""Install packages and say how far that is: `python -m core.system.installation`, with options as for pip.

Standard library alone, since nothing else is there yet. pip's own lines, some hundreds, are shown where it fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Thread

from core.system.status_line import StatusLine

PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-compile", "--progress-bar")
LOOK_SECONDS = 0.5
SHOWN = 20  # of pip's last lines where it fails
FETCHING = re.compile(r"(?:  Downloading|  Using cached|Processing) (?:\S*/)?([\w.]+?)-\d\S*\.(?:whl|tar\.gz)(?: \(|$)")
PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
INSTALLING = re.compile(r"Installing collected packages: (.+)")


class Progress:
    """What pip's lines say about how far it is."""

    def __init__(self, packages: Path) -> None:
        self.lines: list[str] = []
        self._packages = packages
        self._names: set[str] = set()
        self._current = ""
        self._bytes = (0, 0)
        self._wanted: list[str] = []
        self._before = self._folders()

    def hear(self, line: str) -> None:
        """Take one line of the installer's output."""
        if match := PROGRESS.fullmatch(line.strip()):
            self._bytes = int(match[1]), int(match[2])
            return
        self.lines.append(line)
        if match := FETCHING.match(line):
            self._current, self._bytes = match[1], (0, 0)
            self._names.add(match[1])
        elif match := INSTALLING.match(line):
            self._wanted = match[1].strip().split(", ")

    def text(self) -> str:
        """How far the installation is, in a line."""
        if self._wanted:
            done = {_package_of(folder) for folder in self._folders() - self._before}
            waiting = [name for name in self._wanted if _normalised(name) not in done]
            now = f", now {waiting[0]}" if waiting else ""
            return f"{len(self._wanted) - len(waiting)} of {len(self._wanted)} packages installed{now}"
        if not self._names:
            return "asking for packages"
        size = f", {self._bytes[0] / 1e6:.0f} of {self._bytes[1] / 1e6:.0f} MB" if self._bytes[1] else ""
        return f"{len(self._names)} packages fetched, now {self._current}{size}"

    def summary(self, seconds: float) -> str:
        """For the end: what came, in which time, and how large all of it is."""
        if not self._wanted:
            return "every package is installed"
        size = sum(file.stat().st_size for file in self._packages.rglob("*") if file.is_file())
        count = len(self._wanted)
        return f"{count} of {count} packages installed in {seconds / 60:.1f} min, {size / 1e9:.1f} GB in all"

    def _folders(self) -> set[str]:
        """Of the packages whose files are all there: pip names the installer last."""
        return {file.parent.name for file in self._packages.glob("*.dist-info/INSTALLER")}


def main(arguments: Sequence[str]) -> int:
    """pip's exit status."""
    began, status, progress = time.monotonic(), StatusLine(), Progress(Path(sysconfig.get_path("purelib")))
    tells_bytes = tuple(map(int, version("pip").split(".")[:2])) >= (24, 1)
    command = [sys.executable, *PIP, "raw" if tells_bytes else "off", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        listener = Thread(target=_listen, args=(pip, progress))
        listener.start()
        while listener.is_alive():
            status.show(f"Metric Lab: {progress.text()}")
            listener.join(LOOK_SECONDS)
    if pip.returncode:
        status.end("".join(progress.lines[-SHOWN:]))
    else:
        status.end(f"Metric Lab: {progress.summary(time.monotonic() - began)}")
    return pip.returncode


def _listen(pip: subprocess.Popen[str], progress: Progress) -> None:
    assert pip.stdout
    for line in pip.stdout:
        progress.hear(line)


def _package_of(folder: str) -> str:
    return _normalised(folder.split("-")[0])


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
