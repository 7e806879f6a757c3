"""The exchange on this disk and on an FTP server: what was written comes back, and half of it is never taken."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.runs import exchange as module
from core.runs.exchange import Exchange, File, checked_name, file_of
from tests.ftp import FtpServer, ftp_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FtpServer]:
    (tmp_path / "served").mkdir()
    with ftp_server(tmp_path / "served") as server:
        yield server


@pytest.fixture(params=["file", "ftp"])
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Exchange:
    if request.param == "ftp":
        return Exchange(request.getfixturevalue("server").address)
    return Exchange((tmp_path / "shared" / "folder").as_uri())


def file(content: bytes) -> File:
    return File(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def test_what_was_written_comes_back(exchange: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 1 << 17)
    exchange.check()
    content = os.urandom(700_001)  # several blocks, the last of which is short
    (tmp_path / "source").write_bytes(content)
    exchange.put_file("files/long", tmp_path / "source")
    exchange.put("files/short", b"short")
    exchange.put("files/short", b"shorter")
    exchange.get_whole("files/long", file(content), tmp_path / "to" / "target")
    assert (tmp_path / "to" / "target").read_bytes() == content and file_of(tmp_path / "source") == file(content)
    assert exchange.get("files/short") == b"shorter" == exchange.get_piece("files/short", file(b"shorter"))
    exchange.put_json("one.json", {"of": [1, "ä"]})
    assert exchange.get_json("one.json") == {"of": [1, "ä"]}


def test_what_is_removed_or_was_never_there_is_missing(exchange: Exchange) -> None:
    exchange.put("jobs/one/1", b"x")
    exchange.put("jobs/one/wanted", b"run")
    exchange.remove("jobs/one/1")
    exchange.remove("jobs/two")
    for name in ("jobs/one/1", "jobs/two/1", "other"):
        with pytest.raises(FileNotFoundError):
            exchange.get(name)
    assert exchange.get("jobs/one/wanted") == b"run"
    exchange.remove("jobs")
    with pytest.raises(FileNotFoundError):
        exchange.get("jobs/one/wanted")


def test_half_a_file_is_never_taken_for_a_whole_one(exchange: Exchange, tmp_path: Path) -> None:
    content = b'{"pieces": [1, 2, 3]}'
    target = tmp_path / "target"
    target.write_bytes(b"as before")
    for end in range(len(content)):
        exchange.put("one", content[:end])
        with pytest.raises(OSError, match="not yet"):
            exchange.get_json("one")
    for half in (content[:-1], content[:-1] + b"]", b""):
        exchange.put("one", half)
        with pytest.raises(OSError):
            exchange.get_whole("one", file(content), target)
        with pytest.raises(OSError):
            exchange.get_piece("one", file(content))
        assert target.read_bytes() == b"as before" and [path.name for path in tmp_path.glob(".*.part")] == []
    exchange.get_whole("absent", file(b""), target)
    assert target.read_bytes() == b"", "an empty file need not be there"


def test_a_connection_that_was_closed_is_opened_again(server: FtpServer) -> None:
    exchange = Exchange(server.address)
    exchange.put("one", b"1")
    server.hang_up()
    assert exchange.get("one") == b"1"
    server.hang_up()
    exchange.put("two", b"2")
    assert exchange.get("two") == b"2"


class ForeignError(Exception):
    """Of a file system, as those of SFTP and S3 are: neither an OSError nor one of FTP."""


@pytest.mark.parametrize("error", [ForeignError("no session"), KeyError("bucket"), ValueError("closed file")])
def test_errors_of_whichever_file_system_say_that_it_is_out_of_reach(tmp_path: Path, error: Exception) -> None:
    exchange = Exchange(tmp_path.as_uri())
    tries: list[str] = []

    def refuse(system: object, path: str) -> None:
        tries.append(path)
        raise error

    with pytest.raises(OSError, match=f"{type(error).__name__}: ") as raised:
        exchange._do("one", refuse)
    assert raised.value.__cause__ is error and len(tries) == 2, "once more by another connection"
    exchange.put("one", b"1")


def test_json_of_no_end_is_none(tmp_path: Path) -> None:
    exchange = Exchange(tmp_path.as_uri())
    exchange.put("one.json", b"[" * 200_000)
    with pytest.raises(OSError, match="not yet"):
        exchange.get_json("one.json")


def test_threads_do_not_disturb_each_other(exchange: Exchange) -> None:
    exchange.check()
    contents = [os.urandom(5_000) for _ in range(12)]

    def round_trip(number: int) -> bytes:
        exchange.put(f"files/{number}", contents[number])
        return exchange.get(f"files/{number}")

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(round_trip, range(12))) == contents


@pytest.mark.parametrize(
    "address, said",
    [
        ("file:///dev/null/folder", "got file:///dev/null/folder"),
        ("nothing-like-it://host/folder", "Protocol not known"),
        ("ftp://lab:secret@127.0.0.1:1/folder", "got ftp://127.0.0.1:1/folder .*refused"),
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused_without_its_password(address: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as raised:
        Exchange(address).check()
    assert "METRIC_LAB_EXCHANGE must be the address of a folder" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_an_exchange_that_gives_other_bytes_back_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Exchange, "get", lambda self, name: b"other")
    with pytest.raises(ValueError, match="must give back what was written"):
        Exchange(tmp_path.as_uri()).check()


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../other", "runs/../../other", "runs\\other"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must lie in its folder"):
        checked_name(name)
    with pytest.raises(ValueError, match="must lie in its folder"):
        Exchange(tmp_path.as_uri()).put(name, b"x")
