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
FULL_PACE = 40  # pages that look again as often as they want


class OpenPages:
    """How many pages are open, by address, and how many times as long each of them is to wait until it looks again:
    twice for more than FULL_PACE, four times for more than twice as many, and so on. It falls again once there is room
    to spare, so that pages do not change their pace for every one that comes and goes."""

    def __init__(self) -> None:
        self.by_address, self.times = Counter[str](), 1

    @property
    def count(self) -> int:
        """Of all addresses together."""
        return self.by_address.total()

    def come(self, address: str) -> None:
        """One more is open."""
        self.by_address[address] += 1
        while self.count > FULL_PACE * self.times:
            self.times *= 2

    def go(self, address: str) -> None:
        """One is closed."""
        self.by_address[address] -= 1
        self.by_address += Counter()  # without those of whom nobody is left
        while self.times > 1 and self.count < 0.7 * FULL_PACE * self.times / 2:
            self.times //= 2


NOW = OpenPages()  # of this process


class Crowd:
    """Stands before an app; a page that comes too late is told why, and a socket is refused."""

    def __init__(self, app: ASGIApp, most: int = PAGES, pages: OpenPages | None = None) -> None:
        self.app, self.most = app, most
        self.most_of_address = (most + 1) // 2  # a class behind one router comes from one address
        self.pages = OpenPages() if pages is None else pages

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
        self.pages.come(address)
        try:
            await self.app(scope, receive, send)
        finally:
            self.pages.go(address)

    def _refusal(self, address: str) -> str:
        if self.pages.count >= self.most:
            return say("entrance.full", most=self.most)
        if self.pages.by_address[address] >= self.most_of_address:
            return say("entrance.full_for_address", most=self.most_of_address)
        return ""


def most_pages() -> int:
    """METRIC_LAB_PAGES, or PAGES; ValueError for what is no whole number above 0."""
    return int(number_in(MOST, PAGES, is_whole=True))


def _is_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
    )
