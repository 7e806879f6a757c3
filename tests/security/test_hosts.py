"""A name that somebody points at this machine, and a page of another site, reach nothing of a running server."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.browser.served import started
from tests.engines import without_engine
from tests.imports import ROOT

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Protocol": "streamlit",
}
PATHS = ("/", "/_stcore/health", "/runs/digits-softmax/probe.png", "/runs/digits-softmax/map?theme=light")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    with without_engine(folder / "store"):
        server = started(ROOT / "dashboard" / "app.py", {}, folder)
    try:
        yield server.address
    finally:
        server.close()


def status_of(address: str, path: str, **headers: str) -> int:
    """What the server answers; a socket that it opens is 101."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("path", PATHS)
def test_requests_under_other_names_and_from_other_pages_are_refused(path: str, address: str) -> None:
    assert status_of(address, path) == 200
    assert status_of(address, path, Host="pointed-here.example.com") == 403
    assert status_of(address, path, Origin="https://elsewhere.example.com") == 403


def test_so_are_sockets(address: str) -> None:
    port = urlsplit(address).port
    own = f"http://localhost:{port}"
    assert status_of(address, "/_stcore/stream", **UPGRADE, Host=f"localhost:{port}", Origin=own) == 101
    assert status_of(address, "/_stcore/stream", **UPGRADE, Host="pointed-here.example.com", Origin=own) == 403
    elsewhere = "https://elsewhere.example.com"
    assert status_of(address, "/_stcore/stream", **UPGRADE, Host=f"localhost:{port}", Origin=elsewhere) == 403
