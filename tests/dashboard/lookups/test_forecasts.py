"""When runs of the store begin and end."""

from __future__ import annotations

import pytest

from core.runs.store import Store
from dashboard.lookups import estimates, forecasts
from tests.dashboard.made_runs import EXPERIMENT


@pytest.mark.parametrize("slots", [1, 2])
def test_runs_that_wait_are_told_by_what_earlier_ones_took(
    empty_store: Store, slots: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRIC_LAB_SLOTS", str(slots))
    estimates._durations.clear()
    forecasts._expected.clear()
    for number in range(1, 4):
        empty_store.submit(EXPERIMENT.described(), f"{number:032x}", "run")
    empty_store.set_state(f"{1:032x}", "running")
    empty_store.set_state(f"{1:032x}", "finished", took=30.0)
    found = forecasts.expected()
    begins = 30.0 if slots == 1 else 0.0
    assert [tuple(found[f"{number:032x}"]) for number in (2, 3)] == [(0, 30), (begins, begins + 30)]
    empty_store.submit(EXPERIMENT.described(), f"{4:032x}", "run")
    assert len(forecasts.expected()) == 2, "for some seconds it is kept"
    forecasts._expected.clear()
    estimates._durations.clear()
