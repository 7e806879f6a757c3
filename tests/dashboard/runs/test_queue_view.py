"""The whole queue as a table."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.runs.states import ACTIVE
from core.runs.store import Store
from dashboard.lookups import forecasts
from dashboard.runs.queue_view import lines
from tests.dashboard.made_runs import EXPERIMENT
from tests.dashboard.swept import swept


def page() -> None:
    from dashboard.runs import queue_view

    queue_view.show()


def test_a_sweep_is_one_line_where_its_first_run_stands(store: Store) -> None:
    store.submit(EXPERIMENT.described(), f"{1:032x}", "before")
    sweep = swept(store, running=1)
    store.submit(EXPERIMENT.described(), f"{2:032x}", "behind")
    found = lines(store.in_states(*ACTIVE), store.next_queued(10))
    assert [(line.title, len(line.rows), line.place) for line in found] == [
        ("miners", 4, 2),
        ("before", 1, 1),
        ("behind", 1, 5),
    ]
    assert found[0].sweep is not None and found[0].sweep.id == sweep.id


def test_it_says_what_is_at_work_what_waits_and_when_each_ends(store: Store) -> None:
    forecasts._expected.clear()
    swept(store, running=1)
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert "| miners | at work | 1 at work, 3 waiting | – | not known yet |" in app.markdown[0].value
    assert app.caption[0].value.startswith("3 runs wait · ")


def test_nothing_is_said_of_an_empty_queue(store: Store) -> None:
    swept(store, finished=4)
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.markdown and not app.caption and not app.exception
