from __future__ import annotations

from pathlib import Path

import pytest

from core.readers.text import opened, text_lines


def test_lines_keep_their_ends_and_lose_the_mark_of_their_order(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffä\r\n\ufeffb\nc\rd".encode())
    assert list(text_lines(path)) == ["ä\r\n", "\ufeffb\n", "c\rd"]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    assert list(text_lines(tmp_path / "a.txt")) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"fine\nM\xfcller\n", r"^a\.txt, line 2 must be UTF-8 text, got the byte 0xfc\. Save"),
        ("a,b\n".encode("utf-16"), r"^a\.txt must be UTF-8 text, got bytes of zero\. Save"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", r"^a\.txt must be text, got an image\. Save a table as text"),
        (b"%PDF-1.4\n%\xe2\xe3", r"^a\.txt must be text, got a PDF\. Save .*\.csv.* numpy\.savez"),
        (b"\x80\x04\x95rest", r"^a\.txt must be text, got objects of Python \(pickle\)\. Save"),
        (b"\x1f\x8b\x08rest", r"^a\.txt must be text, got a packed file \(gzip\)\. Save"),
        (b"PAR1rest", r"^a\.txt must be text, got a Parquet file\. Bring .* under Your data"),
        (b"\x93NUMPY\x01\0v\0", r"^a\.txt must be text, got an array of numpy\. Bring .* under Your data .*labels="),
        (b"PK\x03\x04rest", r"^a\.txt must be text, got an archive such as \.npz"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        list(text_lines(tmp_path / "a.txt"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.txt", r"^the file must exist, got .*none\.txt\. Check"),
        (".", "^the path must be that of a file, got the folder .*Give a file in it"),
        ("a\0b", r"^the file must be readable, got embedded null byte\. Check"),
        ("a" * 5000, r"^the file must be readable, got .*File name too long.*\. Check"),
    ],
)
def test_what_cannot_be_opened_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        opened(tmp_path / name)
    assert "\n" not in str(raised.value)
