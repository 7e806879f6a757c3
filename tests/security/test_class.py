"""A class on a running server: nobody is let in unasked, and whoever enters the code is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from dashboard.entrance.visitors import COOKIE
from tests.browser.served import Server, started
from tests.engines import without_engine
from tests.imports import ROOT
from tests.security.test_hosts import UPGRADE, status_of

APP = ROOT / "dashboard" / "app.py"
PATHS = ("/", "/runs/digits-softmax/probe.png", "/vendor/plotly.min.js", "/_stcore/host-config")
WAY = {"METRIC_LAB_CLASS": "sunday", "METRIC_LAB_TEACHER": "monday"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("class")
    with without_engine(folder / "store"):
        server = started(APP, WAY, folder)
    try:
        yield server
    finally:
        server.close()


@pytest.mark.parametrize(
    "options",
    [["--server.address", "0.0.0.0"], ["--server.address", "127.0.0.1", "--", "--class", "short"]],
    ids=["to all without a choice", "a short code"],
)
def test_without_a_choice_nothing_is_served(options: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", "0", *options]
    environment = {"PYTHONPATH": str(ROOT), "METRIC_LAB_STORE": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("Metric Lab: ") and "--class" in done.stderr


@pytest.mark.parametrize(
    "path", ["/", "/runs/digits-softmax/probe.png", "/vendor/plotly.min.js", "/_stcore/host-config"]
)
def test_who_has_not_entered_reaches_nothing(path: str, server: Server) -> None:
    assert status_of(server.address, path) == 401
    assert status_of(server.address, path, Cookie=f"{COOKIE}=e30=.0") == 401


def test_nor_a_socket_but_whether_the_server_lives_is_told(server: Server) -> None:
    own = {"Origin": server.address, "Host": urlsplit(server.address).netloc}
    assert status_of(server.address, "/_stcore/stream", **UPGRADE, **own) == 401
    assert status_of(server.address, "/api/health") == 200
    connection = HTTPConnection(urlsplit(server.address).netloc, timeout=60)
    form = urlencode({"name": "Ada", "code": "sunday", "to": "/"})
    connection.request("POST", "/enter", form, {"Content-Type": "application/x-www-form-urlencoded"})
    cookie = connection.getresponse().headers["set-cookie"].split(";")[0]
    connection.close()
    assert status_of(server.address, "/_stcore/stream", **UPGRADE, **own, Cookie=cookie) == 101
    assert status_of(server.address, "/runs/digits-softmax/probe.png", Cookie=cookie) == 200
    assert status_of(server.address, "/", Cookie=cookie, Origin="https://elsewhere.example.com") == 403
