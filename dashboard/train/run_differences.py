"""In what the settings differ from the run that is shown: how many, which, and one click to take the run's."""

from __future__ import annotations

import streamlit as st

from core.experiment.experiment import Experiment
from core.experiment.setting_changes import setting_differences
from dashboard.lookups import runs
from dashboard.train.widget_state import adopt, chosen_experiment
from dashboard.train.words import spoken, titled
from dashboard.wording import count, say

SIGN = ":orange[**≠**]"  # beside a setting that differs: a sign and a colour


def experiment_shown(name: str) -> Experiment | None:
    """What the run of this name trains; None where it is unknown, was brought, or no longer fits what is declared."""
    run, row = runs.find_run(name), runs.row_of(name)
    try:
        if run:
            return run.experiment() if run.record().kind.is_trained else None
        return Experiment.from_described(row.experiment) if row and row.kind.is_trained else None
    except ValueError:
        return None


def show(shown: Experiment | None) -> None:
    """One line: how many settings differ, with the list behind it, or that none does."""
    if shown is None:
        return
    differences = setting_differences(chosen_experiment(), shown)
    if not differences:
        st.caption(say("train.differences.none"))
        return
    label = count("train.differences.many", len(differences), sign=SIGN)
    with st.popover(label, type="tertiary", width="content"):
        rows = [f"| {titled(one)} | {spoken(one.here)} | {spoken(one.there)} |" for one in differences]
        head = f"| | {say('train.differences.here')} | {say('train.differences.there')} |"
        st.markdown("\n".join([head, "|---|---|---|", *rows]))
        take = say("train.differences.take")
        st.button(take, key="train.take", icon=":material/undo:", on_click=adopt, args=(shown,))
