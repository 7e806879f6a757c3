"""Settings are numbers, or refused by their name."""

from __future__ import annotations

import pytest

from core.system.environment import number_in


@pytest.mark.parametrize(("told", "expected"), [(None, 4), ("", 4), (" 2 ", 2), ("0.5GB", 0.5), ("1e3", 1000)])
def test_what_is_said(told: str | None, expected: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("X", raising=False)
    if told is not None:
        monkeypatch.setenv("X", told)
    assert number_in("X", 4) == expected


@pytest.mark.parametrize("told", ["0", "-1", "much", "nan", "inf", "1e9", "1.5"])
def test_what_is_no_such_number(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", told)
    with pytest.raises(ValueError, match=r"X must be a whole number above 0, got .* Leave it out for 4\."):
        number_in("X", 4, is_whole=True)


def test_nothing_may_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "0")
    assert number_in("X", 4, is_above_zero=False) == 0
    monkeypatch.setenv("X", "-1")
    with pytest.raises(ValueError, match="a number from 0 on"):
        number_in("X", 4, is_above_zero=False)
