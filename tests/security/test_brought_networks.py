"""Networks that somebody brought: whoever knows the id of one trains nothing on it and learns nothing of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.encoders.brought_network import BroughtNetwork
from core.experiment.experiment import Experiment
from core.runs.store import Store
from dashboard.runs import submit
from dashboard.train import widget_state
from tests.core.brought_models import brought
from tests.dashboard.data.panels import ADA, BEN, TEACHER, Reader, everything, words
from tests.dashboard.made_runs import EXPERIMENT
from tests.dashboard.pages import opened

TITLE = "secret.onnx"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, store: Store) -> Reader:
    return Reader(monkeypatch)


@pytest.fixture
def head(reader: Reader, tmp_path: Path) -> Experiment:
    """A training on a network of Ada's."""
    card = brought(tmp_path, title=TITLE, owner=ADA.id)
    still = replace(EXPERIMENT.schedule, shift=0, mirror=False)
    return replace(EXPERIMENT, encoder=BroughtNetwork(model=card.id), schedule=still)


def test_others_start_nothing_on_it_as_on_one_that_nobody_brought(
    head: Experiment, reader: Reader, store: Store
) -> None:
    reader.become(BEN)
    said = []
    for model in (head.encoder.described()["model"], "0" * 32):
        for begin in (submit.start, submit.ask_for):
            with pytest.raises(ValueError, match="must have been brought here, got none") as refused:
                begin(replace(head, encoder=BroughtNetwork(model=model)))
            said.append(str(refused.value).replace(model, "ID"))
    assert len(set(said)) == 1 and TITLE not in said[0] and store.rows() == []


@pytest.mark.parametrize("who", [ADA, TEACHER], ids=["owner", "teacher"])
def test_who_brought_it_and_a_teacher_train_on_it(who: object, head: Experiment, reader: Reader, store: Store) -> None:
    reader.become(who)
    submit.ask_for(head)
    assert len(store.rows()) == 1


def test_settings_that_name_it_show_nothing_of_it(head: Experiment, reader: Reader, store: Store) -> None:
    reader.become(BEN)
    app = opened("train")
    app.session_state["train.encoder"] = BroughtNetwork.name
    app.session_state[widget_state.key_of("encoder", BroughtNetwork.name, "model")] = head.encoder.described()["model"]
    app.run()
    assert not app.exception and TITLE not in everything(app)
    assert "must have been brought here, got none" in words(app)
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception and store.rows() == []
