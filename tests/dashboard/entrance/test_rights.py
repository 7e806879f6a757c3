"""Who may see a run, and who may steer it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.runs.entry import Entry
from core.runs.run_row import Row
from dashboard.entrance import rights, visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn

ADA, BEN, TEACHER = Visitor("ada", "Ada"), Visitor("ben", "Ben"), Visitor("li", "Li", is_teacher=True)
TRAINED = Row("0" * 32, "run", "", {"loss": {}}, "", entry=Entry(owners='[["ada", "Ada"]]'))
BROUGHT = replace(TRAINED, experiment={"kind": "embeddings"})
SHARED = replace(BROUGHT, entry=replace(BROUGHT.entry, shared_at="2026-01-01"))
OF_NOBODY = replace(BROUGHT, entry=Entry())
OF_TWO = replace(TRAINED, entry=Entry(owners='[["ada", "Ada"], ["ben", "Ben"]]'))
NEWER = replace(TRAINED, experiment={"kind": "of tomorrow"})


@pytest.mark.parametrize(
    ("who", "row", "sees", "steers", "shares"),
    [
        (ADA, TRAINED, True, True, False),
        (BEN, TRAINED, True, False, False),
        (TEACHER, TRAINED, True, True, False),
        (ADA, BROUGHT, True, True, False),
        (BEN, BROUGHT, False, False, False),
        (BEN, SHARED, True, False, False),
        (ADA, OF_NOBODY, False, False, False),
        (TEACHER, OF_NOBODY, True, True, False),
        (ADA, OF_TWO, True, True, True),
        (TEACHER, OF_TWO, True, True, False),
        (BEN, NEWER, False, False, False),
        (None, OF_NOBODY, True, True, False),
        (None, OF_TWO, True, True, False),
    ],
)
def test_rights(
    who: Visitor | None, row: Row, sees: bool, steers: bool, shares: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday") if who else WayIn())
    monkeypatch.setattr(visitors, "found_in", lambda *_: who)
    assert (rights.may_see(row), rights.may_steer(row), rights.is_one_of_several(row)) == (sees, steers, shares)


def test_whoever_is_unknown_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    with pytest.raises(PermissionError, match="must be known here"):
        rights.may_see(BROUGHT)
