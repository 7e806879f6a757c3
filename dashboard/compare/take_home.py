"""A comparison to take home: its tables at once, figures and a page made beside this one, and the command that makes
it again."""

from __future__ import annotations

import re
from functools import partial

import streamlit as st

from core.comparison.record import Comparison
from core.handover.comparison_tables import csv_table, tables_of
from core.jobs.comparison_results import gathered
from core.jobs.export_apart import Spoken, begin_comparison, folder_of, key_of_comparison
from core.jobs.export_comparison import check_can_be_written
from dashboard.core_words import plain_words, report_files
from dashboard.lookups import kept_comparisons, runs
from dashboard.runs.exports import Made, offer_made
from dashboard.wording import ENGLISH, language, say

OPEN, FORM = "compare.take_home.open", "compare.take_home.form"
TABLES = ("levels", "differences", "curves")
FORMS = ("files", "events")
ID_LENGTH, TITLE_LENGTH = 12, 48


def offer(comparison: Comparison) -> None:
    """Closed at first, and nothing is computed until it is opened."""
    title = say("compare.take_home.title")
    with st.expander(title, icon=":material/download:", key=OPEN, on_change="rerun") as opened:
        if not opened.open:
            return
        _offer_tables(comparison)
        _offer_made(comparison)
        _show_command(comparison)


def _offer_tables(comparison: Comparison) -> None:
    st.caption(say("compare.take_home.tables"))
    with st.container(horizontal=True):
        for name in TABLES:
            st.download_button(
                f"{name}.csv",
                partial(csv_of, comparison, name),
                file_name=f"{name}.csv",
                mime="text/csv",
                key=f"compare.take_home.{name}",
                icon=":material/table:",
                on_click="ignore",
            )


def csv_of(comparison: Comparison, name: str) -> str:
    """A table of what the comparison has found by now."""
    reached, finished = kept_comparisons.results(comparison), kept_comparisons.finished(comparison)
    results = gathered(runs.store().root, comparison, reached, among=finished)
    return csv_table(next(table for table in tables_of(results) if table.name == name))


def _offer_made(comparison: Comparison) -> None:
    form = st.segmented_control(
        say("compare.take_home.form"),
        FORMS,
        default=FORMS[0],
        required=True,
        key=FORM,
        format_func=lambda form: say(f"compare.take_home.forms.{form}"),
        label_visibility="collapsed",
    )
    st.caption(say(f"compare.take_home.what.{form}"))
    try:
        check_can_be_written(form)
    except ValueError as problem:
        st.info(plain_words(problem))
        return
    finished, there = kept_comparisons.finished(comparison), kept_comparisons.standing(comparison)
    spoken = None if language() == ENGLISH else Spoken(language(), report_files(language()))
    made = Made(
        folder_of(key_of_comparison(comparison, form, finished, spoken)),
        partial(begin_comparison, comparison, form, finished, spoken),
        file_name(comparison, form),
        say("compare.take_home.done", finished=there.finished, count=there.count),
    )
    offer_made(made)


def file_name(comparison: Comparison, form: str) -> str:
    """What the browser is to call the zip: the title, as far as every disk takes it, the form, and the id."""
    title = "-".join(re.findall(r"[A-Za-z0-9]+", comparison.title))[:TITLE_LENGTH].strip("-")
    return "-".join(filter(None, (title, form, f"{comparison.id[:ID_LENGTH]}.zip")))


def _show_command(comparison: Comparison) -> None:
    if command := kept_comparisons.command(comparison):
        st.caption(say("compare.take_home.command"))
        st.code(command, language=None, wrap_lines=True)
    else:
        st.caption(say("compare.take_home.no_command"))
