from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.admission.entries import entries_in, listed_entries
from core.admission.entry import Limits
from tests.core.admission.made import people, tarred, unpacked, zipped


def test_folder_zip_and_tar_give_the_same_files(tmp_path: Path) -> None:
    members = sorted(people())
    folder = unpacked(tmp_path / "folder", members)
    wanted = [(name, content, "") for name, content in members]
    for path in (folder, zipped(tmp_path / "a.zip", members), tarred(tmp_path / "a.tgz", members)):
        assert [(entry.name, entry.content, entry.refusal) for entry in entries_in(path)] == wanted


def test_links_and_pipes_of_a_folder_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"secret")
    folder = unpacked(tmp_path / "folder", [("a/1.png", b"one"), (".git/config", b"-"), ("a/Thumbs.db", b"-")])
    (folder / "a" / "2.png").symlink_to(tmp_path / "outside")
    (folder / "b").symlink_to(tmp_path)
    os.mkfifo(folder / "a" / "3.png")
    found = {entry.name: (entry.content, entry.refusal) for entry in entries_in(folder)}
    link = (b"", "it is a link or a device, not a file")
    assert found["a/1.png"] == (b"one", "") and found["a/2.png"] == link and found["a/3.png"] == link
    assert not any(b"secret" in content for content, _ in found.values())
    assert set(found) <= {"a/1.png", "a/2.png", "a/3.png", "b"}


def test_a_folder_holds_so_many_files_and_no_more(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "folder", [(f"{number}", b"") for number in range(20)])
    assert len(list(entries_in(folder, Limits(entries=20)))) == 20
    with pytest.raises(ValueError, match="'folder' must hold at most 19 files"):
        entries_in(folder, Limits(entries=19))


def test_files_come_by_the_names_that_they_are_brought_under(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(b"one")
    (tmp_path / "1").write_bytes(b"x" * 11)
    files = [
        ("a/1.png", tmp_path / "0"),
        ("../2.png", tmp_path / "0"),
        ("3.png", tmp_path / "1"),
        ("4", tmp_path / "9"),
    ]
    found = list(listed_entries(files, Limits(entry_bytes=10)))
    assert [entry.content for entry in found] == [b"one", b"", b"", b""]
    reasons = [entry.refusal for entry in found]
    assert reasons[:3] == ["", "its name leads out of its folder", "it is larger than 10 bytes"]
    assert "it cannot be read (No such file" in reasons[3]


def test_what_is_neither_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"x")
    with pytest.raises(ValueError, match="must be a folder, a zip or a tar archive, got 'a.bin'"):
        entries_in(tmp_path / "a.bin")
