"""The images that are learned from, as they are and as the training takes them; how many vectors, where it is those."""

from __future__ import annotations

import time

import streamlit as st

from core.experiment.experiment import Experiment
from dashboard.components.page_end import guarded
from dashboard.core_words import plain_words
from dashboard.lookups import augmented_examples, datasets
from dashboard.train.words import moves_in_words, spoken
from dashboard.wording import joined, say

NUMBER = "train.examples.number"  # of the draws
LAST = "train.examples.last"  # the data and the split of the picture that was shown last, and the picture
LOOK_SECONDS = 0.5


def show(experiment: Experiment) -> None:
    """One line of images where training takes them as they are; otherwise the images of some identities, each with
    what training makes of it below."""
    described = experiment.dataset.described()
    if not (strip := datasets.example_strip(described)):
        st.caption(datasets.vectors_in_words(described))
    elif not experiment.changes_images or not augmented_examples.has_examples(experiment):
        st.image(strip, width="stretch", caption=say("train.strip"), alt=say("train.strip"))
    else:
        number = st.session_state.setdefault(NUMBER, 0)
        if picture := augmented_examples.picture(experiment, number):
            st.session_state[LAST] = (_source(experiment), picture)
            _draw(picture, "train.examples")
            _say_what_is_done(experiment)
        else:
            st.fragment(guarded(_wait), run_every=LOOK_SECONDS)(experiment, number, time.monotonic())


def changes_in_words(experiment: Experiment) -> str:
    """What is done to the images, in the order in which it is."""
    schedule, augmentation = experiment.schedule, experiment.augmentation
    said = moves_in_words(schedule.shift, schedule.mirror)
    said += [spoken(augmentation.name)] if augmentation.changes else []
    return joined("things", said)


def _wait(experiment: Experiment, number: int, began: float) -> None:
    """What was shown last, faded, or the images as they are, and how long it has taken so far."""
    if augmented_examples.picture(experiment, number):
        st.rerun()
    source, last = st.session_state.get(LAST, (None, ""))
    is_of_these = source == _source(experiment)
    _draw(last if is_of_these else augmented_examples.blank(experiment), "train.examples.faded" if is_of_these else "")
    problem = augmented_examples.problem(experiment, number)
    if problem is None:
        st.caption(say("train.examples.drawing", seconds=time.monotonic() - began))
        return
    st.caption(f":material/error: {plain_words(problem) or say('train.examples.failed')}")
    again = say("train.examples.try_again")
    st.button(again, key="train.examples.retry", on_click=augmented_examples.ask_again, args=(experiment, number))


def _draw(picture: str, key: str) -> None:
    with st.container(key=key or "train.examples.coming"):
        st.image(picture, width="stretch", alt=say("train.examples.alt"))


def _say_what_is_done(experiment: Experiment) -> None:
    st.caption(say("train.examples.caption", changes=changes_in_words(experiment)))
    st.button(
        say("train.examples.again"),
        key="train.examples.again",
        icon=":material/refresh:",
        type="tertiary",
        on_click=_draw_again,
    )


def _draw_again() -> None:
    st.session_state[NUMBER] = st.session_state.get(NUMBER, 0) + 1


def _source(experiment: Experiment) -> tuple[object, object]:
    return experiment.dataset, experiment.split
