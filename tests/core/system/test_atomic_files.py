from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from core.system.atomic_files import append_line, stream_bytes, sweep, write_bytes, write_json


def test_a_failed_write_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.json"
    write_bytes(path, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["result.json"]


def test_a_file_that_is_written_piece_by_piece_is_whole_or_absent(tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    with stream_bytes(path) as file:
        file.write(b"one ")
        assert not path.exists()
        file.write(b"two")
    assert path.read_bytes() == b"one two"
    with pytest.raises(KeyError), stream_bytes(path) as file:
        file.write(b"three")
        raise KeyError
    assert path.read_bytes() == b"one two" and [file.name for file in tmp_path.iterdir()] == ["run.zip"]


def test_json_is_read_back_and_holds_no_nan(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"name": "Größe", "value": 0.1})
    assert json.loads((tmp_path / "a.json").read_text()) == {"name": "Größe", "value": 0.1}
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "b.json", float("nan"))
    assert not (tmp_path / "b.json").exists()


def test_a_line_cut_short_is_lost_alone(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    append_line(path, "first")
    with path.open("ab") as file:
        file.write(b"cut sho")
    append_line(path, "second")
    append_line(path, "third")
    assert path.read_text().splitlines() == ["first", "cut sho", "second", "third"]


def test_what_killed_writers_left_is_swept_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bytes(tmp_path / "run.json", b"kept")
    (tmp_path / "notes.part").write_bytes(b"kept, since no writer names a file so")
    with monkeypatch.context() as killed:
        killed.setattr(os, "unlink", lambda path: None)
        killed.setattr(os, "fsync", lambda handle: 1 / 0)
        for name in ("run.json", "state.json", "000010.npz"):
            with pytest.raises(ZeroDivisionError):
                write_bytes(tmp_path / name, b"never whole")
    assert len(list(tmp_path.glob(".*.part"))) == 3
    sweep(tmp_path, but=["state.json"])
    assert sorted(file.name[:12] for file in tmp_path.iterdir()) == [".state.json.", "notes.part", "run.json"]
    sweep(tmp_path / "missing")
