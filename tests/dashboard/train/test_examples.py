"""Beside the settings stand the images as training takes them: old ones faded while new ones are drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.augmentations import CropsAndColour, TurnsAndShifts
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByTime
from core.jobs import draw_examples
from core.runs.store import Store
from core.system.locations import store_root
from dashboard.lookups import augmented_examples
from dashboard.train import examples
from tests.core.heads import brought, vectors

TURNED = Experiment(augmentation=TurnsAndShifts())
MOVED = Experiment(schedule=Schedule(shift=1))


def page() -> None:
    import streamlit as st

    from core.experiment.experiment import Experiment
    from dashboard.train import examples

    examples.show(Experiment.from_described(st.session_state["experiment"]))


def drawn(experiment: Experiment, app: AppTest | None = None) -> AppTest:
    app = app or AppTest.from_function(page, default_timeout=60)
    app.session_state["experiment"] = experiment.described()
    app.run()
    assert not app.exception, app.exception
    return app


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def picture(app: AppTest) -> str:
    (image,) = app.get("image")
    return image.proto.imgs[0].url


def answer(experiment: Experiment, number: int = 0) -> Path:
    path = draw_examples.kept_at(store_root(), experiment, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    asked = {"path": str(path), "number": number, "experiment": draw_examples._asked(experiment)}
    draw_examples.answer(json.dumps(asked))
    return path


@pytest.fixture(autouse=True)
def store(empty_store: Store) -> Iterator[Store]:
    yield empty_store


def test_images_that_nothing_changes_stand_in_one_line() -> None:
    app = drawn(Experiment())
    assert "One image of a class" in app.get("image")[0].proto.imgs[0].caption and not app.button


def test_at_first_there_is_room_for_the_draws_and_a_word_that_they_are_made() -> None:
    app = drawn(TURNED)
    assert picture(app) == augmented_examples.blank(TURNED)
    assert "Drawing what the training makes of them: " in captions(app)


def test_once_drawn_they_are_shown_with_what_is_done_and_others_are_one_click() -> None:
    answer(TURNED)
    app = drawn(TURNED)
    assert picture(app) == augmented_examples.picture(TURNED, 0) != ""
    assert "in three draws: turns and shifts." in captions(app)
    app.button(key="train.examples.again").click().run()
    assert "Drawing" in captions(app) and app.session_state[examples.NUMBER] == 1
    assert picture(app) == augmented_examples.picture(TURNED, 0), "the last ones meanwhile"
    answer(TURNED, 1)
    app.run()
    assert picture(app) == augmented_examples.picture(TURNED, 1) != augmented_examples.picture(TURNED, 0)


def test_the_last_ones_stay_until_new_ones_are_drawn_but_not_for_other_images() -> None:
    answer(TURNED)
    app, shown = drawn(TURNED), augmented_examples.picture(TURNED, 0)
    stronger = replace(TURNED, augmentation=TurnsAndShifts(turn=40.0))
    assert picture(drawn(stronger, app)) == shown
    other = replace(stronger, split=replace(stronger.split, seed=1))
    assert picture(drawn(other, app)) == augmented_examples.blank(other) != shown


def test_what_the_schedule_does_is_said_and_drawn_too() -> None:
    both = Experiment(schedule=Schedule(shift=2, mirror=True), augmentation=CropsAndColour())
    assert examples.changes_in_words(both) == "moved by up to 2 px, half of them mirrored, crops and colour"
    assert examples.changes_in_words(MOVED) == "moved by up to 1 px"
    answer(MOVED)
    assert picture(drawn(MOVED)) == augmented_examples.picture(MOVED, 0)


def test_a_reason_is_told_with_a_button_to_try_again() -> None:
    reason = draw_examples.kept_at(Path(), TURNED, 0).name.replace(".npz", ".problem")
    (folder := store_root() / draw_examples.HOME).mkdir()
    (folder / reason).write_text("the disk is full.")
    app = drawn(TURNED)
    assert "the disk is full" in captions(app)
    app.button(key="train.examples.retry").click().run()
    assert not (folder / reason).exists() and "Drawing" in captions(app)


def test_vectors_are_counted() -> None:
    app = drawn(replace(Experiment(), dataset=brought(vectors())))
    assert "vectors of 12 numbers" in captions(app) and not app.get("image")


def test_data_that_cannot_be_split_so_show_one_line() -> None:
    app = drawn(replace(TURNED, split=ByTime()))
    assert "One image of a class" in app.get("image")[0].proto.imgs[0].caption
