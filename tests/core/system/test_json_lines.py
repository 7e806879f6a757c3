"""However a file of JSON lines grows, shrinks or is written anew, its records are those of the file as it is."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Self

import pytest

from core.system import json_lines
from core.system.atomic_files import append_line, write_bytes
from core.system.json_lines import read_gathered, read_lines


def records(start: int, end: int) -> list[dict[str, int]]:
    return [{"step": step} for step in range(start, end)]


def written(some: list[dict[str, int]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in some).encode()


def test_a_file_that_is_not_there_has_no_records(tmp_path: Path) -> None:
    assert read_lines(tmp_path / "steps.jsonl", dict) == []


def test_only_new_lines_are_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "steps.jsonl"
    write_bytes(path, written(records(0, 1000)))
    assert read_lines(path, dict) == records(0, 1000)
    parsed = []
    monkeypatch.setattr(json_lines.json, "loads", lambda line, loads=json.loads: parsed.append(line) or loads(line))
    append_line(path, json.dumps({"step": 1000}))
    assert read_lines(path, dict) == records(0, 1001)
    assert len(parsed) == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_file_is_followed_through_everything_that_happens_to_it(seed: int, tmp_path: Path) -> None:
    """Lines appended, cut short by a crash, continued after one, and the whole written anew, as a rewind does."""
    path, chance, expected = tmp_path / "steps.jsonl", random.Random(seed), []
    for step in range(200):
        happening = chance.randrange(8)
        if happening == 0:
            expected = expected[: chance.randrange(len(expected) + 1)]
            write_bytes(path, written(expected))
        elif happening == 1 and path.exists():
            with path.open("ab") as file:
                file.write(b'{"step": 7')
        else:
            append_line(path, json.dumps({"step": step}))
            expected = [*expected, {"step": step}]
        if chance.random() < 0.7:
            assert read_lines(path, dict) == expected


def test_a_file_written_anew_in_its_place_is_read_anew(tmp_path: Path) -> None:
    """The same file number, and longer than before."""
    path = tmp_path / "steps.jsonl"
    path.write_bytes(written(records(0, 3)))
    assert read_lines(path, dict) == records(0, 3)
    path.write_bytes(written(records(5, 15)))
    assert read_lines(path, dict) == records(5, 15)


def test_a_whole_last_line_counts_before_it_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    path.write_bytes(written(records(0, 2)) + b'{"step": 2}')
    assert read_lines(path, dict) == read_lines(path, dict) == records(0, 3)
    append_line(path, json.dumps({"step": 3}))
    assert read_lines(path, dict) == records(0, 4)


def test_what_was_read_is_not_the_callers_to_change(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    path.write_bytes(written(records(0, 2)))
    read_lines(path, dict).clear()
    assert read_lines(path, dict) == records(0, 2)


def test_few_files_are_remembered(tmp_path: Path) -> None:
    for number in range(json_lines.FILES_KEPT + 3):
        path = tmp_path / f"{number}.jsonl"
        path.write_bytes(written(records(0, 1)))
        read_lines(path, dict)
    assert len(json_lines._known) == json_lines.FILES_KEPT


class Sum:
    """Holds records in a way of its own."""

    def __init__(self, total: int = 0) -> None:
        self.total = total

    def __iadd__(self, more: list[int]) -> Self:
        self.total += sum(more)
        return self

    def __add__(self, more: list[int]) -> Sum:
        return Sum(self.total + sum(more))


def test_records_are_held_as_the_reader_of_the_file_wants_them(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    assert read_gathered(path, int, Sum).total == 0
    path.write_bytes(b"1\n2\n3")
    first = read_gathered(path, int, Sum)
    assert read_lines(path, int) == [1, 2, 3]
    path.write_bytes(b"1\n2\n30\n4\n")
    assert (first.total, read_gathered(path, int, Sum).total) == (6, 37)
    write_bytes(path, b"5\n")
    assert read_gathered(path, int, Sum).total == 5
