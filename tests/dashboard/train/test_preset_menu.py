"""The menu says a preset only while the settings are that preset's."""

from __future__ import annotations

import pytest

from core.experiment.presets import PRESETS
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("empty_store")


def test_the_menu_says_a_preset_only_while_the_settings_are_that_preset_s() -> None:
    app = opened("train")
    menu = app.selectbox(key="train.preset")
    assert menu.value == "digits"
    app.number_input(key="behind.train.loss.triplet.margin").set_value(0.35).run()
    menu = app.selectbox(key="train.preset")
    assert menu.value is None and menu.placeholder == "From Digits"
    app.number_input(key="behind.train.loss.triplet.margin").set_value(0.2).run()
    assert app.selectbox(key="train.preset").value == "digits"
    app.selectbox(key="train.miner").select("batch-hard").run()
    assert app.selectbox(key="train.preset").value == "hardest"


def test_the_menu_says_no_preset_above_the_settings_of_a_run_that_is_none(empty_store: Store) -> None:
    experiment = PRESETS["fashion"].experiment.changed({"schedule": {"epochs": 3}})
    row = empty_store.submit(experiment.described(), experiment.run_id(), experiment.title())
    Run.create(empty_store.folder(row.id), experiment)
    app = opened("train", run=row.id)
    menu = app.selectbox(key="train.preset")
    assert menu.value is None and menu.placeholder == "Own settings"
    assert [caption.value for caption in app.caption if "settings of the run shown" in caption.value]
