"""The ports of the engine and its workers: on this machine alone, and for those with its certificate alone."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from distributed import Client, Security

from core.engine.cluster import Cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(0, tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()


def listening() -> set[tuple[str, int]]:
    """Addresses and ports of this process, which holds the scheduler, and of the workers."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    found = [one for process in processes for one in process.net_connections("inet") if one.status == "LISTEN"]
    return {(one.laddr.ip, one.laddr.port) for one in found}


def test_they_listen_on_this_machine_alone(cluster: Cluster) -> None:
    assert cluster.capacity() and len(listening()) >= 3
    assert {address for address, _ in listening()} <= {"127.0.0.1", "::1"}


def entered(address: str, security: Security | None) -> bool:
    async def trying() -> bool:
        try:
            async with Client(address, security=security, asynchronous=True, timeout=3, set_as_default=False) as client:
                return client.status == "running"
        except (OSError, TimeoutError):
            return False

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, trying()).result()


def test_nobody_enters_without_the_engines_certificate(cluster: Cluster) -> None:
    address = cluster._client.scheduler.address
    assert address.startswith("tls://127.0.0.1:")
    assert entered(address, cluster._client.security)
    assert not entered(address, Security.temporary()), "a certificate that somebody made"
    assert not entered(address.replace("tls://", "tcp://"), None), "none at all"


def test_what_is_said_in_plain_words_is_not_answered(cluster: Cluster) -> None:
    port = urlsplit(cluster._client.scheduler.address).port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=5) as line:
        line.sendall(b"GET / HTTP/1.0\r\n\r\n")
        try:
            assert b"HTTP/1" not in line.recv(100)
        except (ConnectionResetError, TimeoutError):
            pass


def test_what_the_engine_keeps_is_its_users_own(tmp_path: Path) -> None:
    """The folder of its workers' files and of its log."""
    from core.engine.process import ensure_engine, stop_engine

    ensure_engine(tmp_path, "--slots", "1", "--idle-minutes", "0.01")
    try:
        assert (tmp_path / "engine").stat().st_mode & 0o077 == 0
        assert {path.stat().st_uid for path in (tmp_path / "engine").iterdir()} == {os.getuid()}
    finally:
        stop_engine(tmp_path)
