"""The scripts of the figures, named in the head of every page: the browser has them at hand once a figure is drawn.

Without that it would ask for them from the first message with a figure on, and for what they import after each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class FetchedAhead:
    """Stands before an app, behind whatever answers strangers; `scripts` gives the addresses of modules."""

    def __init__(self, app: ASGIApp, scripts: Callable[[], Sequence[str]]) -> None:
        self.app, self.scripts = app, scripts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; to a page the header is added."""
        await self.app(scope, receive, partial(self._named, send) if scope["type"] == "http" else send)

    async def _named(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith("text/html"):
                headers.append("link", ", ".join(f"<{script}>; rel=modulepreload" for script in self.scripts()))
        await send(message)
