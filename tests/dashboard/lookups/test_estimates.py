"""What earlier runs took is looked up once for all readers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.comparison.paces import Work
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.runs.store import Store
from dashboard.lookups import estimates
from tests.dashboard.made_runs import made_run


def test_the_store_is_not_looked_through_for_every_reader(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Store] = []
    monkeypatch.setattr(estimates, "durations", lambda store: looked.append(store) or ())
    estimates._durations.clear()
    for _ in range(3):
        assert estimates.estimates().earlier == ()
    assert [store.root for store in looked] == [empty_store.root]


def test_what_trainings_cost_is_said_by_how_long_others_took_here(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimates, "work_of", lambda one: Work(10.0, 2e6) if one.encoder.name != "mlp" else None)
    monkeypatch.setattr(estimates, "_slots", lambda: 2)
    estimates._earlier.clear()
    start = Experiment()
    assert estimates.price_of([start] * 6) == estimates.Price(30.0, 12e6)
    assert estimates.price_of([start] * 6, 0.5).seconds == 15.0 and estimates.price_of([]).seconds == 0.0
    run = made_run(empty_store.root, start)
    empty_store._ask("UPDATE runs SET took = 40.0, attempts = 1 WHERE id = :id", {"id": run.folder.name})
    estimates._earlier.clear()
    assert estimates.price_of([start] * 6).seconds == 120.0, "that one took four times as long as it would elsewhere"
    assert estimates.price_of([start, replace(start, encoder=Mlp())]) == estimates.Price(None, 2e6)
