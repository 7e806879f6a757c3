"""How many pages may be open at a time, from one address and altogether: more than this machine serves well would slow
everybody's down."""

from __future__ import annotations

from collections import Counter

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.system.environment import number_in
from dashboard.wording import say

MOST = "METRIC_LAB_PAGES"
PAGES = 200
SOCKET = "/_stcore/stream"  # of which each page has one


class Crowd:
    """Stands before an app; a page that comes too late is told why, and a socket is refused."""

    def __init__(self, app: ASGIApp, most: int = PAGES) -> None:
        self.app, self.most = app, most
        self.most_of_address = (most + 1) // 2  # a class behind one router comes from one address
        self.open = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what there is room for."""
        is_socket = scope["type"] == "websocket" and scope["path"].endswith(SOCKET)
        if not is_socket and not _is_page(scope):
            await self.app(scope, receive, send)
            return
        address = (scope.get("client") or ("",))[0]
        if sentence := self._refusal(address):
            await PlainTextResponse(sentence, 503, {"retry-after": "30"})(scope, receive, send)
            return
        if not is_socket:
            await self.app(scope, receive, send)
            return
        self.open[address] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open[address] -= 1
            self.open += Counter()  # without those of whom nobody is left

    def _refusal(self, address: str) -> str:
        if self.open.total() >= self.most:
            return say("entrance.full", most=self.most)
        if self.open[address] >= self.most_of_address:
            return say("entrance.full_for_address", most=self.most_of_address)
        return ""


def most_pages() -> int:
    """METRIC_LAB_PAGES, or PAGES; ValueError for what is no whole number above 0."""
    return int(number_in(MOST, PAGES, is_whole=True))


def _is_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
    )
