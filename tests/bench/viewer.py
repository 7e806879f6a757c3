"""A reader of a page without a browser: a client that receives all that a page sends, asks again when the page says so,
fetches what figures name and grow by, and paints nothing."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

REST_SECONDS = 0.2  # between two requests for news, as source.js has it
ASKED_BEFORE_SECONDS = 0.5  # by earlier builds, whose servers answer at once
HEARTBEAT_SECONDS = 0.05  # how long it waits for a message before it looks at its clock
AT_ONCE = 50  # frames, as in frames.js


class Viewer:
    """One open page, in threads of its own until it is closed. `arrivals`: when the last byte of a frame of the first
    figure came, by the frame's name and by time.monotonic; `problems`: what the page told of that went wrong."""

    def __init__(self, address: str, page: str, query: str) -> None:
        self.address, self.page, self.query = address, page, query
        self.received = 0  # bytes
        self.arrivals: dict[str, float] = {}
        self.problems: list[str] = []
        self.last_frame = ""  # the digest of the last frame of the figure that came last
        self._buttons: dict[str, str] = {}  # what they are called, by their ids
        self._pressed = ""
        self._known: set[str] = set()  # digests of frames
        self._again: dict[str, tuple[float, float]] = {}  # of a fragment: seconds, and when it is due
        self._source, self._have, self._script = "", "", ""
        self._is_open = True
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._watch, self._follow)]
        for thread in self._threads:
            thread.start()

    def press(self, key: str) -> bool:
        """Press the button of this key once it is there, and take what comes for another page's; whether it is."""
        ids = [name for name in self._buttons if name.endswith(f"-{key}")]
        if not ids:
            return False
        self.arrivals, self._source, self._pressed = {}, "", ids[-1]
        return True

    def close(self) -> None:
        self._is_open = False
        for thread in self._threads:
            thread.join(timeout=30)

    def _watch(self) -> None:
        """The socket: messages as they come, and fragments when they are due."""
        url = f"{self.address.replace('http', 'ws', 1)}/_stcore/stream"
        try:
            with connect(url, subprotocols=["streamlit"], max_size=None, open_timeout=60) as connection:  # type: ignore[list-item]
                self._ask(connection)
                while self._is_open:
                    with suppress(TimeoutError):
                        self._take(connection.recv(timeout=HEARTBEAT_SECONDS))
                    now = time.monotonic()
                    if self._pressed:
                        pressed, self._pressed, self._again = self._pressed, "", {}
                        self._ask(connection, pressed=pressed)
                    for fragment, (seconds, due) in list(self._again.items()):
                        if now >= due:
                            self._again[fragment] = seconds, now + seconds
                            self._ask(connection, fragment)
        except (OSError, ConnectionClosed) as problem:
            self.problems.append(f"socket: {problem}")

    def _follow(self) -> None:
        """News of the figure that grows; a server that has none for now answers late, or at once as earlier ones."""
        while self._is_open:
            source, began = self._source, time.monotonic()
            answered = bool(source) and self._fetch_news(source)
            is_early = time.monotonic() - began < REST_SECONDS
            time.sleep(ASKED_BEFORE_SECONDS if is_early and not answered else REST_SECONDS)

    def _ask(self, connection: ClientConnection, fragment: str = "", pressed: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = self.query, self.page
        if fragment:  # with the page that it belongs to: one that begins anew would be the first of the app
            state.fragment_id, state.is_auto_rerun, state.page_script_hash = fragment, True, self._script
        if pressed:
            state.page_script_hash = self._script
            state.widget_states.widgets.add(id=pressed, trigger_value=True)
        connection.send(message.SerializeToString())

    def _take(self, content: str | bytes) -> None:
        assert isinstance(content, bytes)
        self.received += len(content)
        message = ForwardMsg.FromString(content)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            seconds, fragment = message.auto_rerun.interval, message.auto_rerun.fragment_id
            if seconds != self._again.get(fragment, (0.0, 0.0))[0]:
                self._again[fragment] = seconds, time.monotonic() + seconds
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._again.pop(fragment, None)
        elif kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                self.problems.append(f"{element.exception.type}: {element.exception.message}")
            elif element.WhichOneof("type") == "bidi_component":
                self._show(json.loads(element.bidi_component.json or "{}"))
            elif element.WhichOneof("type") == "button":
                self._buttons[element.button.id] = element.button.label

    def _show(self, data: dict[str, Any]) -> None:
        if not data.get("frames"):
            return
        for digest in data.get("chapters", ()):  # earlier builds have none
            if digest not in self._known:
                self._known.add(digest)
                data["frames"][:0] = (json.loads(self._fetch(f"/vendor/frames/{digest}") or "[[]]"))[0]
        self._fetch_frames(data["frames"], is_first=bool(data.get("scrub")))
        if data.get("source"):
            self._source, self._have = data["source"], data["frames"][-1][2]

    def _fetch_frames(self, frames: list[list[Any]], *, is_first: bool) -> None:
        missing = [digest for _, _, digest in frames if digest not in self._known]
        for start in range(0, len(missing), AT_ONCE):
            self._fetch(f"/vendor/frames/{','.join(missing[start : start + AT_ONCE])}")
        self._known.update(missing)
        if is_first and frames:
            now, self.last_frame = time.monotonic(), frames[-1][2]
            for name, *_ in frames:
                self.arrivals.setdefault(name, now)

    def _fetch_news(self, source: str) -> bool:
        have = self._have
        news = self._fetch(f"{source}{'&' if '?' in source else '?'}have={have}")
        if not news:
            return False
        told = json.loads(news)
        frames = told["frames"]
        self._known.update(told.get("contents", ()))
        self._fetch_frames(frames, is_first=True)
        if self._have == have:  # else a message came meanwhile
            self._have = frames[-1][2]
        return True

    def _fetch(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=30) as answer:
                content: bytes = answer.read()
        except (OSError, urllib.error.HTTPError) as problem:
            if self._is_open:
                self.problems.append(f"{path[:40]}: {problem}")
            return b""
        self.received += len(content)
        return content
