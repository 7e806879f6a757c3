"""Requests under other names than those of the server, and those that pages of other sites make, are turned away.

A page that somebody has open elsewhere can point a name of its own at this machine (DNS rebinding), or have the browser
ask here: in both cases the browser says by which name it asks (Host) and whose page does (Origin).
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.wording import say

HOSTS = "METRIC_LAB_HOSTS"
OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def known_hosts(address: str) -> tuple[str, ...] | None:
    """The names by which browsers may ask a server that listens at this address: those of METRIC_LAB_HOSTS, separated
    by commas, and those of this machine. None, for all names, where it listens to others and none is given."""
    given = [name.strip().lower() for name in os.environ.get(HOSTS, "").split(",") if name.strip()]
    if not given and not _is_of_this_machine(address):
        return None
    return (*given, *OF_THIS_MACHINE)


def _is_of_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


class KnownHosts:
    """Stands before an app, for requests and sockets alike."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from a known host."""
        refused = self._refused(Headers(scope=scope)) if scope["type"] in ("http", "websocket") else None
        if refused is None:
            await self.app(scope, receive, send)
            return
        sentence = say("pages.host", known=", ".join(sorted(self.hosts)), got=refused[:100], setting=HOSTS)
        await PlainTextResponse(sentence, 403)(scope, receive, send)

    def _refused(self, headers: Headers) -> str | None:
        asked = [f"//{headers.get('host', '')}"] + ([headers["origin"]] if "origin" in headers else [])
        return next((url for url in asked if _name_in(url) not in self.hosts), None)


def _name_in(url: str) -> str:
    """The host of an address in lower case, without port, brackets and the dot that may end it; empty for none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
