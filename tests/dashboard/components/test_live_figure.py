"""What is sent to the browser and what comes back; tests/browser/test_live_figure.py looks at it there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import frames, live_figure, routes
from dashboard.components.live_figure import Handle, Result, Scrub, Sprite, Stacked, pack, pack_frame

X, Y = np.arange(3.0), np.array([2.0, 1.0, 5.0])
FIGURE = go.Figure(
    go.Scattergl(x=X, y=Y, mode="markers", name="held out"),
    frames=[go.Frame(name=f"epoch {n}", data=[{"x": X, "y": n * Y}], traces=[0]) for n in (0, 0.5, 7)],
)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Streamlit would be given, filled in by drawing; the reader has done nothing yet."""
    given: dict[str, Any] = {"state": {}}

    def component(**arguments: Any) -> dict[str, Any]:
        given.update(arguments)
        return given["state"]

    monkeypatch.setattr(live_figure, "_component", lambda: component)
    return given


def draw(**choices: Any) -> Result:
    return live_figure.live_figure(FIGURE, **{"key": "test.map", "height": 400, "alt": "A map"} | choices)


def test_a_packed_figure_holds_its_traces_as_binary_and_no_template() -> None:
    content = json.loads(pack(FIGURE).figure)
    assert "template" not in content["layout"] and "frames" not in content
    assert content["data"][0]["name"] == "held out" and content["data"][0]["x"]["dtype"] == "f8"


def test_a_frame_stands_at_the_number_of_its_name_under_the_digest_of_its_content() -> None:
    packed = pack(FIGURE).frames
    assert [(name, place) for name, place, _, _ in packed] == [("epoch 0", 0.0), ("epoch 0.5", 0.5), ("epoch 7", 7.0)]
    assert all(digest == frames.digest_of(content) for _, _, digest, content in packed)
    assert len({digest for _, _, digest, _ in packed}) == 3
    assert [json.loads(content)["traces"] for _, _, _, content in packed] == [[0]] * 3


def test_a_frame_without_a_number_stands_at_its_row() -> None:
    assert pack_frame({"name": "before", "data": []}, 4)[:2] == ("before", 4.0)
    assert pack_frame({"data": [{"x": X}]}, 2)[:2] == ("frame 2", 2.0)


def test_a_figure_packed_before_is_sent_as_it_is(sent: dict[str, Any]) -> None:
    packed = pack(FIGURE)
    live_figure.live_figure(packed, key="test.map", height=400, alt="A map")
    first = sent["data"]
    draw()
    assert sent["data"] == first and first["figure"] == packed.figure


def test_the_message_names_frames_and_the_server_keeps_them(sent: dict[str, Any]) -> None:
    draw()
    named = sent["data"]["frames"]
    assert named == [[name, place, digest] for name, place, digest, _ in pack(FIGURE).frames]
    assert [frames.find(digest) for _, _, digest in named] == [content for *_, content in pack(FIGURE).frames]


@pytest.mark.parametrize("count, chapters", [(100, 0), (101, 1), (200, 1), (350, 3)])
def test_the_first_of_many_frames_travel_once_as_lists(count: int, chapters: int, sent: dict[str, Any]) -> None:
    packed = replace(pack(FIGURE), frames=tuple((f"{n}", float(n), f"{n:a>32}", b"{}") for n in range(count)))
    live_figure.live_figure(packed, key="test.map", height=400, alt="A map")
    data = sent["data"]
    lists = [json.loads(frames.find(digest) or b"") for digest in data["chapters"]]
    assert len(lists) == chapters and all(len(one) == live_figure.CHAPTER for one in lists)
    assert 0 < len(data["frames"]) <= live_figure.CHAPTER, "the last is told at once"
    assert [*sum(lists, []), *data["frames"]] == [list(frame[:3]) for frame in packed.frames]


def test_what_the_reader_may_do_is_sent_along(sent: dict[str, Any]) -> None:
    draw(scrub=Scrub(loop=True), handles=[Handle("limit", "x", 0.5)], sprite=Sprite("/p", 8, 8, 10), select="lasso")
    data = sent["data"]
    assert (sent["key"], data["height"], data["alt"], data["select"]) == ("test.map", 400, "A map", "lasso")
    assert data["scrub"]["loop"] and data["handles"][0]["name"] == "limit" and data["sprite"]["columns"] == 10
    assert data["plotly"] == routes.plotly_url() and data["module"] == routes.module_url()
    json.dumps(data)


def test_the_words_of_the_bar_are_sent_with_it(sent: dict[str, Any]) -> None:
    script = (routes.FIGURE_FOLDER / "transport.js").read_text()
    draw(scrub=Scrub())
    words = sent["data"]["scrub"]["words"]
    assert set(re.findall(r"words\.(\w+)", script)) == set(words)
    assert (words["play"], words["frame_of"], words["speed_of"]) == ("Play", "{frame} of {last}", "Speed {speed} times")
    live_figure.live_figure(pack(FIGURE, None, "at {value}"), key="test.map", height=400, alt="A map", scrub=Scrub())
    assert sent["data"]["scrub"]["words"] == words | {"frame_of": "at {value}"}


def test_what_is_said_where_the_script_did_not_load_is_sent_along(sent: dict[str, Any]) -> None:
    draw()
    assert sent["data"]["failed"].startswith("This figure could not be drawn")
    assert "data.failed" in Path(live_figure.__file__).with_name("live_figure.js").read_text()


SCRIPTS = [*routes.FIGURE_FOLDER.glob("*.js"), *routes.FIGURE_FOLDER.parent.glob("*.js")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_has_sentences_of_its_own(script: Path) -> None:
    """No text of small letters behind a capital, but for errors, which are for the console."""
    lines = [line.split("//")[0] for line in script.read_text().splitlines() if "new Error(" not in line]
    texts = [text for line in lines for _, text in re.findall(r"""(["'`])(.*?)\1""", line)]
    assert [text for text in texts if re.search(r"^[A-Z][a-z]+ [a-z]|^[A-Z][a-z]+$", text)] == []


def test_pictures_and_news_are_fetched_below_the_base_path(
    sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "below_base", lambda path: f"/lab{path}")
    draw(sprite=Sprite("/runs/tiles/probe.png", 8, 8, 10), source="/runs/tiles/map")
    assert sent["data"]["sprite"]["url"] == "/lab/runs/tiles/probe.png"
    assert sent["data"]["source"] == "/lab/runs/tiles/map"
    draw()
    assert sent["data"]["sprite"] is None and sent["data"]["source"] == ""


def test_what_the_reader_did_is_returned(sent: dict[str, Any]) -> None:
    assert draw() == Result(None, {}, {})
    sent["state"] = {"frame": "epoch 7", "handles": {"limit": 0.4}, "selected": {"held out": [1, 2]}, "missing": []}
    assert draw() == Result("epoch 7", {"limit": 0.4}, {"held out": [1, 2]})


def test_every_state_that_the_browser_reports_has_a_callback(sent: dict[str, Any]) -> None:
    draw()
    callbacks = {name: call for name, call in sent.items() if name.startswith("on_")}
    assert set(callbacks) == {f"on_{name}_change" for name in live_figure.REPORTED}
    assert all(call() is None for call in callbacks.values())


def test_a_narrow_window_has_a_layout_of_its_own(sent: dict[str, Any]) -> None:
    narrow = go.Layout(yaxis={"domain": [0.5, 1]})
    draw()
    assert sent["data"]["stacked"] is None
    live_figure.live_figure(pack(FIGURE, narrow), key="test.map", height=400, alt="A map", stacked=Stacked(600, 900))
    told = sent["data"]["stacked"]
    assert (told["below"], told["height"]) == (600, 900)
    layout = json.loads(told["layout"])
    assert layout["yaxis"]["domain"] == [0.5, 1] and not layout["template"]
    live_figure.live_figure(pack(FIGURE), key="test.map", height=400, alt="A map", stacked=Stacked(600, 900))
    assert sent["data"]["stacked"] is None, "it needs both"


def test_a_figure_too_low_to_read_is_refused() -> None:
    with pytest.raises(ValueError, match="height must be at least 120 pixels, got 119. Use 400 or more for a map."):
        draw(height=119)


def page() -> None:
    import plotly.graph_objects as go
    import streamlit as st

    from dashboard.components.live_figure import live_figure

    st.text(live_figure(go.Figure(go.Scatter(y=[1, 2])), key="one", height=300, alt="Two points").frame)


def test_a_page_draws_it_as_one_component() -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    (part,) = app.get("bidi_component")
    assert json.loads(part.proto.json)["alt"] == "Two points"
    assert app.text[0].value == "None", "the reader has stopped at no frame"


def test_what_is_said_of_keys_is_sent_where_points_can_be_chosen(sent: dict[str, Any]) -> None:
    for select, says_circle in (("point", False), ("lasso", True), ("both", True), ("mark", True)):
        draw(select=select)
        words = sent["data"]["keys"]
        assert words["label"] and bool(words["circle"]) == says_circle == ("Shift" in words["help"])
    draw(select="")
    assert sent["data"]["keys"] is None


def test_what_a_lasso_says_of_its_points_is_sent_where_there_is_one(sent: dict[str, Any]) -> None:
    for select in ("lasso", "both", "mark"):
        draw(select=select)
        words = sent["data"]["counted"]
        assert words["alone"] == "{number:,d} selected" and words["part"] == "{number:,d} in {place}"
        assert sent["data"]["lasso"] == "Select"
    draw(select="point")
    assert not sent["data"]["counted"] and not sent["data"]["lasso"]
