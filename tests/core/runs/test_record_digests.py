from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from core.runs import record_digests
from core.runs.record_digests import RECORDS, RecordDigests, agree, reach


def write(folder: Path, steps: range, name: str = "steps.jsonl") -> bytes:
    """Append a line for each of these updates; the whole content."""
    with (folder / name).open("ab") as file:
        file.write(b"".join(json.dumps({"step": step}).encode() + b"\n" for step in steps))
    return (folder / name).read_bytes()


def test_what_came_after_the_checkpoint_does_not_count(tmp_path: Path) -> None:
    until = write(tmp_path, range(1, 4))
    write(tmp_path, range(4, 9))
    told = RecordDigests(tmp_path).up_to(3)
    assert set(told) == set(RECORDS)
    assert told["steps.jsonl"] == {"bytes": len(until), "sha256": hashlib.sha256(until).hexdigest()}
    assert told["maps.jsonl"] == {"bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    assert agree(tmp_path, told)


def test_what_is_told_grows_with_the_record_and_equals_what_is_read_at_once(tmp_path: Path) -> None:
    growing = RecordDigests(tmp_path)
    for step in range(0, 12, 3):
        write(tmp_path, range(step + 1, step + 6))  # some lines twice, as after a resume that nobody rewound
        assert growing.up_to(step)["steps.jsonl"] == RecordDigests(tmp_path).up_to(step)["steps.jsonl"]


@pytest.mark.parametrize("damage", ["shorter", "changed", "missing"])
def test_a_record_that_is_not_the_same_does_not_agree(damage: str, tmp_path: Path) -> None:
    content = write(tmp_path, range(1, 9))
    told, path = RecordDigests(tmp_path).up_to(5), tmp_path / "steps.jsonl"
    size = told["steps.jsonl"]["bytes"]
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[: size - 1] if damage == "shorter" else b" " + content[1:])
    assert not agree(tmp_path, told)
    path.write_bytes(content[:size])
    assert agree(tmp_path, told)


def test_a_line_that_is_cut_short_ends_what_is_told(tmp_path: Path) -> None:
    until = write(tmp_path, range(1, 3))
    with (tmp_path / "steps.jsonl").open("ab") as file:
        file.write(b'{"step": 3')
    assert RecordDigests(tmp_path).up_to(9)["steps.jsonl"]["bytes"] == len(until)
    closed = write(tmp_path, range(0))
    (tmp_path / "steps.jsonl").write_bytes(closed + b"\n")
    assert RecordDigests(tmp_path).up_to(9)["steps.jsonl"]["bytes"] == len(closed) + 1, "it belongs to those before"


def test_the_records_are_on_the_disk_before_they_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    monkeypatch.setattr(record_digests.os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    for name in RECORDS:
        write(tmp_path, range(1, 3), name)
    RecordDigests(tmp_path).up_to(2)
    assert synced == [(tmp_path / name).stat().st_ino for name in RECORDS]


@pytest.mark.parametrize(("step", "reaches"), [(-1, True), (0, True), (3, True), (4, True), (5, False)])
def test_updates_reach_a_step_or_not(step: int, reaches: bool, tmp_path: Path) -> None:
    write(tmp_path, range(1, 5))
    with (tmp_path / "steps.jsonl").open("ab") as file:
        file.write(b'{"st')
    assert reach(tmp_path, step) == reaches


def test_without_updates_only_the_beginning_is_reached(tmp_path: Path) -> None:
    assert reach(tmp_path, 0) and not reach(tmp_path, 1)
