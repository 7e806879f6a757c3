"""How far a command is, on a terminal and in a file."""

from __future__ import annotations

import pytest

from core.system import status_line
from core.system.status_line import StatusLine


def test_a_terminal_has_one_line_that_is_written_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    line = StatusLine()
    line.show("1 of 2")
    line.show("2 of 2")
    line.end("done")
    assert capsys.readouterr().out == "\r\033[K1 of 2\r\033[K2 of 2\r\033[Kdone\n"


def test_a_file_has_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 1.0, 21.0, 50.0])
    monkeypatch.setattr(status_line.time, "monotonic", lambda: next(times))
    line = StatusLine()
    for text in ("1 of 3", "2 of 3", "3 of 3", "3 of 3"):
        line.show(text)
    line.end("done")
    assert capsys.readouterr().out == "1 of 3\n3 of 3\ndone\n"
