from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from core.admission.entry import Limits
from core.admission.tar_entries import tar_entries
from tests.core.admission.made import tarred


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_files_come_in_their_order_with_their_content(name: str, tmp_path: Path) -> None:
    path = tarred(tmp_path / name, [("b/2.png", b"two"), (".hidden/x", b"-"), ("a/1.png", b"one" * 10_000)])
    found = list(tar_entries(path, Limits()))
    assert [(entry.name, entry.content, entry.refusal) for entry in found] == [
        ("b/2.png", b"two", ""),
        ("a/1.png", b"one" * 10_000, ""),
    ]
    assert 0 < found[0].share <= found[1].share <= 1


def test_links_devices_and_pipes_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    kinds = {"sym": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "device": tarfile.CHRTYPE, "pipe": tarfile.FIFOTYPE}
    with tarfile.open(path, "w") as archive:
        for name, kind in kinds.items():
            member = tarfile.TarInfo(f"{name}.png")
            member.type, member.linkname = kind, "../outside"
            archive.addfile(member)
    assert {entry.name: entry.refusal for entry in tar_entries(path, Limits())} == {
        f"{name}.png": "it is a link or a device, not a file" for name in kinds
    }


def test_a_file_larger_than_may_be_is_passed_over(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", [("1.png", b"x" * 101), ("2.png", b"y" * 100)])
    found = list(tar_entries(path, Limits(entry_bytes=100)))
    assert [(entry.content, entry.refusal) for entry in found] == [
        (b"", "it is larger than 100 bytes"),
        (b"y" * 100, ""),
    ]


def test_so_many_files_and_no_more(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", [(f"{number}", b"") for number in range(20)])
    assert len(list(tar_entries(path, Limits(entries=20)))) == 20
    with pytest.raises(ValueError, match="'a.tar' must hold at most 19 files, got more"):
        list(tar_entries(path, Limits(entries=19)))


def test_what_unpacks_to_more_than_may_come_ends_it_though_it_is_passed_over(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar.gz", [("1.bmp", bytes(3_000_000)), ("2.png", b"x")])
    limits = Limits(free_bytes=1000, ratio=20, entry_bytes=100)
    assert path.stat().st_size * limits.ratio < 3_000_000
    with pytest.raises(ValueError, match="must unpack to at most .* bytes, got more"):
        list(tar_entries(path, limits))


def header(name: str, size: int, kind: bytes) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.type = size, kind
    return member.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.REGTYPE])
@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_a_header_that_tells_of_more_than_there_is_takes_no_memory(kind: bytes, name: str, tmp_path: Path) -> None:
    content = header("first", 1 << 40, kind) + bytes(1024)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    try:
        found = list(tar_entries(tmp_path / name, Limits()))
    except ValueError as problem:
        assert " must " in str(problem)
    else:
        assert all(entry.refusal for entry in found)


def test_what_stands_before_a_damage_is_read_and_the_damage_named(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", [("1.png", b"one"), ("2.png", b"two")])
    content = path.read_bytes()
    path.write_bytes(content[:1024] + b"\xff" * 512 + content[1536:])
    found = list(tar_entries(path, Limits()))
    assert found[0].content == b"one" and not found[0].refusal
    assert len(found) < 2 or "it is damaged" in found[1].refusal


@pytest.mark.parametrize(
    "content", [b"no archive at all" * 100, gzip.compress(b"nor this" * 100, mtime=0)], ids=["plain", "gzip"]
)
def test_what_is_no_archive_is_said_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(ValueError, match="'a.tar' must be a whole tar archive"):
        list(tar_entries(tmp_path / "a.tar", Limits()))


def test_a_file_cut_short_is_refused_alone(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", [("1.png", b"one"), ("2.png", b"x" * 2000)])
    path.write_bytes(path.read_bytes()[:2000])
    found = list(tar_entries(path, Limits()))
    assert found[0].content == b"one"
    assert [bool(entry.refusal) for entry in found[1:]] == [True] * len(found[1:])


def test_gzip_content_is_read_by_what_it_is_and_not_by_its_name(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", [("1.png", b"one")])
    packed = io.BytesIO(gzip.compress(path.read_bytes()))
    path.write_bytes(packed.getvalue())
    assert [entry.content for entry in tar_entries(path, Limits())] == [b"one"]
