"""The triplets of one anchor: drawn and counted at the margin of the address, and what the reader does counts once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.statistics.triplet_census import census
from dashboard.mine import panel
from tests.dashboard.pages import counts_on_the_plane

ANCHOR = 17


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    yield state


def test_the_click_is_the_last_on_the_map(session: dict[str, object]) -> None:
    assert panel.clicked_point() is None
    session[panel.keyed("mine.map")] = {"selected": {"probe": [5, 6]}}
    assert panel.clicked_point() == 5
    session[panel.keyed("mine.map")] = {"selected": None}
    assert panel.clicked_point() is None


def test_a_click_that_is_forgotten_leaves_new_figures(session: dict[str, object]) -> None:
    before = panel.keyed("mine.map")
    session[before] = {"selected": {"probe": [5]}}
    panel.forget_click()
    assert panel.keyed("mine.map") != before and panel.clicked_point() is None


def page(name: str, anchor: int) -> None:
    from dashboard.lookups.runs import run_of
    from dashboard.mine import panel

    panel.show(name, run_of(name).snapshots()[-1], anchor)


@pytest.mark.parametrize(("asked", "margin"), [("", 0.2), ("0.6", 0.6), ("nonsense", 0.2)])
def test_triplets_are_counted_at_the_margin_of_the_address(
    asked: str, margin: float, run: Run, own_store: None
) -> None:
    app = AppTest.from_function(page, args=(run.folder.name, ANCHOR), default_timeout=60)
    if asked:
        app.query_params["margin"] = asked
    app.run()
    assert not app.exception
    captions = "\n".join(caption.value for caption in app.caption)
    found = census(run.snapshot(20)["embeddings"], run.probe()["labels"], margin)
    counts = f"{found.hard:,} hard · {found.semi_hard:,} semi-hard · {found.easy:,} easy"
    at, shown, own = counts_on_the_plane(app)
    assert at == pytest.approx(margin) and shown == counts and len(own.split(" · ")) == 3
    assert all(captions.count(count) <= 1 for count in (*counts.split(" · "), *own.split(" · ")) if count[:2] != "0 ")
    assert "Click a point to make it the anchor." in captions and "300 of 719 held-out samples" in captions
    assert len(app.get("bidi_component")) == 2
