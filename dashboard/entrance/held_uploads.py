"""How many bytes of brought files the server holds: Streamlit keeps a file as long as its page is open."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance

from core.system.environment import number_in
from dashboard.wording import say

MOST = "METRIC_LAB_UPLOADS"
GIGABYTES = 2.0
FILE = re.compile(r".*/_stcore/upload_file/([^/]+)/([^/]+)")
PART_OF_ONE = 4  # one page may hold so many-th a part of all


class HeldUploads:
    """Stands before an app: a file that is too much is refused as soon as that is known, and none that is held goes."""

    def __init__(self, app: ASGIApp, most: int, is_open: Callable[[str], bool] | None = None) -> None:
        self.app, self._is_open = app, is_open or _is_open
        held.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what goes by, and what is taken back."""
        found = FILE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] not in ("PUT", "DELETE"):
            await self.app(scope, receive, send)
            return
        session, file = found.groups()
        held.forget(self._is_open)
        if scope["method"] == "DELETE":
            held.files[session].pop(file, None)
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        room = held.room(session)
        if told.isdigit() and int(told) > room:
            await self._refuse(room, scope, receive, send)
            return
        await self._take(session, file, scope, receive, send)

    async def _take(self, session: str, file: str, scope: Scope, receive: Receive, send: Send) -> None:
        files, answered = held.files[session], 0

        async def counted() -> Message:
            message = await receive()
            files[file] = files.get(file, 0) + len(message.get("body", b""))
            if held.room(session) < 0:  # it said less than it is
                return {"type": "http.disconnect"}
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = message.get("status", answered)
            await send(message)

        try:
            await self.app(scope, counted, noted)
        finally:
            if not 200 <= answered < 300:
                files.pop(file, None)

    async def _refuse(self, room: int, scope: Scope, receive: Receive, send: Send) -> None:
        sentence = say("entrance.no_room", room=max(room, 0) / 1e6)
        await PlainTextResponse(sentence, 413)(scope, receive, send)


class Held:
    """The bytes of the files of each open page."""

    def __init__(self) -> None:
        self.most = int(GIGABYTES * 1e9)
        self.files: defaultdict[str, dict[str, int]] = defaultdict(dict)

    def room(self, session: str = "") -> int:
        """How many bytes more may be brought, by a page where it is named."""
        of_all = self.most - sum(sum(files.values()) for files in self.files.values())
        if not session:
            return of_all
        return min(of_all, self.most // PART_OF_ONE - sum(self.files[session].values()))

    def forget(self, is_open: Callable[[str], bool]) -> None:
        """Those of pages that are closed, of which Streamlit holds nothing any more."""
        for session in [one for one in self.files if not is_open(one)]:
            del self.files[session]


held = Held()


def most_bytes() -> int:
    """METRIC_LAB_UPLOADS, in gigabytes, or GIGABYTES; ValueError for what is no number above 0."""
    return int(number_in(MOST, GIGABYTES) * 1e9)


def _is_open(session: str) -> bool:
    return get_instance().is_active_session(session)
