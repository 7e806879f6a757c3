"""Requests under other names than those of the server, and those that pages of other sites make, are turned away.

A page that somebody has open elsewhere can point a name of its own at this machine (DNS rebinding), or have the browser
ask here: in both cases the browser says by which name it asks (Host) and whose page does (Origin).
"""

from __future__ import annotations

import os
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.entrance.ways_in import is_of_this_machine
from dashboard.wording import say

HOSTS = "METRIC_LAB_HOSTS"
OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def known_hosts(address: str) -> tuple[str, ...] | None:
    """The names by which browsers may ask a server that listens at this address: those of METRIC_LAB_HOSTS, separated
    by commas, and those of this machine. None, for all names, where it listens to others and none is given."""
    given = [name.strip().lower() for name in os.environ.get(HOSTS, "").split(",") if name.strip()]
    if not given and not is_of_this_machine(address):
        return None
    return (*given, *OF_THIS_MACHINE)


class KnownHosts:
    """Stands before an app, for requests and sockets alike. Where `hosts` are not known, pages of other sites are still
    turned away: the browser asks for one host, and says that a page of another one does."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None) -> None:
        self.app, self.hosts = app, None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from a known host."""
        refused = self._refused(Headers(scope=scope)) if scope["type"] in ("http", "websocket") else None
        if refused is None:
            await self.app(scope, receive, send)
            return
        known = ", ".join(sorted(self.hosts)) if self.hosts else Headers(scope=scope).get("host", "")
        sentence = say("pages.host", known=known, got=refused[:100], setting=HOSTS)
        await PlainTextResponse(sentence, 403)(scope, receive, send)

    def _refused(self, headers: Headers) -> str | None:
        asked = [f"//{headers.get('host', '')}"] + ([headers["origin"]] if "origin" in headers else [])
        hosts = {_name_in(asked[0])} if self.hosts is None else self.hosts
        return next((url for url in asked if _name_in(url) not in hosts), None)


def _name_in(url: str) -> str:
    """The host of an address in lower case, without port, brackets and the dot that may end it; empty for none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
