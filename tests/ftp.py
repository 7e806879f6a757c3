"""An FTP server on this machine, as a file system that is really remote: no rename in one step, no locks, connections
that end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import aioftp


class FtpServer:
    """Serves one folder to one user, in a thread."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        user = aioftp.User("lab", "secret", base_path=folder, home_path="/")
        self._server = aioftp.Server([user], maximum_connections=50)
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._server.start("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """Of a folder that nobody has made yet."""
        return f"ftp://lab:secret@127.0.0.1:{self._server.server_port}/some/folder"

    def hang_up(self) -> None:
        """End all connections, as a server does with those that were idle for long."""
        connections = list(self._server.connections)
        assert connections, "somebody is connected"
        for connection in connections:
            self._loop.call_soon_threadsafe(connection.close)

    def close(self) -> None:
        self._do(self._server.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)  # type: ignore[arg-type]


@contextmanager
def ftp_server(folder: Path) -> Iterator[FtpServer]:
    server = FtpServer(folder)
    try:
        yield server
    finally:
        server.close()
