"""What the app serves beside its pages: addresses with digests may be kept for ever, and only plain names are asked."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import streamlit as st
from starlette.applications import Starlette

from dashboard.components import frames, routes

STRANGE_NAMES = ["..%2Ftiles", ".tiles", "a" * 101, "a b", "-a"]


@dataclass(frozen=True)
class Answer:
    """What the server said to one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answered(app: Starlette, address: str, **headers: str) -> Answer:
    """The answer of an app to one request, without a server."""
    parts = urlsplit(address)
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # the browser stays until it has its answer
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(parts.path),
        "query_string": parts.query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    with ThreadPoolExecutor(1) as pool:  # a browser that another test has open has a loop of this thread's own
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    start, *bodies = said
    own = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], own, b"".join(part["body"] for part in bodies))


def app_of(
    find_probe: Callable[[str], Path | None] = lambda name: None,
    find_news: Callable[[str, str, str, str], bytes | None] = lambda name, theme, have, language: None,
    stamp: Callable[[str], int] = lambda name: 0,
    base_url: str = "",
    problem: Callable[[], str] = lambda: "",
) -> Starlette:
    return Starlette(routes=routes.routes(find_probe, find_news, stamp, base_url, problem))


def test_plotly_is_sent_compressed_and_only_once() -> None:
    app, address = app_of(), routes.plotly_url()
    packed = answered(app, address, accept_encoding="gzip, br")
    assert packed.status == 200 and packed.headers["content-encoding"] == "gzip" and len(packed.body) < 1.7e6
    assert "immutable" in packed.headers["cache-control"] and packed.headers["vary"] == "accept-encoding"
    again = answered(app, address, accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    plain = answered(app, address)
    assert plain.body == gzip.decompress(packed.body) and "content-encoding" not in plain.headers
    assert plain.headers["etag"] != packed.headers["etag"]


def test_the_script_of_the_figure_is_kept_under_its_digest_alone() -> None:
    app, address = app_of(), routes.module_url()
    script = answered(app, address)
    assert script.body == (routes.FIGURE_FOLDER / "main.js").read_bytes()
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    old = answered(app, "/vendor/figure/0000/main.js")
    assert old.body == script.body and old.headers["cache-control"] == "no-store"
    assert answered(app, address.replace("main.js", "nothing.js")).status == 404


def test_frames_come_in_the_order_that_is_asked_for() -> None:
    digests = []
    for content in (b'{"first":1}', b'{"second":2}'):
        digests.append(frames.digest_of(content))
        frames.keep(digests[-1], content)
    answer = answered(app_of(), routes.frames_url() + ",".join(reversed(digests)))
    assert json.loads(answer.body) == [{"second": 2}, {"first": 1}]
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("count", [1, routes.MOST_FRAMES, routes.MOST_FRAMES + 1])
def test_a_frame_that_is_not_held_or_too_many_are_not_found(count: int) -> None:
    frames.keep("held", b"{}")
    held = answered(app_of(), f"/vendor/frames/{','.join(['held'] * count)}")
    assert held.status == (200 if count <= routes.MOST_FRAMES else 404)
    lost = answered(app_of(), f"/vendor/frames/{','.join(['held'] * (count - 1) + ['0' * 32])}")
    assert (lost.status, lost.headers["cache-control"]) == (404, "no-store")


def test_the_picture_of_a_run_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "probe.png"
    file.write_bytes(b"picture")
    app = app_of({"tiles": file, "lost": tmp_path / "nothing.png"}.get)
    answer = answered(app, "/runs/tiles/probe.png")
    assert (answer.body, answer.headers["content-type"]) == (b"picture", "image/png")
    assert answered(app, "/runs/lost/probe.png").status == answered(app, "/runs/unknown/probe.png").status == 404


def test_the_picture_of_a_word_may_be_kept_for_ever_and_one_of_none_is_not_found() -> None:
    drawings = {("dark", "anchor"): "<svg/>"}
    found = routes.routes(lambda name: None, find_drawing=lambda theme, word: drawings.get((theme, word)))
    answer = answered(Starlette(routes=found), routes.drawing_url("0123", "dark", "anchor"))
    assert (answer.status, answer.body) == (200, b"<svg/>") and "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("image/svg+xml")
    for theme, word in (("light", "anchor"), ("dark", "flux")):
        assert answered(Starlette(routes=found), routes.drawing_url("0123", theme, word)).status == 404


def test_news_are_asked_for_with_the_theme_the_last_frame_and_the_language() -> None:
    told = {("run", "dark", "d1", "en"): b"{}", ("run", "dark", "d1", "zh"): b"[]"}
    app = app_of(find_news=lambda *asked: told.get(asked))
    news = answered(app, "/runs/run/map?theme=dark&have=d1")
    assert (news.status, news.body, news.headers["cache-control"]) == (200, b"{}", "no-store")
    assert answered(app, "/runs/run/map?theme=dark&have=d1&language=zh").body == b"[]"
    assert answered(app, "/runs/other/map").status == 404


@pytest.mark.parametrize("comes", [True, False])
def test_whoever_asks_for_news_waits_until_there_are_some(comes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WAIT_SECONDS", 5.0 if comes else 0.3)
    looks = 0

    def stamp(name: str) -> int:
        nonlocal looks
        looks += 1
        return int(comes and looks > 5)

    app = app_of(find_news=lambda *_: b"news" if stamp("run") else b"", stamp=stamp)
    answer = answered(app, "/runs/run/map")
    assert (answer.status, answer.body) == ((200, b"news") if comes else (204, b""))
    assert looks > 5


def test_readers_who_wait_are_told_by_one_look_and_each_has_looked_alone_before() -> None:
    looks, told = list[str](), 0

    def find(name: str, theme: str, have: str, language: str) -> bytes | None:
        looks.append(name)
        return None if name == "secret" else b"news" if told else b""

    def stamp(name: str) -> int:
        return told

    async def asked(app: Starlette, name: str) -> int:
        nonlocal told
        said: list[Any] = []

        async def send(message: Any) -> None:
            said.append(message)

        scope = {"type": "http", "method": "GET", "path": f"/runs/{name}/map", "query_string": b"", "headers": []}
        await app(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]
        return int(said[0]["status"])

    async def several() -> list[int]:
        nonlocal told
        app = app_of(find_news=find, stamp=stamp)
        waiting = [asyncio.ensure_future(asked(app, name)) for name in [*["run"] * 10, "secret"]]
        while len(looks) < 11:
            await asyncio.sleep(0.01)
        told = 1
        return await asyncio.gather(*waiting)

    with ThreadPoolExecutor(1) as pool:
        statuses = pool.submit(asyncio.run, several()).result()
    assert statuses == [*[200] * 10, 404] and looks.count("run") == 11 and looks.count("secret") == 1


def test_a_balancer_is_told_whether_pages_work() -> None:
    assert answered(app_of(), "/api/health").body == b'{"status":"works"}'
    answer = answered(app_of(base_url="lab", problem=lambda: "OSError in the store"), "/lab/api/health")
    assert (answer.status, answer.body) == (503, b'{"status":"fails","problem":"OSError in the store"}')
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_only_plain_names_are_looked_up(name: str) -> None:
    asked: list[str] = []
    app = app_of(lambda name: asked.append(name), lambda name, theme, have, language: asked.append(name))
    assert answered(app, f"/runs/{name}/probe.png").status == answered(app, f"/runs/{name}/map").status == 404
    assert answered(app, "/runs/plain/map").status == 404 and asked == ["plain"]


@pytest.mark.parametrize(("base", "before"), [("", ""), ("lab", "/lab"), ("/a/lab/", "/a/lab")])
def test_addresses_lie_below_the_base_path_of_the_server(
    base: str, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": base}.get)
    app = app_of(base_url=base)
    frames.keep("held", b"{}")
    for address in (routes.plotly_url(), routes.module_url(), f"{routes.frames_url()}held"):
        assert address.startswith(f"{before}/vendor/")
        assert answered(app, address).status == 200
    assert routes.below_base("/runs/tiles/probe.png") == f"{before}/runs/tiles/probe.png"
