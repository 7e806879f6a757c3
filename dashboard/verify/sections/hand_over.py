"""A threshold to take away: as a page of paper, as code, as values, as a link and as a command."""

from __future__ import annotations

import json
from functools import partial

import streamlit as st

from core.experiment.options import command_line
from core.handover.files import CODE, REPORT
from core.handover.page_language import in_language
from core.handover.report import report
from core.handover.snippet import python_snippet
from dashboard.core_words import book_of_reports, plain_words
from dashboard.lookups import runs
from dashboard.markdown import plain
from dashboard.settings import RUN
from dashboard.verify import repeat, take_home
from dashboard.verify.chosen import Chosen
from dashboard.wording import ENGLISH, language, say

TITLE = "sections.title.hand_over"
CODE_HEIGHT = 220  # pixels


def show(chosen: Chosen) -> None:
    """Draw the tabs to take the threshold away: report, Python, JSON, the ways back, and what the run has learned."""
    paper, code, values, again, home = st.tabs(
        [
            *(say(f"sections.hand_over.{tab}") for tab in ("report", "python", "json", "again")),
            say("sections.take_home.tab"),
        ]
    )
    with paper:
        _show_report(chosen)
    with code:
        _show_code(chosen)
    with values:
        st.code(json.dumps(chosen.card, indent=1), language="json", height=CODE_HEIGHT)
    with again:
        _show_ways_back(chosen)
    with home:
        take_home.offer(chosen)


def _show_report(chosen: Chosen) -> None:
    st.caption(say("sections.hand_over.report_of"))
    about = runs.record(chosen.name).title
    st.download_button(
        say("sections.hand_over.report"),
        # On the click nobody knows any more whose page it is.
        partial(_report, chosen, about, language()),
        file_name=REPORT,
        mime="text/html",
        icon=":material/print:",
        on_click="ignore",
    )


def _report(chosen: Chosen, about: str, spoken: str) -> str:
    """In the language of the page that asks for it."""
    page = report(chosen.card, chosen.outcome, about)
    return page if spoken == ENGLISH else in_language(page, spoken, book_of_reports(spoken).translated)


def _show_code(chosen: Chosen) -> None:
    try:
        text = python_snippet(chosen.card)
    except ValueError as problem:
        st.info(plain_words(problem))
        return
    st.download_button(
        say("sections.hand_over.python"),
        lambda: text,
        file_name=CODE,
        mime="text/x-python",
        icon=":material/download:",
        on_click="ignore",
    )
    st.code(text, language="python", height=CODE_HEIGHT)


def _show_ways_back(chosen: Chosen) -> None:
    st.caption(say("sections.hand_over.view"))
    st.code(RUN.link(chosen.name), language=None, wrap_lines=True)
    record = runs.record(chosen.name)
    if command := repeat.command_of(chosen.card, record):
        st.caption(say("sections.hand_over.card"))
        st.code(command, language=None, wrap_lines=True)
    elif "run" not in chosen.card:
        st.caption(say("sections.hand_over.file", file=plain(chosen.card["file"])))
    else:
        st.caption(say("sections.hand_over.run", run=chosen.card["run"], step=chosen.step))
        if record.kind.is_trained and record.fork is None:  # a fork starts from a checkpoint that no command names
            st.caption(say("sections.hand_over.training"))
            st.code(command_line(runs.run_of(chosen.name).experiment()), language=None, wrap_lines=True)
