from __future__ import annotations

import pytest

from core.system import progress
from core.system.progress import Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be moved by hand."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_what_is_done_soon_says_nothing(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    line = Progress("measuring", 10)
    clock[0] += 1.9
    line.did(9)
    line.end()
    assert capsys.readouterr().err == ""


def test_longer_work_says_its_share_and_what_is_left(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    line = Progress("measuring", 200)
    for seconds, amount in ((3.0, 50), (1.0, 10), (10.0, 40)):  # the second comes too soon after the first
        clock[0] += seconds
        line.did(amount)
    assert capsys.readouterr().err.splitlines() == [
        "measuring: 25%, about 9 s left",
        "measuring: 50%, about 14 s left",
    ]


def test_more_work_than_was_known_lowers_the_share(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    line = Progress("measuring", 100)
    clock[0] += 6.0
    line.did(60)
    line.more(20)
    clock[0] += 10.0
    line.did(0)
    assert capsys.readouterr().err.splitlines() == ["measuring: 60%, about 4 s left", "measuring: 50%, about 16 s left"]


def test_a_terminal_has_one_line_that_goes(
    clock: list[float], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True, raising=False)
    line = Progress("measuring", 4)
    clock[0] += 5.0
    line.did(1)
    line.end()
    assert capsys.readouterr().err == "\r\033[Kmeasuring: 25%, about 15 s left\r\033[K"
