"""The menu of a sweep: folds where settings hold out classes, and what chooses the trials that tune."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.asked import all_asked, asked_for
from core.comparison.record import all_kept
from core.comparison.searches import OPTUNA, RANDOM
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity
from core.runs.store import Store
from core.samplers import PByK
from dashboard.compare.sweep import FOLDS, TRIALS
from tests.dashboard.made_runs import made_run

FOLDS_KEY = "url.folds"


def page() -> None:
    from dashboard.compare import strategies

    strategies.offer(4)


def opened(base: str = "", **address: str) -> AppTest:
    """With its menu open, on these settings."""
    app = AppTest.from_function(page, default_timeout=120)
    app.session_state["strategies.menu"] = True
    if base:
        app.session_state["strategies.base"] = base
    app.query_params.update(address)
    app.run()
    assert not app.exception, app.exception
    return app


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_folds_are_offered_where_settings_hold_out_whole_classes(empty_store: Store) -> None:
    app = opened(folds="4")
    control = app.segmented_control(key="strategies.no_folds")
    assert control.disabled and control.value == 0 and "Digits holds out samples of every class" in control.help
    assert "4 trainings" in captions(app) and app.button[0].label == "Train 4 runs"
    app.selectbox(key="strategies.base").set_value("strangers").run()
    assert not app.exception and app.segmented_control(key=FOLDS_KEY).value == 4, "as the address says"
    assert "16 trainings" in captions(app)


def test_every_class_is_held_out_once_and_the_address_says_so(empty_store: Store) -> None:
    app = opened("strangers")
    control = app.segmented_control(key=FOLDS_KEY)
    assert [control.value, control.options] == [0, ["One split", *(f"{folds} folds" for folds in FOLDS[1:])]]
    assert "held out once" not in captions(app)
    control.set_value(2).run()
    assert not app.exception and app.query_params["folds"] in ("2", ["2"])
    assert "Every class is held out once" in captions(app) and "8 trainings" in captions(app)
    assert app.checkbox(key="strategies.tunes").disabled and "none is left to tune on" in app.checkbox[0].help
    app.segmented_control(key="strategies.seeds").set_value(3).run()
    assert "24 trainings" in captions(app)
    app.segmented_control(key="strategies.seeds").set_value(1).run()
    app.button[0].click().run()
    assert not app.exception and not app.error, app.error
    (made,) = all_kept(empty_store.root)
    assert (made.folds, made.seeds, len(made.members)) == (2, [0], 8) and len(empty_store.rows()) == 8


def test_a_number_of_folds_that_is_not_offered_is_one_split(empty_store: Store) -> None:
    assert opened("strangers", folds="3").segmented_control(key=FOLDS_KEY).value == 0
    assert opened("strangers", folds="many").segmented_control(key=FOLDS_KEY).value == 0


def test_where_classes_are_too_few_for_folds_it_says_how_many_there_may_be(empty_store: Store) -> None:
    base = Experiment(split=ByIdentity(), encoder=Mlp(), sampler=PByK(classes_per_batch=6), schedule=Schedule(epochs=1))
    run = made_run(empty_store.root, base)
    app = opened(run=run.folder.name, folds="8")
    assert app.selectbox(key="strategies.base").value == run.folder.name
    assert "must have 2 to 5 folds of 10 identities" in app.error[0].value.replace("\\", "")
    assert not [button for button in app.button if button.label.startswith("Train")]
    app.segmented_control(key=FOLDS_KEY).set_value(2).run()
    assert "must be at most the number of training classes (5), got 6" in app.error[0].value.replace("\\", "")
    app.segmented_control(key=FOLDS_KEY).set_value(4).run()
    assert not app.error and "16 trainings" in captions(app), "7 of 10 classes are left to train"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Whether optuna is."""
    told = SimpleNamespace(is_there=True)
    monkeypatch.setattr("dashboard.compare.sweep_menu.is_installed", lambda name: name == OPTUNA and told.is_there)
    return told


def start_tuned(app: AppTest, store: Store) -> Any:
    app.button[0].click().run()
    assert not app.exception and not app.error, app.error
    (asked,) = all_asked(store.root)
    return asked_for(store.root, asked)


def test_what_chooses_the_trials_is_asked_where_there_is_a_choice(empty_store: Store, found: SimpleNamespace) -> None:
    app = opened()
    assert "strategies.tuner" not in keys(app), "nothing is tuned"
    app.checkbox(key="strategies.tunes").check().run()
    control = app.segmented_control(key="strategies.tuner")
    assert control.value == RANDOM and control.options == ["At random", "By optuna"]
    control.set_value(OPTUNA).run()
    made = start_tuned(app, empty_store)
    assert (made.tune, made.tuner) == (TRIALS, OPTUNA) and "--tuner optuna" in all_kept(empty_store.root)[0].command
    assert OPTUNA not in sys.modules, "no page imports it"


def test_where_optuna_is_not_installed_nothing_is_asked(empty_store: Store, found: SimpleNamespace) -> None:
    found.is_there = False
    app = opened()
    app.checkbox(key="strategies.tunes").check().run()
    assert "strategies.tuner" not in keys(app)
    assert start_tuned(app, empty_store).tuner == RANDOM


def keys(app: AppTest) -> list[str | None]:
    return [control.key for control in app.segmented_control]


def test_three_clicks_start_four_miners_from_three_seeds(empty_store: Store) -> None:
    """The menu is open after the first; these are the second and the third."""
    app = opened()
    app.segmented_control(key="strategies.seeds").set_value(3).run()
    app.button[0].click().run()
    (made,) = all_kept(empty_store.root)
    assert len(made.members) == 12 and made.folds == 0
