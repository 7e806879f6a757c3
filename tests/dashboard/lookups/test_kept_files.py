"""Files of what was measured: read once, and again where one was damaged."""

from __future__ import annotations

from pathlib import Path

from dashboard.lookups import kept_files

asked: list[Path] = []


def whole(path: Path) -> str | None:
    asked.append(path)
    return path.read_text() or None


def test_a_file_is_read_once_and_a_damaged_one_again(tmp_path: Path) -> None:
    asked.clear()
    there, damaged = tmp_path / "there", tmp_path / "damaged"
    assert kept_files.found(str(there), whole) is None and not asked
    there.write_text("numbers")
    damaged.write_text("")
    assert [kept_files.found(str(there), whole) for _ in range(2)] == ["numbers"] * 2
    assert kept_files.found(str(damaged), whole) is None
    damaged.write_text("made anew")
    assert kept_files.found(str(damaged), whole) == "made anew"
    assert kept_files.found(str(there), whole) == "numbers" and asked == [there, damaged, damaged]


def test_two_kinds_of_one_file_are_two_values(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("words")
    assert kept_files.found(str(path), Path.read_text) == "words"
    assert kept_files.found(str(path), Path.read_bytes) == b"words"
