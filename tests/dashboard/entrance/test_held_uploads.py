"""Files are counted as they come, refused where there is no room, and forgotten with their page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.entrance.held_uploads import MOST, Held, HeldUploads, held, most_bytes
from tests.dashboard.entrance.asked import REACHED, Answer, app, asked

OPEN = {"a", "b"}


async def taking(scope: Any, receive: Any, send: Any) -> None:
    """As Streamlit does: reads all of it, and says that it has."""
    message = await receive()
    status = 400 if message["type"] == "http.disconnect" else 204
    await send({"type": "http.response.start", "status": status, "headers": []})


@pytest.fixture
def uploads() -> Iterator[HeldUploads]:
    held.files.clear()
    yield HeldUploads(taking, 1000, OPEN.__contains__)
    held.files.clear()
    held.most = Held().most


def bring(uploads: HeldUploads, page: str, file: str, size: int, told: int | None = None) -> Answer:
    length = {} if told == -1 else {"content-length": str(size if told is None else told)}
    return asked(uploads, f"/lab/_stcore/upload_file/{page}/{file}", method="PUT", body=bytes(size), headers=length)


def test_what_is_brought_takes_room_and_gives_it_back(uploads: HeldUploads) -> None:
    assert bring(uploads, "a", "1", 200).status == 204 and held.room() == 800 and held.room("a") == 50
    refused = bring(uploads, "a", "2", 100)
    assert refused.status == 413 and "at most" in refused.body and held.room() == 800
    assert bring(uploads, "b", "3", 240).status == 204 and held.room() == 560
    asked(uploads, "/_stcore/upload_file/a/1", method="DELETE")
    assert held.room() == 760 and held.room("a") == 250


@pytest.mark.parametrize("told", [10, -1])
def test_what_says_less_than_it_is_is_cut_off(told: int, uploads: HeldUploads) -> None:
    assert bring(uploads, "a", "1", 400, told).status == 400 and held.room() == 1000


def test_a_closed_page_holds_nothing(uploads: HeldUploads) -> None:
    bring(uploads, "c", "1", 200)
    assert held.room() == 800
    bring(uploads, "a", "2", 100)
    assert held.room() == 900 and list(held.files) == ["a"]


def test_all_else_passes(uploads: HeldUploads) -> None:
    passing = HeldUploads(app, 1000, OPEN.__contains__)
    for path, method in (("/", "GET"), ("/_stcore/upload_file/a/1", "OPTIONS"), ("/_stcore/upload_file/a", "PUT")):
        assert asked(passing, path, method=method).status == REACHED
    assert not held.files


def test_how_much_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MOST, raising=False)
    assert most_bytes() == 2e9
    monkeypatch.setenv(MOST, "0.5GB")
    assert most_bytes() == 5e8
    for told in ("0", "-1", "much", "nan", "inf"):
        monkeypatch.setenv(MOST, told)
        with pytest.raises(ValueError, match="number above 0"):
            most_bytes()
