"""A sweep is one line of the list of runs, which opens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.store import Store
from dashboard.lookups import forecasts
from dashboard.lookups.listed_runs import Group, ListedSweep, asked_in, listed
from dashboard.runs import sweep_lines
from dashboard.runs.sweep_lines import ends_in, in_words
from tests.dashboard.made_runs import EXPERIMENT
from tests.dashboard.pages import list_of_runs
from tests.dashboard.swept import swept
from tests.dashboard.verify_pages import named


def now() -> datetime:
    return datetime.now(UTC)


def one() -> None:
    import streamlit as st

    from dashboard.runs import run_list

    st.text(f"{run_list.choose_run()}")


def line_of(store: Store) -> ListedSweep:
    (line, *_) = listed(Group.ALL, asked_in(Group.ALL))
    assert isinstance(line, ListedSweep)
    return line


def test_a_line_says_how_far_the_sweep_is(store: Store) -> None:
    swept(store, finished=1, failed=1, running=1)
    store.ask("UPDATE runs SET map_at_r = 0.8125, size = 3000000 WHERE state = 'finished'")
    store.ask("UPDATE runs SET size = 0 WHERE state = 'failed'")
    said = in_words(line_of(store), now())
    assert (
        said
        == "4 runs · 1 finished · 1 at work · 1 waiting · 1 failed · 25 % done · best MAP@R 0.812 · 3.0 MB · just now"
    )


def test_a_sweep_that_is_done_says_no_more_than_that(store: Store) -> None:
    swept(store, finished=4)
    store.ask("UPDATE runs SET size = 0")
    assert in_words(line_of(store), now()) == "4 runs · just now"


def test_the_end_is_that_of_its_last_run(store: Store) -> None:
    forecasts._expected.clear()
    store.submit(EXPERIMENT.described(), f"{1:032x}", "earlier")
    for state in ("running", "finished"):
        store.set_state(f"{1:032x}", state, took=10.0 * (state == "finished"))
    swept(store, finished=4, base=0xB0)
    store.ask("UPDATE runs SET took = 10.0 WHERE state = 'finished'")
    sweep = swept(store, finished=2)
    store.ask("UPDATE runs SET took = 10.0 WHERE state = 'finished'")
    line = next(
        line
        for line in listed(Group.ALL, asked_in(Group.ALL))
        if isinstance(line, ListedSweep) and line.sweep.id == sweep.id
    )
    ends = ends_in(line)
    assert ends in (10.0, 20.0), "two runs of ten seconds, beside each other or one after the other"
    forecasts._expected.clear()


def test_its_runs_stand_by_strategy_and_one_is_chosen(store: Store) -> None:
    sweep = swept(store, finished=4)
    app = list_of_runs(AppTest.from_function(one, default_timeout=60).run())
    assert [button.key for button in app.button if (button.key or "").startswith(("runs.sweep.0", "runs.pick.0"))] == [
        f"runs.sweep.{sweep.id}"
    ], "sixty members do not flood the list"
    app.button(key=f"runs.sweep.{sweep.id}").click().run()
    assert not app.exception
    picks = [button for button in app.button if (button.key or "").startswith("runs.pick.0")]
    assert [button.label for button in picks] == ["seed 0", "seed 1"] * 2
    said = [caption.value.replace("\\", "") for caption in app.caption]
    assert any(one.startswith("**semi-hard**") for one in said) and any(one.startswith("**random**") for one in said)
    picks[2].click().run()
    assert named(app, "run") == f"{0xA1:032x}", "random, seed 0"


def test_many_runs_of_one_sweep_are_shown_by_and_by(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_lines, "MOST_RUNS", 3)
    sweep = swept(store)
    app = list_of_runs(AppTest.from_function(one, default_timeout=60).run())
    app.button(key=f"runs.sweep.{sweep.id}").click().run()
    assert sum((button.key or "").startswith("runs.pick.0") for button in app.button) == 3
    assert app.button(key="runs.sweep.more").label == "Show 1 more"
    app.button(key="runs.sweep.more").click().run()
    assert sum((button.key or "").startswith("runs.pick.0") for button in app.button) == 4
