"""Stands before the app and lets in whom the server knows; others are asked for the code of the class."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.entrance import visitors
from dashboard.entrance.visitors import COOKIE, NAME_LENGTH, Visitor
from dashboard.entrance.ways_in import WayIn
from dashboard.wording import say

FORM = Path(__file__).with_name("enter.html")
ENTER = "/enter"
OPEN_TO_ALL = ("/_stcore/health", "/api/health")  # which tell a balancer that the server lives, and nothing else
KEPT_SECONDS = 30 * 24 * 3600
FREE_TRIES, MOST_SECONDS, ADDRESSES = 10, 60, 10_000
MOST_FORM_BYTES = 4096
POLICY = {
    "default-src": "'none'",
    "img-src": "data:",
    "style-src": "'unsafe-inline'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "; ".join(map(" ".join, POLICY.items())),
    "referrer-policy": "same-origin",  # with none at all a form does not say from where it comes
}


class Gate:
    """For requests and sockets alike; `base` is `server.baseUrlPath` with a slash before it."""

    def __init__(self, app: ASGIApp, way: WayIn, base: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self.app, self.way, self.base, self._tries = app, way, base, Tries(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from somebody who is known, and the pages' scripts may ask who that is."""
        if scope["type"] not in ("http", "websocket") or self.way.is_open:
            await self.app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"].removeprefix(self.base)
        visitor = visitors.found_in(self.way, cookie_parser(headers.get("cookie", "")), dict(headers))
        if visitor is None and path not in OPEN_TO_ALL:
            await (await self._answer(scope, receive, path))(scope, receive, send)
            return
        before = visitors.asking.set(visitor)
        try:
            await self.app(scope, receive, send)
        finally:
            visitors.asking.reset(before)

    async def _answer(self, scope: Scope, receive: Receive, path: str) -> Response:
        if self.way.header:
            return PlainTextResponse(say("entrance.no_header", header=self.way.header), 403)
        if scope["type"] == "websocket":
            return PlainTextResponse(say("entrance.no_cookie"), 401)
        request = Request(scope, receive)
        if path == ENTER and request.method == "POST":
            return await self._entered(request)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return self._form(asked if path != ENTER else f"{self.base}/")
        return PlainTextResponse(say("entrance.no_cookie"), 401)

    async def _entered(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_FORM_BYTES:
                return PlainTextResponse(say("entrance.wrong"), 413)
        given = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
        name, to = visitors.cleaned(given.get("name", "")), self._own(given.get("to", ""))
        if seconds := self._tries.wait(address):
            return self._form(to, say("entrance.too_often", seconds=seconds), name)
        if not any(one.isalnum() for one in name):
            return self._form(to, say("entrance.unnamed"), name)
        visitor = visitors.entered(self.way, given.get("code", "").strip(), name)
        if visitor is None:
            self._tries.failed(address)
            return self._form(to, say("entrance.wrong"), name)
        return self._let_in(request, visitor, to)

    def _let_in(self, request: Request, visitor: Visitor, to: str) -> Response:
        answer = RedirectResponse(quote(to, safe="/?=&%,+:;@~-._"), 303, {"cache-control": "no-store"})
        is_secret = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
        cookie, path = visitors.cookie_of(self.way, visitor), self.base or "/"
        answer.set_cookie(COOKIE, cookie, KEPT_SECONDS, path=path, secure=is_secret, httponly=True, samesite="lax")
        return answer

    def _own(self, to: str) -> str:
        """Where somebody wanted to go, if that is here: an address that names another host is none."""
        parts = urlsplit(to)
        is_own = to.startswith(f"{self.base}/") and not to.startswith("//") and "\\" not in to
        return to if is_own and not (parts.scheme or parts.netloc) else f"{self.base}/"

    def _form(self, to: str, problem: str = "", name: str = "") -> Response:
        words = {what: escape(say(f"entrance.{what}")) for what in ("title", "lead", "name", "code", "enter", "kept")}
        said = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
        values = {"problem": said, "to": escape(to), "given": escape(name), "most": NAME_LENGTH}
        page = Template(FORM.read_text(encoding="utf-8")).substitute(
            words | values, app=escape(say("pages.app")), action=escape(f"{self.base}{ENTER}")
        )
        return HTMLResponse(page, 200, HEADERS)


class Tries:
    """How long an address has to wait after wrong codes: not at all after some, then twice as long after each."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._failed = clock, OrderedDict[str, tuple[int, float]]()

    def wait(self, address: str) -> int:
        """Seconds until the next try."""
        count, until = self._failed.get(address, (0, 0.0))
        return max(0, int(until - self._clock() + 0.999)) if count > FREE_TRIES else 0

    def failed(self, address: str) -> None:
        """Note one; those of an address are forgotten once it has kept quiet, or very many others have come."""
        count, until = self._failed.pop(address, (0, 0.0))
        count = 1 if self._clock() > until + 10 * MOST_SECONDS else count + 1
        self._failed[address] = count, self._clock() + min(2 ** max(0, count - FREE_TRIES), MOST_SECONDS)
        while len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)
