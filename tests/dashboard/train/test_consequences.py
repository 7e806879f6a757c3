"""What choosing a loss changes is listed with its reasons, and undone or kept with one click."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment
from core.losses import LOSSES
from tests.dashboard.settings_page import drawn, run, shown


def test_a_loss_that_is_chosen_is_trained_as_it_wants_to_be() -> None:
    app = drawn()
    app.number_input(key="behind.train.schedule.schedule.epochs").set_value(7)
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
    app.number_input(key="behind.train.sampler.p-by-k.classes_per_batch").set_value(5)
    app.number_input(key="behind.train.sampler.p-by-k.samples_per_class").set_value(4)
    assert not listed(run(app)) and "train.undo" not in {button.key for button in app.button}
