"""Frames are found under the digest of their content, and those unused longest leave."""

from __future__ import annotations

from collections import OrderedDict
from threading import Thread

import pytest

from dashboard.components import frames
from dashboard.components.spool import Spool


@pytest.fixture(autouse=True)
def small_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing kept yet, and room for ten bytes."""
    monkeypatch.setattr(frames, "_kept", OrderedDict())
    monkeypatch.setattr(frames, "_versions", OrderedDict())
    monkeypatch.setattr(frames, "_size", 0)
    monkeypatch.setattr(frames, "LIMIT_BYTES", 10)


def kept(*names: str) -> list[bool]:
    return [frames.find(name) is not None for name in names]


def test_a_name_stands_for_one_content() -> None:
    first, second = frames.digest_of(b"first"), frames.digest_of(b"second")
    assert first == frames.digest_of(b"first") != second
    assert len(first) == len(second) == 32 and int(first, 16) != int(second, 16)


def test_a_content_is_found_under_its_name_alone() -> None:
    frames.keep("a", b"content")
    assert frames.find("a") == b"content" and frames.find("b") is None
    frames.keep("b", Spool().put(b"on disk"))
    assert frames.find("b") == b"on disk"


def test_those_unused_longest_leave_when_the_room_is_full() -> None:
    for name in "abc":
        frames.keep(name, b"four")
    assert kept("a", "b", "c") == [False, True, True]


def test_a_content_that_is_kept_again_stays_and_takes_no_room_twice() -> None:
    frames.keep("a", b"four")
    frames.keep("b", b"four")
    frames.keep("a", b"four")
    assert kept("a", "b") == [True, True]
    frames.keep("c", b"four")
    assert kept("a", "b", "c") == [True, False, True]


def test_the_newest_content_is_kept_however_large_it_is() -> None:
    frames.keep("a", b"four")
    frames.keep("b", b"longer than ten")
    assert kept("a", "b") == [False, True]


def test_of_what_grows_the_versions_that_nobody_shows_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "VERSIONS", 2)
    monkeypatch.setattr(frames, "LIMIT_BYTES", 100)
    frames.keep("frame", b"four")
    for version in ("a", "b", "a", "c"):
        frames.keep_version("curves", version, b"four")
    frames.keep_version("map", "d", b"four")
    assert kept("a", "b", "c", "d", "frame") == [True, False, True, True, True]
    assert frames._size == sum(map(len, frames._kept.values())) == 16


def test_of_the_names_of_what_grows_there_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_NAMES", 2)
    for name in "abc":
        frames.keep_version(name, name, b"1")
    assert list(frames._versions) == ["b", "c"] and kept("a", "b", "c") == [True, True, True]


def test_sessions_that_keep_frames_at_once_lose_no_count() -> None:
    threads = [Thread(target=lambda: [frames.keep(f"{k % 7}", b"four") for k in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert frames._size == sum(map(len, frames._kept.values())) == 8
