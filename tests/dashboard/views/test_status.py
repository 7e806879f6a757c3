"""The page for whoever looks after the server."""

from __future__ import annotations

import pytest

from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from tests.dashboard.pages import opened


def said() -> str:
    app = opened("status")
    return "\n".join(one.value for one in [*app.markdown, *app.caption])


def test_an_idle_server_says_so(empty_store: Store) -> None:
    text = said()
    assert "asleep: it starts with the next run" in text and "**Waiting:** nobody" in text
    assert "the user of this machine" in text and "/api/health" in text
    assert "streamlit 1\\." in text and "Asked for by" not in text


def test_runs_stand_with_those_who_asked_for_them(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        name = f"{number:032x}"
        empty_store.submit({}, name, f"run *{number}*")
        empty_store.join(name, "a" * 32, "Ada")
    empty_store.set_state(f"{0:032x}", "running")
    monkeypatch.setenv("METRIC_LAB_SLOTS", "1")
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    monkeypatch.setattr(visitors, "found_in", lambda *_: Visitor("b" * 32, "Li", is_teacher=True))
    text = said()
    assert "whoever has the code of the class · you are Li, a teacher" in text and "sunday" not in text
    assert "| run \\*0\\* | at work | running | – | not known yet | asked for by Ada |" in text
    assert "| run \\*1\\* | 1 | queued | not known yet | not known yet | asked for by Ada |" in text
