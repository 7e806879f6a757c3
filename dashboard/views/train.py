"""Train: choose, start, watch."""

import streamlit as st

from core.datasets.brought import Brought
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS, suited_to
from core.linter.findings import Finding
from dashboard.classroom import limits
from dashboard.core_words import plain_words
from dashboard.data import opening, panel
from dashboard.lookups import admitted_data, brought_networks, runs
from dashboard.runs import collapse_alarm, refusal, repeated, run_list, run_panel, submit
from dashboard.settings import DATA, RUN, SETTINGS
from dashboard.train import (
    consequences,
    controls,
    examples,
    hints,
    own_network,
    preset_menu,
    run_differences,
    widget_state,
)
from dashboard.wording import say

FIRST_LESSON = "digits-semi-hard"
USED_SETTINGS = "train.used_settings"  # of a link, that the controls have been set to
USED_DATA = "train.used_data"  # the set of the address that the settings have been made for


def start(experiment: Experiment | None = None) -> None:
    """Start an experiment, first shown in the controls, or what they say; or keep why it cannot be."""
    try:
        if experiment is not None:
            widget_state.put(experiment)
        submit.start(experiment or widget_state.chosen_experiment())
        consequences.keep()
        st.session_state.pop("train.problem", None)
    except ValueError as problem:
        st.session_state["train.problem"] = str(problem)


def mend(finding: Finding) -> None:
    """Set the controls as a finding proposes."""
    widget_state.put(widget_state.chosen_experiment().changed(finding.changes))


def choose_data(data_id: str) -> None:
    """Have the address name data that were brought: a page that is loaded anew is set up for them, too."""
    st.session_state[opening.POPOVER] = False
    st.session_state.pop(USED_DATA, None)
    DATA.keep(data_id)


def use_data(data_id: str) -> None:
    """Set the controls as suits data that were brought, once; or keep why they cannot be trained on."""
    if data_id == st.session_state.get(USED_DATA, ""):
        return
    st.session_state[USED_DATA] = data_id
    if not data_id:
        return
    try:
        admitted_data.check(Brought(data_id))
        widget_state.adopt(suited_to(data_id))
        st.session_state.pop("train.problem", None)
    except ValueError as problem:
        st.session_state["train.problem"] = str(problem)


def use_settings() -> None:
    """Set the controls as a link says, once for each that it says."""
    linked = SETTINGS.value(None, shown=say("train.settings_shown"))
    if linked is not None and st.session_state.get(USED_SETTINGS) != SETTINGS.text:
        widget_state.adopt(linked, is_of_link=True)
    st.session_state[USED_SETTINGS] = SETTINGS.text


submit.wake_engine()
opening.let_the_page_follow()
name = RUN.value(FIRST_LESSON)
run = runs.find_run(name)
row = runs.row_of(name)
shown = run_differences.experiment_shown(name)
first = (shown if run and row else None) or PRESETS["digits"].experiment
if "train.dataset" not in st.session_state:
    widget_state.adopt(first)
use_data(DATA.text or "")
use_settings()
if st.session_state.pop(collapse_alarm.FORKED, False) and shown:
    widget_state.adopt(shown)

settings, picture = st.columns([1.2, 4.4], gap="medium")
# The picture first: it is on its way to the browser while the settings are written.
with picture:
    if (run is None and row is None) or not (row is None or (row.kind.is_trained and not row.entry.deleted_at)):
        refusal.show()
    elif row is None and run and not run.record().kind.is_trained:
        refusal.show()
    else:
        with st.container():
            repeated.show(name, start)
            if row is None:
                st.caption(say("train.example", title=runs.choosable().get(name, name)))
        run_panel.watch(name, keeps_frame=True, replay=repeated.replay_of(name))
with settings, st.container(gap="xsmall", key="train.side"):
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(say("pages.train.name"), anchor=False)
        run_list.show(chosen=name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="train.source"):
        preset_menu.show()
        panel.offer(opening.TRAIN, choose_data)
        own_network.offer()
    beside_start = st.container(horizontal=True, gap="xsmall")
    beside_start.button(
        say("train.start"),
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        key="train.start",
        on_click=start,
    )
    if limited := limits.in_words():
        st.caption(limited)
    if "train.problem" in st.session_state:
        st.error(plain_words(st.session_state["train.problem"]))
    asked = widget_state.chosen_experiment()
    for absence in (admitted_data.absence_of(asked.dataset), brought_networks.absence_of(asked.encoder)):
        if absence:
            st.caption(f":material/block: {plain_words(absence)}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        # In a narrow window alone, where the settings are folded until it is on: see phone.css.
        st.toggle(say("train.unfold"), key="train.unfold", on_change="ignore")
        run_differences.show(shown)
    with st.container(gap="xsmall", key="train.settings"):
        experiment = controls.configure_experiment(shown)
        SETTINGS.put_in_links(None if experiment == first else experiment)
        if not (experiment.dataset.needs_download or admitted_data.absence_of(experiment.dataset)):
            examples.show(experiment)
        own_network.show_chosen(experiment.encoder)
    with beside_start:
        hints.show_findings(hints.findings(experiment), mend)
        hints.show_command(experiment)
