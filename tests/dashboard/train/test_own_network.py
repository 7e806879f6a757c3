"""Your encoder on the Train page: from a file to a card, to a training, and deleted; for who brought it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.models.kept_models import model_ids
from dashboard.train import own_network
from dashboard.train.own_network import FILE, POPOVER
from tests.core.brought_models import brought
from tests.core.models.made import network, saved
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    from dashboard.lookups import runs

    runs.store.clear()
    yield
    runs.store.clear()


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    app.session_state[POPOVER] = True
    app.switch_page("views/train.py").run()
    assert not app.exception, app.exception
    assert "Train" in [header.value for header in app.subheader]
    return app


def bring(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key=FILE).set_value([(name, content, "application/octet-stream")]).run()
    app.button(key="network.admit").click().run()
    assert not app.exception, app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption, *app.error])


def drawn(app: AppTest) -> dict[str, dict[str, Any]]:
    return app.session_state["train.drawn"]


def test_nothing_can_be_admitted_before_there_is_a_file() -> None:
    app = opened()
    assert app.button(key="network.admit").disabled and not [one for one in app.button if one.key == "network.use"]


def test_a_network_becomes_a_card_and_a_training_with_one_click() -> None:
    app = opened()
    app.selectbox(key="network.order").set_value("BGR")
    app.text_input(key="network.mean").set_value("0.5")
    bring(app, "mine.onnx", network().SerializeToString())
    (model,) = model_ids()
    assert r"**mine\.onnx**: images of 5 x 6, blue, green, red, become 4 numbers." in words(app)
    assert "the mean (0.5) is taken away, and the rest divided by 1: as you said" in words(app)
    app.button(key="network.use").click().run()
    assert not app.exception, app.exception
    chosen = drawn(app)
    assert chosen["encoder"]["kind"] == "brought-network" and chosen["encoder"]["model"] == model
    assert chosen["schedule"]["shift"] == 0 and chosen["schedule"]["mirror"] is False
    assert app.session_state[POPOVER] is False and app.session_state["train.encoder"] == "brought-network"
    assert r"**mine\.onnx**: images of 5 x 6" in words(app), "the page says which network it is"


def test_what_is_wrong_is_said_and_another_can_be_brought() -> None:
    app = bring(opened(), "mine.onnx", b"\x80\x04none")
    assert "must be an ONNX model, got a pickle" in words(app).replace("\\", "") and model_ids() == []
    app.text_input(key="network.mean").set_value("a half")
    app.button(key="network.admit").click().run()
    assert "Mean, taken away must be numbers with commas" in words(app).replace("\\", "")
    app.text_input(key="network.mean").set_value("")
    bring(app, "mine.onnx", network().SerializeToString())
    assert len(model_ids()) == 1 and "must be" not in words(app)


def test_one_is_chosen_among_several_and_deleted(tmp_path: Path) -> None:
    first, second = brought(tmp_path, title="first.onnx"), brought(tmp_path, title="second.onnx", order="BGR")
    app = opened()
    app.selectbox(key="network.chosen").set_value(first.id).run()
    assert r"**first\.onnx**" in words(app)
    app.button(key="network.delete").click().run()
    assert not app.exception and model_ids() == [second.id] and r"**second\.onnx**" in words(app)
    app.button(key="network.delete").click().run()
    assert not app.exception and model_ids() == []


def test_what_is_not_seen_is_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = brought(tmp_path, owner="ada")
    monkeypatch.setattr(own_network, "may_see_model", lambda model_id: False)
    own_network._delete(card.id)
    assert model_ids() == [card.id]


def test_without_a_network_the_page_says_how_to_get_one(tmp_path: Path) -> None:
    app = opened()
    app.selectbox(key="train.encoder").set_value("brought-network").run()
    assert "must be given a network of yours" in words(app).replace("\\", "")
    next(one for one in app.button if one.label == "Start").click().run()
    assert not app.exception
    assert any("must be given a network of yours" in error.value for error in app.error)


def test_a_name_of_markup_is_shown_as_it_is_written(tmp_path: Path) -> None:
    file = saved(network(), tmp_path / "a.onnx")
    app = bring(opened(), "![x](y) <b>.onnx", file.read_bytes())
    assert "![x](" not in words(app) and "\\!\\[x\\]\\(" in words(app)
