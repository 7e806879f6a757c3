"""A place in the queue is looked up anew, unless that takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.runs.queue_places import Place
from core.runs.run_row import Row
from core.runs.store import Store
from dashboard.lookups import queue_places, runs


@pytest.fixture
def row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Row]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    runs.store.clear()
    queue_places._kept.clear()
    store = Store(tmp_path)
    store.submit({}, f"{1:032x}", "one")
    yield store.row(f"{1:032x}")
    runs.store.clear()


def test_a_place_is_that_of_now(row: Row) -> None:
    assert queue_places.place_in_queue(row) == Place(1, 1)
    runs.store().set_state(row.id, "running")
    assert queue_places.place_in_queue(row) is None


def test_what_takes_long_is_kept_for_as_long_as_it_is_worth(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    now, asked = [0.0], []

    def slow(store: Store, row: Row) -> Place:
        asked.append(now[0])
        now[0] += 0.05
        return Place(len(asked), 9)

    monkeypatch.setattr(queue_places, "place_of", slow)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert queue_places.place_in_queue(row) == queue_places.place_in_queue(row) == Place(1, 9)
    now[0] = 0.05 + 4.9
    assert queue_places.place_in_queue(row) == Place(1, 9)
    now[0] = 0.05 + 5.01
    assert queue_places.place_in_queue(row) == Place(2, 9) and len(asked) == 2
