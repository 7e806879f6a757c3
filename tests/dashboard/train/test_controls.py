"""The widgets say an experiment, whole and exactly, and change with the loss that is chosen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import FashionMnist
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.presets import PRESETS
from core.losses import LOSSES
from core.params import params_of
from dashboard.train.controls import ORDER
from dashboard.train.run_differences import SIGN


def page() -> None:
    import streamlit as st

    from core.experiment.experiment import Experiment
    from dashboard.train import controls, widget_state

    if "adopted" in st.session_state:
        widget_state.adopt(Experiment.from_described(st.session_state.pop("adopted")))
    beside = st.session_state.get("beside")
    st.session_state["shown"] = controls.configure_experiment(
        Experiment.from_described(beside) if beside else None
    ).described()
    st.session_state["chosen"] = widget_state.chosen_experiment().described()


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
        f"train.{family}" for family in ORDER if len(FAMILIES[family]) > 1
    ]
    assert sorted(ORDER) == sorted(FAMILIES)


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


def test_what_a_loss_that_is_chosen_changes_is_listed_with_its_reason() -> None:
    app = drawn()
    app.selectbox(key="train.loss").select("quadruplet")
    (said,) = listed(run(app))
    assert said == (
        "- Distance: euclidean → **squared euclidean**, because its margins are gaps between squared distances."
    )


def listed(app: AppTest) -> list[str]:
    """The changes that the page lists, one line each."""
    lists = [caption.value for caption in app.caption if caption.value.startswith("Changed along with")]
    return [line for text in lists for line in text.splitlines() if line.startswith("- ")]


MINE = Experiment().changed(
    {
        "sampler": {"classes_per_batch": 5, "samples_per_class": 4},
        "miner": {"kind": "batch-hard"},
        "encoder": {"dimension": 128},
        "schedule": {"learning_rate": 0.02, "epochs": 7},
    }
)


@pytest.mark.parametrize("name", ["contrastive", "quadruplet", "center", "angular"])  # all families that losses suit
def test_one_click_puts_back_all_that_a_loss_changed(name: str) -> None:
    app = drawn(MINE)
    app.selectbox(key="train.loss").select(name)
    without = MINE.changed({"loss": {"kind": name}})
    assert shown(run(app)) == without.changed(LOSSES[name].suits) != without
    assert listed(app)
    app.button(key="train.undo").click()
    for _ in range(3):  # it stays so when the page is drawn again
        assert shown(run(app)) == without and not listed(app)
    app.selectbox(key="train.loss").select("triplet")
    assert shown(run(app)) == MINE, "what was undone must not be undone again"


def test_changes_that_are_kept_are_listed_no_more_and_stay() -> None:
    app = drawn(MINE)
    app.selectbox(key="train.loss").select("center")
    suited = shown(run(app))
    app.button(key="train.keep").click()
    assert shown(run(app)) == suited and not listed(app)
    app.selectbox(key="train.loss").select("triplet")
    assert shown(run(app)) == MINE, "what was lent to the loss must go back, not the defaults"
    assert len(listed(app)) == 3 and all(line.endswith("it had been changed for center.") for line in listed(app))
    app.button(key="train.undo").click()
    assert shown(run(app)) == suited.changed({"loss": {"kind": "triplet"}})


def test_a_change_that_is_taken_back_by_hand_is_listed_no_more() -> None:
    app = drawn(MINE)
    app.selectbox(key="train.loss").select("softmax")
    assert listed(run(app))
    app.selectbox(key="train.sampler").select("p-by-k")
    run(app)
    app.number_input(key="train.sampler.p-by-k.classes_per_batch").set_value(5)
    app.number_input(key="train.sampler.p-by-k.samples_per_class").set_value(4)
    assert not listed(run(app)) and "train.undo" not in {button.key for button in app.button}


def test_a_setting_that_differs_from_the_run_shown_bears_a_sign_and_says_the_run_s() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["beside"] = Experiment().changed({"miner": {"kind": "all"}, "loss": {"margin": 0.5}}).described()
    run(app)
    margin = app.number_input(key="train.loss.triplet.margin")
    assert margin.label == f"Margin (distance) {SIGN} :orange[0.5 in the run shown]"
    captions = [caption.value for caption in app.caption]
    assert f"{SIGN} margin" in captions and "P" in captions and f"{SIGN} :orange[all in the run shown]" in captions
    margin.set_value(0.5)
    app.selectbox(key="train.miner").select("all")
    assert not [caption.value for caption in run(app).caption if SIGN in caption.value]
    assert app.number_input(key="train.loss.triplet.margin").label == "Margin (distance)"


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
    app.number_input(key="train.loss.triplet.margin").set_value(0.1)
    assert shown(run(app)).loss.described()["margin"] == 0.1
    assert app.number_input(key="beside.train.loss.triplet.margin").value == 0.1


def test_a_family_of_one_member_has_no_menu_that_cannot_be_used() -> None:
    app = drawn()
    assert not [menu.key for menu in app.selectbox if menu.disabled]
    assert "train.schedule" not in {menu.key for menu in app.selectbox}
