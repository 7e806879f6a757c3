"""Fields out of JSON: the right types come back, what is unknown is kept, what is damaged is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.records.fields import values_of, written_fields


@dataclass(frozen=True)
class Drawn:
    name: str
    count: int
    share: float = 0.0
    rows: tuple[int, ...] = ()
    about: Mapping[str, Any] | None = None
    other: Mapping[str, Any] = field(default_factory=dict)


def test_what_was_written_is_read_and_written_again_with_what_is_unknown() -> None:
    written = {"name": "a", "count": 3, "share": 1, "rows": [1, 2], "about": {"b": 1}, "later": [{"c": 2}]}
    drawn = Drawn(**values_of(Drawn, written, "the file"))
    assert drawn == Drawn("a", 3, 1, (1, 2), {"b": 1}, {"later": [{"c": 2}]})
    assert written_fields(drawn) == written


def test_what_may_be_missing_has_its_default_and_is_not_written() -> None:
    drawn = Drawn(**values_of(Drawn, {"name": "a", "count": 3, "about": None}, "the file"))
    assert drawn == Drawn("a", 3) and "about" not in written_fields(drawn)


@pytest.mark.parametrize(
    "written, said",
    [
        ([1, 2], r"the file must be a JSON object, got \[1, 2\]. Restore the file"),
        (None, "the file must be a JSON object, got none. Restore the file"),
        ({"count": 3}, "the file must hold a fitting name, got none. Restore the file"),
        ({"name": 7, "count": 3}, "the file must hold a fitting name, got 7. Restore"),
        ({"name": "a", "count": 1.5}, "must hold a fitting count, got 1.5"),
        ({"name": "a", "count": True}, "must hold a fitting count, got True"),
        ({"name": "a", "count": 3, "share": "much"}, "must hold a fitting share, got 'much'"),
        ({"name": "a", "count": 3, "rows": "12"}, "must hold a fitting rows, got '12'"),
        ({"name": "a", "count": 3, "about": [1]}, r"must hold a fitting about, got \[1\]"),
    ],
)
def test_what_is_damaged_is_named(written: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        values_of(Drawn, written, "the file")
