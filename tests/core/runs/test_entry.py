"""What readers have made of a run, as a file of its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.runs.entry import FILE, Entry, entry_of


def test_what_is_written_is_read(tmp_path: Path) -> None:
    entry = Entry("tuned on ✓ faces", "two\nlines", archived_at="2026-11-28T10:00:00.000+00:00")
    entry.write(tmp_path)
    assert entry_of(tmp_path) == entry


@pytest.mark.parametrize(
    "content", [None, "", "[]", "3", "{", '{"title": 3, "newer": "x"}', json.dumps({"title": "x" * 201})]
)
def test_a_folder_that_says_nothing_readable_has_an_empty_entry(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / FILE).write_text(content)
    assert entry_of(tmp_path) == Entry()


def test_what_can_be_read_of_a_damaged_entry_is(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"title": "kept", "note": null}')
    assert entry_of(tmp_path) == Entry("kept")


def test_a_title_that_is_too_long_is_refused_with_the_length_that_is_allowed() -> None:
    with pytest.raises(ValueError, match="the title of a run must have at most 200 characters, got 201. Shorten it."):
        Entry("x" * 201)
