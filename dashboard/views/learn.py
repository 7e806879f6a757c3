"""Learn: something moves before the first click."""

import streamlit as st

from core.experiment.experiment import Experiment
from core.experiment.presets import LESSONS
from dashboard.lookups import runs
from dashboard.runs import run_list, run_panel, submit
from dashboard.settings import LESSON
from dashboard.train import widget_state
from dashboard.wording import ENGLISH, catalogue, say

STORIES = {  # of the lessons, as the catalogue calls them
    "digits-semi-hard": "semi_hard",
    "digits-batch-hard": "batch_hard",
    "digits-softmax": "softmax",
}
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


def title(name: str) -> str:
    """What the menu calls a lesson."""
    return say(f"pages.learn.{STORIES[name]}.title")


def titles_of_before(stories: list[str]) -> dict[str, str]:
    """The lessons by the words of the menu, which links of earlier versions have: those were in English."""
    return {catalogue(ENGLISH)[f"pages.learn.{STORIES[name]}.title"]: name for name in stories}


submit.wake_engine(after=ENGINE_SECONDS)
heading, choice, action, others = st.container(key="head").columns(
    [2.2, 2.2, 1, 0.6], vertical_alignment="center", gap="medium"
)
heading.subheader(say("pages.learn.heading"), anchor=False)
stories = [name for name in STORIES if name in runs.lessons()]
chosen = LESSON.named({name: name for name in stories} | titles_of_before(stories))
with choice:
    lesson = st.segmented_control(
        say("pages.learn.lesson"),
        stories,
        required=True,
        format_func=title,
        label_visibility="collapsed",
        **chosen.widget(chosen.among(stories, shown=title) if stories else None),
    )
with action:
    if st.button(
        say("pages.learn.train"),
        icon=":material/play_arrow:",
        type="primary",
        help=say("pages.learn.train_help"),
    ):
        train(LESSONS[lesson or next(iter(STORIES))])
with others:
    run_list.show(chosen=lesson or "", page="views/train.py")
if lesson is None:
    st.info(say("pages.learn.missing"))
else:
    st.caption(say(f"pages.learn.{STORIES[lesson]}.story"))
    run_panel.watch(lesson)
