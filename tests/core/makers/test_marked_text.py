from __future__ import annotations

from pathlib import Path

import pytest

from core.makers.marked_text import with_marked, write_marked

BEGIN, END = "<!-- part:begin -->", "<!-- part:end -->"


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}{END}"])
def test_a_text_without_its_markers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the text must hold <!-- part:begin --> .* got other markers. Put them back."):
        with_marked(text, "part", "new")


def test_only_what_stands_between_the_markers_changes(tmp_path: Path) -> None:
    file = tmp_path / "paper.md"
    file.write_text(f"before\n{BEGIN}\nold\nlines\n{END}\nafter\n")
    write_marked(file, "part", r"new \1")
    assert file.read_text() == f"before\n{BEGIN}\nnew \\1\n{END}\nafter\n"
    write_marked(file, "part", r"new \1")
    assert file.read_text() == f"before\n{BEGIN}\nnew \\1\n{END}\nafter\n"
