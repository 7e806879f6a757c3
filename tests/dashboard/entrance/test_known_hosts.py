"""Who asks under a name of the server, from a page of the server, is let in; nobody else is."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard.entrance.known_hosts import HOSTS, OF_THIS_MACHINE, KnownHosts, known_hosts


def status_of(kind: str, hosts: tuple[str, ...], **headers: str) -> int:
    """What an app behind it answers to a request or a socket; 0 where the app itself is asked."""
    said: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        said.append({"status": 0})

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    scope = {
        "type": kind,
        "method": "GET",
        "path": "/",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "extensions": {"websocket.http.response": {}},
    }
    with ThreadPoolExecutor(1) as pool:  # a browser that another test has open has a loop of this thread's own
        pool.submit(asyncio.run, KnownHosts(app, hosts)(scope, receive, send)).result()
    return int(said[0]["status"])


KNOWN = (*OF_THIS_MACHINE, "lab.example.org")


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "localhost:8501"},
        {"host": "127.0.0.1"},
        {"host": "[::1]:8501"},
        {"host": "LAB.example.org."},
        {"host": "lab.example.org", "origin": "https://lab.example.org"},
        {"host": "127.0.0.1:8501", "origin": "https://lab.example.org"},
    ],
)
def test_known_hosts_are_let_in(kind: str, headers: dict[str, str]) -> None:
    assert status_of(kind, KNOWN, **headers) == 0


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": ""},
        {"host": "elsewhere.example.com:8501"},
        {"host": "localhost.example.com"},
        {"host": "example.org"},
        {"host": "[::1"},
        {"host": "localhost:8501", "origin": "https://elsewhere.example.com"},
        {"host": "localhost:8501", "origin": "null"},
        {"host": "localhost:8501", "origin": ""},
    ],
)
def test_others_are_turned_away(kind: str, headers: dict[str, str]) -> None:
    assert status_of(kind, KNOWN, **headers) == 403


def test_what_is_no_request_passes() -> None:
    assert status_of("lifespan", KNOWN) == 0


@pytest.mark.parametrize(
    ("address", "given", "expected"),
    [
        ("127.0.0.1", "", OF_THIS_MACHINE),
        ("127.0.0.2", "", OF_THIS_MACHINE),
        ("::1", "", OF_THIS_MACHINE),
        ("localhost", "", OF_THIS_MACHINE),
        ("0.0.0.0", "", None),
        ("192.168.0.10", "", None),
        ("0.0.0.0", "Lab.example.org, 192.168.0.10", ("lab.example.org", "192.168.0.10", *OF_THIS_MACHINE)),
        ("127.0.0.1", "lab.example.org", ("lab.example.org", *OF_THIS_MACHINE)),
    ],
)
def test_the_names_of_a_server(
    address: str, given: str, expected: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOSTS, given)
    assert known_hosts(address) == expected
