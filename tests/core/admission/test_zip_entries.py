from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from core.admission.entry import Limits
from core.admission.zip_entries import zip_entries
from tests.core.admission.made import zipped


def test_files_come_in_their_order_with_their_content(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [("b/2.png", b"two"), ("a/", b""), ("a/1.png", b"one"), ("__MACOSX/x", b"-")])
    found = list(zip_entries(path, Limits()))
    assert [(entry.name, entry.content, entry.refusal) for entry in found] == [
        ("b/2.png", b"two", ""),
        ("a/1.png", b"one", ""),
    ]
    assert [entry.share for entry in found] == [0.25, 0.75]


def test_a_file_larger_than_may_be_is_refused_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [("1.png", b"x" * 100), ("2.png", b"x" * 101)])
    found = list(zip_entries(path, Limits(entry_bytes=100)))
    assert [entry.refusal for entry in found] == ["", "it is larger than 100 bytes"]


def test_a_size_that_is_a_lie_is_found_while_it_comes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [("1.png", b"x" * 5000)])
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(signature) + offset
        content[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    (entry,) = zip_entries(path, Limits())
    assert "it is damaged" in entry.refusal and entry.content == b""


def test_what_unpacks_to_more_than_may_come_ends_it(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [(f"{number}.bmp", bytes(100_000)) for number in range(20)])
    limits = Limits(free_bytes=1000, ratio=20)
    assert path.stat().st_size * limits.ratio < 2_000_000, "the case must be above the ratio"
    with pytest.raises(ValueError, match="must unpack to at most .* bytes, got more"):
        list(zip_entries(path, limits))
    assert len(list(zip_entries(path, Limits()))) == 20


@pytest.mark.parametrize("count", [20, 21])
def test_so_many_files_and_no_more(count: int, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [(f"{number}", b"") for number in range(count)])
    if count == 20:
        assert len(list(zip_entries(path, Limits(entries=20)))) == 20
        return
    with pytest.raises(ValueError, match="'a.zip' must hold at most 20 files, got more"):
        list(zip_entries(path, Limits(entries=20)))


def test_a_long_directory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [(f"{number:0100}", b"") for number in range(800)])
    with pytest.raises(ValueError, match="must hold at most"):
        list(zip_entries(path, Limits(directory_bytes=70_000)))


def test_too_many_entries_are_refused_before_an_object_is_made_of_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "a.zip", [(f"{number}", b"") for number in range(21)])

    def fail(name: str) -> None:
        raise AssertionError(name)

    monkeypatch.setattr(zipfile, "ZipInfo", fail)
    with pytest.raises(ValueError, match="must hold at most 20 files, got more"):
        list(zip_entries(path, Limits(entries=20)))
    with pytest.raises(AssertionError):
        list(zip_entries(path, Limits(entries=21)))


def test_links_encrypted_files_and_other_packings_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.png")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, b"../outside")
        archive.writestr("lzma.png", b"x", zipfile.ZIP_LZMA)
        archive.writestr("secret.png", b"x")
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    reasons = {entry.name: entry.refusal for entry in zip_entries(path, Limits())}
    assert reasons == {
        "link.png": "it is a link or a device, not a file",
        "lzma.png": "it is packed in another way than by deflate",
        "secret.png": "it is encrypted",
    }


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(17), b"no archive at all" * 10])
def test_what_is_no_archive_is_said_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ValueError, match="'a.zip' must be a whole zip archive"):
        list(zip_entries(tmp_path / "a.zip", Limits()))


def test_an_archive_cut_short_anywhere_is_refused_or_read_in_part(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [(f"{number}.png", bytes([number]) * 50) for number in range(5)])
    content = path.read_bytes()
    for cut in range(1, len(content), 37):
        path.write_bytes(content[:cut])
        with pytest.raises(ValueError, match=" must "):
            list(zip_entries(path, Limits()))
