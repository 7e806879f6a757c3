"""What is said of a configuration before it is started: findings with one click to mend, and what a batch will hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.experiment.experiment import Experiment
from core.experiment.options import command_line
from core.linter import lint
from core.linter.findings import Finding
from core.params import build
from core.samplers import SAMPLERS
from dashboard.core_words import translated
from dashboard.lookups import datasets
from dashboard.wording import say


def findings(experiment: Experiment) -> list[Finding]:
    """What the rules find in an experiment, with the class sizes of its training set."""
    return lint(experiment, datasets.class_counts(experiment.dataset.described(), experiment.split.described()))


def show_findings(found: list[Finding], mend: Callable[[Finding], None]) -> None:
    """A button with their number; behind it each finding with its reason and a button that mends it."""
    if not found:
        return
    with st.popover(str(len(found)), icon=":material/lightbulb:", help=say("train.hint.findings")):
        for finding in found:
            rule = translated(finding.rule)
            st.markdown(f"**{rule[0].upper()}{rule[1:]}**")
            st.caption(translated(finding.reason))
            if finding.mend:
                st.button(
                    translated(finding.mend),
                    key=f"advice.{finding.rule}",
                    icon=":material/build:",
                    on_click=mend,
                    args=(finding,),
                )


def show_command(experiment: Experiment) -> None:
    """The command that starts the same training in a terminal, behind a button."""
    with st.popover("", icon=":material/terminal:", help=say("train.hint.command")):
        st.caption(say("train.hint.command_text"))
        st.code(command_line(experiment), language="bash", wrap_lines=True)


def show_batches(parts: Mapping[str, Mapping[str, Any]]) -> None:
    """What a batch of the chosen sampler holds on average, worked out on the classes of the chosen data."""
    counts = datasets.class_counts(parts["dataset"], parts["split"])
    try:
        composition = build("sampler", SAMPLERS, parts["sampler"]).expected_batch(counts) if counts else None
    except ValueError as problem:
        st.caption(f":material/error: {translated(str(problem))}")
        return
    if composition:
        st.caption(f":material/calculate: {translated(composition.sentence)}")
