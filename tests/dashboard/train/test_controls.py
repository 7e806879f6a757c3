"""Every parameter has its widget, those that matter most a visible one, and what differs from the run a sign."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.datasets import FashionMnist
from core.experiment.experiment import FAMILIES, Experiment
from core.losses import LOSSES
from core.params import params_of
from dashboard.train.controls import ORDER
from dashboard.train.meanings import meaning_of
from dashboard.train.run_differences import SIGN
from tests.dashboard.settings_page import drawn, page, run, shown


def test_widgets_that_nobody_touched_say_the_defaults() -> None:
    app = drawn()
    assert shown(app) == Experiment()
    assert [menu.key for menu in app.selectbox if menu.key in {f"train.{family}" for family in FAMILIES}] == [
        f"train.{family}" for family in ORDER if len(FAMILIES[family]) > 1
    ]
    assert sorted(ORDER) == sorted(FAMILIES)


def test_a_parameter_gets_the_widget_of_its_type() -> None:
    app = drawn()
    rate = app.number_input(key="behind.train.schedule.schedule.learning_rate")
    assert (rate.label, rate.value, rate.step) == ("Learning rate", 0.001, 0.0001)
    margin = app.number_input(key="behind.train.loss.triplet.margin")
    declared = next(declared for declared in params_of(LOSSES["triplet"]) if declared.name == "margin")
    assert (margin.min, margin.max, margin.step) == (declared.low, declared.high, 0.05)
    assert margin.label == "Margin (distance)" and margin.help == meaning_of(declared)
    epochs = app.number_input(key="behind.train.schedule.schedule.epochs")
    assert (epochs.value, epochs.step) == (20, 1) and isinstance(epochs.value, int)
    assert epochs.label == "Epochs", "a unit that is the name says nothing"
    assert app.toggle(key="behind.train.encoder.compact-cnn.normalise").value is True
    assert app.selectbox(key="behind.train.loss.triplet.shape").options == ["hinge", "soft margin"]


def test_a_folder_of_the_server_has_no_widget() -> None:
    assert "folder" in {declared.name for declared in params_of(FashionMnist)}
    app = drawn(Experiment(dataset=FashionMnist()))
    keys = {part.key for part in (*app.selectbox, *app.number_input, *app.toggle, *app.text_input)}
    assert [key for key in keys if "fashion-mnist" in key] == ["behind.train.dataset.fashion-mnist.source"]


def test_a_changed_widget_changes_that_parameter_alone() -> None:
    app = drawn()
    app.number_input(key="behind.train.loss.triplet.margin").set_value(0.35)
    assert shown(run(app)) == Experiment().changed({"loss": {"margin": 0.35}})


def test_a_loss_and_a_miner_of_one_name_have_their_own_parameters() -> None:
    app = drawn(Experiment().changed({family: {"kind": "multi-similarity"} for family in ("loss", "miner")}))
    own = {family: params_of(FAMILIES[family]["multi-similarity"]) for family in ("loss", "miner")}
    for family, parameters in own.items():
        assert [
            app.number_input(key=f"behind.train.{family}.multi-similarity.{one.name}").value for one in parameters
        ] == [one.default for one in parameters]


def test_a_setting_that_differs_from_the_run_shown_bears_a_sign_and_says_the_run_s() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["beside"] = Experiment().changed({"miner": {"kind": "all"}, "loss": {"margin": 0.5}}).described()
    run(app)
    margin = app.number_input(key="behind.train.loss.triplet.margin")
    assert margin.label == f"Margin (distance) {SIGN} :orange[0.5 in the run shown]"
    captions = [caption.value for caption in app.caption]
    assert f"{SIGN} margin" in captions and "P" in captions and f"{SIGN} :orange[all in the run shown]" in captions
    margin.set_value(0.5)
    app.selectbox(key="train.miner").select("all")
    assert not [caption.value for caption in run(app).caption if SIGN in caption.value]
    assert app.number_input(key="behind.train.loss.triplet.margin").label == "Margin (distance)"


def test_the_parameters_that_matter_most_stand_beside_the_menus_and_say_the_same_as_those_behind() -> None:
    app = drawn()
    keys = [number.key for number in app.number_input if number.key.startswith("beside.")]
    assert [key.rsplit(".")[-1] for key in keys] == [
        "margin",
        "classes_per_batch",
        "samples_per_class",
        "learning_rate",
    ]
    app.number_input(key="beside.train.loss.triplet.margin").set_value(0.35)
    assert shown(run(app)).loss.described()["margin"] == 0.35
    app.number_input(key="behind.train.loss.triplet.margin.1").set_value(0.1)
    assert shown(run(app)).loss.described()["margin"] == 0.1
    assert app.number_input(key="beside.train.loss.triplet.margin").value == 0.1


def test_a_family_of_one_member_has_no_menu_that_cannot_be_used() -> None:
    app = drawn()
    assert not [menu.key for menu in app.selectbox if menu.disabled]
    assert "train.schedule" not in {menu.key for menu in app.selectbox}


def test_a_widget_behind_a_button_has_its_value_as_its_default() -> None:
    """Else the browser, which makes it when the button is pressed, would show the least number or the first choice."""
    app = drawn(Experiment().changed({"schedule": {"epochs": 35, "decay": "none"}, "encoder": {"normalise": False}}))
    app.number_input(key="beside.train.loss.triplet.margin").set_value(0.35)
    app = run(run(app))
    assert app.number_input(key="behind.train.schedule.schedule.epochs").proto.default == 35
    assert app.selectbox(key="behind.train.schedule.schedule.decay").proto.default == 1
    assert app.toggle(key="behind.train.encoder.compact-cnn.normalise").proto.default is False
    assert app.number_input(key="behind.train.loss.triplet.margin.1").proto.default == 0.35
