"""A server and a browser for tests of pages.

`serve(path, environment)` starts a Streamlit server in a store of its own and returns its address; `page` is a browser
tab that fails the test on any console error and any exception in a script.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
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
Serve = Callable[..., str]


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests; METRIC_LAB_BROWSER names another one than the first on the path."""
    sync_api = pytest.importorskip("playwright.sync_api")
    executable = os.environ.get("METRIC_LAB_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium here: set METRIC_LAB_BROWSER to one")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A tab of 1280 x 720; page errors and console errors fail the test when it ends."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield tab
    context.close()
    assert not faults, f"the browser reported {len(faults)} faults: {faults[:5]}"


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`serve(path, environment)` -> the address of a server running that app, one a path and environment."""
    started: dict[tuple[str, ...], tuple[subprocess.Popen[bytes], str]] = {}

    def start(path: Path | str, environment: Mapping[str, str] | None = None) -> str:
        key = (str(path), *(f"{name}={value}" for name, value in sorted((environment or {}).items())))
        if key not in started:
            started[key] = _started(path, environment or {}, tmp_path_factory.mktemp("server"))
        return started[key][1]

    yield start
    for process, _ in started.values():
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _started(path: Path | str, environment: Mapping[str, str], folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    port = _free_port()
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": "true"}
    options |= {"server.fileWatcherType": "none", "browser.gatherUsageStats": "false"}
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(path), *arguments],
            cwd=ROOT,
            env={**os.environ, "METRIC_LAB_STORE": str(folder / "store"), **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            return process, address
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"the server of {path} did not start:\n{(folder / 'server.log').read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
