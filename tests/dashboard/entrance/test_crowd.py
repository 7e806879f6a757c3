"""So many pages may be open at a time, and room that is given back is room."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard.entrance.crowd import FULL_PACE, MOST, PAGES, SOCKET, Crowd, OpenPages, most_pages
from tests.dashboard.entrance.asked import REACHED, app, asked

HTML = {"accept": "text/html"}


def test_a_page_that_comes_too_late_is_told_and_room_comes_back() -> None:
    answers: list[int] = []

    async def meeting() -> None:
        ended = asyncio.Event()

        async def held(scope: Any, receive: Any, send: Any) -> None:
            await ended.wait()

        crowd = Crowd(held, most=3)

        async def open_from(address: str) -> None:
            async def send(message: Any) -> None:
                if "status" in message:
                    answers.append(message["status"])

            await crowd({"type": "websocket", "path": SOCKET, "client": (address, 1), "headers": [],
                         "extensions": {"websocket.http.response": {}}}, None, send)  # fmt: skip

        pages = [asyncio.create_task(open_from(address)) for address in ("a", "a", "a", "b", "b")]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert crowd.pages.by_address == {"a": 2, "b": 1} and answers == [503, 503]
        ended.set()
        await asyncio.gather(*pages)
        assert not crowd.pages.count

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, meeting()).result()


def test_pages_are_refused_in_a_sentence_and_what_is_no_page_passes() -> None:
    crowd = Crowd(app, most=1)
    assert asked(crowd, headers=HTML).status == REACHED
    crowd.pages.come("b")
    refused = asked(crowd, headers=HTML)
    assert refused.status == 503 and refused.body.startswith("At most 1 pages") and refused.headers["retry-after"]
    assert asked(crowd, "/vendor/plotly.min.js").status == asked(crowd, "/runs/x/map").status == REACHED


def test_how_many_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MOST, raising=False)
    assert most_pages() == PAGES
    monkeypatch.setenv(MOST, " 40 ")
    assert most_pages() == 40
    for told in ("0", "-1", "many", "1.5"):
        monkeypatch.setenv(MOST, told)
        with pytest.raises(ValueError, match="whole number above 0"):
            most_pages()


def test_pages_look_again_less_often_where_many_are_open() -> None:
    """Up at once, and down again only where there is room to spare."""
    pages, paces = OpenPages(), list[int]()
    for count in range(4 * FULL_PACE):
        pages.come(f"{count % 7}")
        paces.append(pages.times)
    assert paces == [1] * FULL_PACE + [2] * FULL_PACE + [4] * (2 * FULL_PACE)
    falling = list[int]()
    for count in reversed(range(4 * FULL_PACE)):
        pages.go(f"{count % 7}")
        falling.append(pages.times)
    assert falling[0] == 4 and falling[-1] == 1 and falling == sorted(falling, reverse=True)
    assert not pages.by_address


def test_one_that_comes_and_goes_changes_no_pace() -> None:
    pages, paces = OpenPages(), set[int]()
    for _ in range(FULL_PACE + 1):
        pages.come("a")
    for _ in range(10):
        pages.go("a")
        paces.add(pages.times)
        pages.come("a")
        paces.add(pages.times)
    assert paces == {2}
