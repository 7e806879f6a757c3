"""Learn: something moves before the first click."""

import streamlit as st

from core.experiment.experiment import Experiment
from core.experiment.presets import LESSONS
from dashboard.lookups import runs
from dashboard.runs import run_list, run_panel, submit
from dashboard.settings import LESSON
from dashboard.train import widget_state

STORIES = {
    "digits-semi-hard": (
        "Semi-hard triplets",
        "Each point is an image of a digit that the encoder has not trained on. It only ever hears: this one should be "
        "closer to that one than to this other one. Ten islands appear; the distances part.",
    ),
    "digits-batch-hard": (
        "Hardest triplets only",
        "The same digits, but each image learns from its worst case alone: its furthest twin and its nearest stranger. "
        "Compare how the shares of easy, semi-hard and hard triplets fall.",
    ),
    "digits-softmax": (
        "Plain classification",
        "The same digits, learned by naming the class. The islands part as well, but nothing asks them to be compact: "
        "look at the humps of distances.",
    ),
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


submit.wake_engine(after=ENGINE_SECONDS)
heading, choice, action, others = st.container(key="head").columns(
    [2.2, 2.2, 1, 0.6], vertical_alignment="center", gap="medium"
)
heading.subheader("Watch an embedding space form", anchor=False)
stories = [name for name in STORIES if name in runs.lessons()]
# By the words of the menu as well, as in links of earlier versions.
chosen = LESSON.named({name: name for name in stories} | {STORIES[name][0]: name for name in stories})
with choice:
    lesson = st.segmented_control(
        "Lesson",
        stories,
        required=True,
        format_func=lambda name: STORIES[name][0],
        label_visibility="collapsed",
        **chosen.widget(chosen.among(stories, shown=lambda name: STORIES[name][0]) if stories else None),
    )
with action:
    if st.button(
        "Train this yourself",
        icon=":material/play_arrow:",
        type="primary",
        help="Starts the same training here, and shows it on Train",
    ):
        train(LESSONS[lesson or next(iter(STORIES))])
with others:
    run_list.show(chosen=lesson or "", page="views/train.py")
if lesson is None:
    st.info("The recorded lessons are missing. Make them with `python -m core record`, or open Train.")
else:
    st.caption(STORIES[lesson][1])
    run_panel.watch(lesson)
