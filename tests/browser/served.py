"""A Streamlit server on a free port and a Chromium, for tests, measurements and pictures alike."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.engine.process import stop_engine
from tests.imports import ROOT

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60
Serve = Callable[..., str]  # from a script and its environment to the address of its server


@dataclass(frozen=True)
class Server:
    """A running server, its address and the store it works on."""

    process: subprocess.Popen[bytes]
    address: str
    store: Path

    def close(self) -> None:
        """End the server, and the engine that its pages may have started."""
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.store.is_dir():
            stop_engine(self.store)


def chromium() -> str:
    """Path of the browser; METRIC_LAB_BROWSER names another one than the first on the path."""
    found = os.environ.get("METRIC_LAB_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("a Chromium must be installed, got none. Install it, or set METRIC_LAB_BROWSER to its path.")
    return found


def started(path: Path | str, environment: Mapping[str, str], folder: Path, build: Path = ROOT) -> Server:
    """Serve the app `path` of a build; its log is in `folder`, and its store too unless the environment names one."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    options |= {"server.fileWatcherType": "none", "browser.gatherUsageStats": "false"}
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    environment = {"METRIC_LAB_STORE": str(folder / "store"), **environment}
    with (folder / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(path), *arguments],
            cwd=build,
            env={**os.environ, **environment, "PYTHONPATH": str(build)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    address = f"http://127.0.0.1:{port}" + (f"/{base}" if base else "")
    server = Server(process, address, Path(environment["METRIC_LAB_STORE"]))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=2).close()
            return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    process.kill()
    told = (folder / f"server-{port}.log").read_text()[-3000:]
    raise RuntimeError(f"the server of {path} did not start:\n{told}")
