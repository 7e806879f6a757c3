"""Learn: something moves before the first click."""

import streamlit as st

from core.experiment.experiment import Experiment
from core.experiment.presets import RECORDINGS
from dashboard.lessons import offered, recordings
from dashboard.lookups import runs
from dashboard.runs import run_list, run_panel, submit
from dashboard.settings import LESSON, RECORDING
from dashboard.train import widget_state
from dashboard.wording import say

ENGINE_SECONDS = 5.0  # after the page has begun to move: starting an engine takes both cores for a while


def train(experiment: Experiment) -> None:
    """Start it, or keep why it cannot be, and go to Train, whose settings are these."""
    widget_state.adopt(experiment)
    try:
        submit.start(experiment, is_shown_elsewhere=True)
        st.session_state.pop("train.problem", None)
    except ValueError as problem:
        st.session_state["train.problem"] = str(problem)
    st.switch_page("views/train.py")


submit.wake_engine(after=ENGINE_SECONDS)
with st.container(key="learn.head"), st.container(key="head"):
    heading, choice, actions = st.columns([2, 2.6, 1.6], vertical_alignment="center", gap="medium")
heading.subheader(say("pages.learn.heading"), anchor=False)
stories = [name for name in recordings.STORIES if name in runs.lessons()]
chosen = RECORDING.named(recordings.named(stories))
if LESSON.text in recordings.named(stories):  # as links of earlier versions have it
    RECORDING.keep(recordings.named(stories)[LESSON.text], without=(LESSON,))
lesson = chosen.among(stories, shown=recordings.short_title) if stories else None
if lesson is None:
    st.info(say("pages.learn.missing"))
    offered.offer()
else:
    with st.container(key="learn.story"):
        st.caption(f"**{recordings.title(lesson)}** · {recordings.story(lesson)}")
    run_panel.watch(lesson, beside=offered.offer)

# What is pressed comes after the map, which would wait for it to be drawn.
with choice, st.container(key="learn.recordings"):
    st.segmented_control(
        say("pages.learn.lesson"),
        stories,
        required=True,
        format_func=recordings.short_title,
        label_visibility="collapsed",
        **chosen.widget(lesson),
    )
with actions, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
    if st.button(
        say("pages.learn.train"),
        icon=":material/play_arrow:",
        type="primary",
        key="learn.train",
        help=say("pages.learn.train_help"),
    ):
        train(RECORDINGS[lesson or next(iter(recordings.STORIES))])
    run_list.show(chosen=lesson or "", page="views/train.py")
