"""The widgets say an experiment, whole and exactly, and change with the loss that is chosen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import FashionMnist
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.presets import PRESETS
from core.losses import LOSSES
from core.params import params_of


def page() -> None:
    import streamlit as st

    from core.experiment.experiment import Experiment
    from dashboard.train import controls

    if "adopted" in st.session_state:
        controls.adopt(Experiment.from_described(st.session_state.pop("adopted")))
    st.session_state["shown"] = controls.configure_experiment().described()
    st.session_state["chosen"] = controls.chosen_experiment().described()


def drawn(experiment: Experiment | None = None) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    if experiment:
        app.session_state["adopted"] = experiment.described()
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> Experiment:
    """What the widgets say, which is the same before and after they are drawn."""
    assert app.session_state["shown"] == app.session_state["chosen"]
    return Experiment.from_described(app.session_state["shown"])


def test_widgets_that_nobody_touched_say_the_defaults() -> None:
    app = drawn()
    assert shown(app) == Experiment()
    assert [menu.key for menu in app.selectbox if menu.key in {f"train.{family}" for family in FAMILIES}] == [
        f"train.{family}" for family in FAMILIES
    ]


EXPERIMENTS = {name: preset.experiment for name, preset in PRESETS.items()}
EXPERIMENTS |= {name: Experiment.suited(kind()) for name, kind in LOSSES.items()}


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_an_experiment_that_is_adopted_is_what_the_widgets_say(experiment: Experiment) -> None:
    assert shown(drawn(experiment)) == experiment


def test_a_parameter_gets_the_widget_of_its_type() -> None:
    app = drawn()
    rate = app.number_input(key="train.schedule.schedule.learning_rate")
    assert (rate.label, rate.value, rate.step) == ("Learning rate", 0.001, 0.0001)
    margin = app.number_input(key="train.loss.triplet.margin")
    declared = next(declared for declared in params_of(LOSSES["triplet"]) if declared.name == "margin")
    assert (margin.min, margin.max, margin.step) == (declared.low, declared.high, 0.05)
    assert margin.label == "Margin (distance)" and margin.help == f"{declared.help}. Default 0.2."
    epochs = app.number_input(key="train.schedule.schedule.epochs")
    assert (epochs.value, epochs.step) == (20, 1) and isinstance(epochs.value, int)
    assert app.toggle(key="train.encoder.compact-cnn.normalise").value is True
    assert app.selectbox(key="train.loss.triplet.shape").options == ["hinge", "soft margin"]


def test_a_folder_of_the_server_has_no_widget() -> None:
    assert "folder" in {declared.name for declared in params_of(FashionMnist)}
    app = drawn(Experiment(dataset=FashionMnist()))
    keys = {part.key for part in (*app.selectbox, *app.number_input, *app.toggle, *app.text_input)}
    assert [key for key in keys if "fashion-mnist" in key] == ["train.dataset.fashion-mnist.source"]


def test_a_changed_widget_changes_that_parameter_alone() -> None:
    app = drawn()
    app.number_input(key="train.loss.triplet.margin").set_value(0.35)
    assert shown(run(app)) == Experiment().changed({"loss": {"margin": 0.35}})


def test_a_loss_and_a_miner_of_one_name_have_their_own_parameters() -> None:
    app = drawn(Experiment().changed({family: {"kind": "multi-similarity"} for family in ("loss", "miner")}))
    own = {family: params_of(FAMILIES[family]["multi-similarity"]) for family in ("loss", "miner")}
    for family, parameters in own.items():
        assert [app.number_input(key=f"train.{family}.multi-similarity.{one.name}").value for one in parameters] == [
            one.default for one in parameters
        ]


def test_a_loss_that_is_chosen_is_trained_as_it_wants_to_be() -> None:
    app = drawn()
    app.number_input(key="train.schedule.schedule.epochs").set_value(7)
    app.selectbox(key="train.loss").select("center")
    seven = {"schedule": {"epochs": 7}}
    assert shown(run(app)) == Experiment.suited(LOSSES["center"]()).changed(seven)
    app.selectbox(key="train.loss").select("triplet")
    assert shown(run(app)) == Experiment().changed(seven), "what the first loss wanted must go back"
