"""What an app behind some middleware answers, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp

REACHED = 299  # the status where the app itself was asked


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": REACHED, "headers": []})


def asked(
    of: ASGIApp,
    path: str = "/",
    *,
    kind: str = "http",
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    client: str = "192.0.2.7",
) -> Answer:
    """The answer to one request, or to the opening of a socket."""
    answer = Answer()

    async def send(message: Any) -> None:
        if "status" in message:
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        answer.body += message.get("body", b"").decode()

    async def receive() -> Any:
        return {"type": "websocket.connect"} if kind == "websocket" else {"type": "http.request", "body": body}

    pathless, _, query = path.partition("?")
    scope = {
        "type": kind,
        "method": method,
        "scheme": "http",
        "path": pathless,
        "query_string": query.encode(),
        "server": ("192.0.2.1", 8501),
        "client": (client, 40_000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "extensions": {"websocket.http.response": {}},
    }
    with ThreadPoolExecutor(1) as pool:  # a browser that another test has open has a loop of this thread's own
        pool.submit(asyncio.run, of(scope, receive, send)).result()
    return answer
