"""The page of the playground as a reader meets it, in each language."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.losses import LOSSES
from dashboard.core_words import named
from dashboard.wording import languages, say, speaking
from tests.dashboard.pages import notes, opened

pytestmark = pytest.mark.usefixtures("empty_store")
ABBREVIATED = ("n pair", "a softmax", "arc face", "cos face", "proxy anchor", "info nce", "nca", "lmnn", "mmc")


def drawn(app: AppTest) -> dict[str, Any]:
    """What the playground in the browser is told."""
    (found,) = [one for one in app.get("bidi_component") if "playground" in one.proto.component_name]
    return json.loads(found.proto.json)


@pytest.mark.parametrize("spoken", languages())
def test_it_opens_with_its_header_and_menus(spoken: str) -> None:
    app = opened("playground", lang=spoken)
    with speaking(spoken):
        assert [header.value for header in app.subheader] == [say("pages.playground.name")]
        assert app.selectbox(key="play").label == say("playground.loss")
        assert say("playground.idea.triplet") in [caption.value for caption in app.caption]
    assert not notes(app) and drawn(app)["loss"] == "triplet"


@pytest.mark.parametrize("spoken", languages())
def test_each_loss_has_a_name_of_its_own_and_can_be_chosen(spoken: str) -> None:
    app = opened("playground", lang=spoken)
    with speaking(spoken):
        names = [named(loss.replace("-", " ")) for loss in LOSSES]
    assert not [name for name in names if name.islower() and name.replace("-", " ") in ABBREVIATED]
    assert app.selectbox(key="play").options == names and len(set(names)) == len(names)
    for loss in reversed(LOSSES):
        with speaking(spoken):  # in which a test's menu knows its options, too
            app.selectbox(key="play").set_value(loss).run()
        assert not app.exception and drawn(app)["loss"] == loss
        assert app.query_params["play"] == loss
        with speaking(spoken):
            assert say(f"playground.idea.{loss.replace('-', '_')}") in [caption.value for caption in app.caption]


@pytest.mark.parametrize("spoken", languages())
@pytest.mark.parametrize(("setting", "text"), [("play", "no-such-loss"), ("points", "a1_1"), ("space", "cube")])
def test_an_address_that_asks_in_vain_shows_what_there_is_with_a_note(spoken: str, setting: str, text: str) -> None:
    app = opened("playground", lang=spoken, **{setting: text})
    said = [caption.value.replace("\\", "") for caption in app.caption]
    assert sum(text in one for one in said) == 1
    told = drawn(app)
    assert (told["loss"], told["state"]["space"]) == ("triplet", "circle") and told["state"]["points"] != text
