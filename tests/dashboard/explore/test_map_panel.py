"""The map: a click counts once, and says what is drawn."""

from __future__ import annotations

import pytest
import streamlit as st

from core.runs.run_folder import Run
from dashboard.explore import map_panel
from dashboard.settings import QUERY
from tests.dashboard.pages import opened
from tests.dashboard.sent import sent_with


def test_a_click_is_adopted_once_and_the_next_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(type(QUERY), "keep", lambda setting, value: kept.append(value))
    session: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", session)
    map_panel.adopt_click("a")
    for number, row in ((1, 5), (1, 5), (2, 5), (3, 8)):
        session[map_panel._key("a")] = {"clicked": {"trace": "points", "id": row, "number": number}}
        map_panel.adopt_click("a")
    assert kept == [5, 5, 8]


def test_the_map_is_sent_with_the_query_as_its_frame(run: Run, own_store: None) -> None:
    app = opened("explore", run=run.folder.name, query="17")
    data = sent_with(app, "a lasso selects")
    assert data is not None and data["select"] == "both" and data["scrub"] is None
    assert [frame[0] for frame in data["frames"]] == ["17"]
    assert data["sprite"]["url"].endswith("probe.png") and data["counted"]["alone"] == "{number:,d} selected"
    captions = " ".join(caption.value for caption in app.caption)
    assert "300 of 719 points" in captions and "PCA" in captions


@pytest.mark.parametrize(("count", "seconds"), [(300, 0.5), (10, 0.0)])
def test_many_points_do_not_glide(
    count: int, seconds: float, run: Run, own_store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_panel, "MANY", count)
    data = sent_with(opened("explore", run=run.folder.name), "a lasso selects")
    assert data is not None and data["tween_seconds"] == seconds
