"""The header by which a page names the scripts that it will ask for."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from dashboard.components import routes
from dashboard.components.fetched_ahead import FetchedAhead

SCRIPTS = ["/vendor/figure/1/main.js", "/vendor/figure/1/axes.js"]


def link_of(path: str) -> str | None:
    """The header of this name with which an app of one page and one list of numbers answers."""
    page = Route("/", lambda request: HTMLResponse("page", headers={"link": "</kept>; rel=prefetch"}))
    numbers = Route("/numbers", lambda request: JSONResponse([1]))
    app = FetchedAhead(Starlette(routes=[page, numbers]), lambda: SCRIPTS)
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    with ThreadPoolExecutor(1) as pool:  # a browser that another test has open has a loop of this thread's own
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    assert [message["type"] for message in said] == ["http.response.start", "http.response.body"]
    links = [value.decode() for name, value in said[0]["headers"] if name == b"link"]
    return ", ".join(links) or None


def test_a_page_names_every_script_beside_what_it_named_before() -> None:
    assert link_of("/") == (
        "</kept>; rel=prefetch, "
        "</vendor/figure/1/main.js>; rel=modulepreload, </vendor/figure/1/axes.js>; rel=modulepreload"
    )


def test_what_is_no_page_stays_as_it_is() -> None:
    assert link_of("/numbers") is None


def test_the_scripts_of_the_figure_are_those_that_a_figure_asks_for() -> None:
    urls = routes.script_urls()
    assert urls[0] == routes.module_url() and len(set(urls)) == len(urls) > 20
    assert all(url.endswith(".js") for url in urls)
    assert len(", ".join(f"<{url}>; rel=modulepreload" for url in urls)) < 3000  # of the 4 kB that proxies allow
