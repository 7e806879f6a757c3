"""The playground as a page shows it: menus, what its address says, and a lesson that fixes all of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.losses import LOSSES
from dashboard.playground.panel import offered, usual_of
from tests.dashboard.pages import notes, opened

pytestmark = pytest.mark.usefixtures("empty_store")


def sent(app: AppTest) -> dict[str, Any]:
    """What the component was given."""
    (found,) = [one for one in app.get("bidi_component") if "playground" in one.proto.component_name]
    return json.loads(found.proto.json)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_has_a_playground(loss: str) -> None:
    app = opened("playground", play=loss)
    assert not app.exception and not notes(app)
    assert sent(app)["loss"] == loss


def test_all_losses_of_core_are_offered() -> None:
    assert offered() == list(LOSSES), "a loss has a formula in losses.js and a sentence in words/*/playground.toml"


def test_at_first_it_is_the_triplet_loss_on_a_circle() -> None:
    said = sent(opened("playground"))
    assert (said["loss"], said["state"]["space"]) == ("triplet", "circle")


def test_what_the_address_says_is_drawn() -> None:
    texts = {"points": "a0_0a100_0b0_100", "values": "margin-0.35"}
    said = sent(opened("playground", play="triplet", space="plane", **texts))
    assert said["state"] == {"space": "plane", "parts": "", **texts}


@pytest.mark.parametrize(
    ("setting", "text"),
    [("points", "a1_1"), ("values", "scale-3"), ("parts", "nothing"), ("play", "x"), ("space", "x"), ("start", "x")],
)
def test_what_means_nothing_falls_back_with_a_note(setting: str, text: str) -> None:
    app = opened("playground", **{"play": "triplet"} | {setting: text})
    assert len(notes(app)) == 1 and f"“{text}”" in notes(app)[0]
    assert sent(app)["state"][setting if setting in ("points", "values", "parts") else "parts"] != text


def test_another_loss_drops_what_was_made_for_the_one_before() -> None:
    app = opened("playground", play="triplet", points="a0_0a100_0b0_100", values="margin-0.35", space="plane")
    app.selectbox(key="play").set_value("contrastive").run()
    assert app.session_state["url.kept"] == {"play": "contrastive", "space": "plane"}


def test_in_a_lesson_a_step_says_all_of_it_and_there_are_no_menus() -> None:
    app = opened("playground", lesson="contrastive", step="2")
    assert not app.selectbox and sent(app)["loss"] == "contrastive"
    assert sent(app)["state"]["points"] == "a-60_40a-20_70b40_-60b90_-30"


def test_usual_values_are_those_of_core_and_of_the_losss_own_distance() -> None:
    assert usual_of("triplet", "triplet")["margin"] == 0.2 and not usual_of("triplet", "triplet")["squared"]
    assert usual_of("quadruplet", "classes")["squared"] and usual_of("quadruplet", "classes")["anchors"] == "all"


@pytest.mark.parametrize("lesson", ["bogus", "roc"])
def test_without_a_step_of_its_own_the_menus_stay(lesson: str) -> None:
    app = opened("playground", lesson=lesson, step="1")
    assert not app.exception and app.selectbox(key="play").value == "triplet"


def test_an_odd_start_in_a_lesson_breaks_nothing() -> None:
    app = opened("playground", lesson="contrastive", step="1", play="contrastive", space="plane", start="bogus")
    assert not app.exception and any("“bogus”" in note for note in notes(app))


def test_settings_are_called_as_the_reader_speaks() -> None:
    (margin, *_) = sent(opened("playground", lang="zh"))["parameters"]
    assert margin["label"] == "间隔"
