"""The first of the queue and the place of one, against the order of all that wait."""

from __future__ import annotations

import random

import pytest

from core.runs.queue_order import Standing, first_of_kind, first_of_queue, standing_of
from core.runs.store import Store
from core.system import atomic_files

OWNERS = ("", "ada", "bea", "cy")


def by_hand(store: Store) -> list[tuple[str, bool]]:
    """Ids and whether they are awaited, from the definition: owners with the fewest at work first, each run counting
    those of its owner before it as if they had started, then the fewest of the last twenty starts, then the oldest."""
    rows = [dict(row) for row in store.ask("SELECT * FROM runs")]
    latest = max((row["start_order"] for row in rows), default=0)
    waiting = sorted((row for row in rows if row["state"] == "queued"), key=lambda row: (row["queue_order"], row["id"]))

    def fairness(row: dict) -> tuple:
        own = [other for other in rows if other["owner"] == row["owner"]]
        busy = sum(other["state"] == "running" for other in own)
        recent = sum(other["start_order"] > max(0, latest - 20) for other in own)
        turn = [other["id"] for other in waiting if other["owner"] == row["owner"]].index(row["id"]) + 1
        return busy + turn, recent + turn, row["queue_order"], row["id"]

    ordered = sorted(waiting, key=lambda row: (not row["is_awaited"], fairness(row)))
    return [(row["id"], bool(row["is_awaited"])) for row in ordered]


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_order_of_all(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    chance = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic_files.os, "fsync", lambda handle: None)
        store = Store(tmp_path_factory.mktemp("store"))
        for number in range(60):
            owner = chance.choices(OWNERS, [8, 4, 2, 1])[0]
            request = {"upload": {}} if chance.random() < 0.2 else {}
            row = store.submit(request, f"{number:032x}", f"run {number}", owner)
            if chance.random() < 0.3:
                store.set_state(row.id, "running")
                if chance.random() < 0.7:
                    store.set_state(row.id, "finished")
    expected = by_hand(store)
    assert len(expected) > 20 and {is_awaited for _, is_awaited in expected} == {True, False}
    assert [row.id for row in store.queued()] == [run_id for run_id, _ in expected]
    for most in (0, 1, 3, 10, 100):
        assert first_of_queue(store.ask, most) == [run_id for run_id, _ in expected][:most]
        assert [row.id for row in store.next_queued(most)] == [run_id for run_id, _ in expected][:most]
    for kind in (True, False):
        line = [run_id for run_id, is_awaited in expected if is_awaited is kind]
        assert first_of_kind(store.ask, 5, is_awaited=kind) == line[:5]
        for before, run_id in enumerate(line):
            assert standing_of(store.ask, run_id) == Standing(before, len(line))


def test_what_does_not_wait_stands_nowhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    assert first_of_queue(store.ask, 5) == [] and standing_of(store.ask, "0" * 32) is None
    row = store.submit({}, "0" * 32, "run")
    store.set_state(row.id, "running")
    assert first_of_queue(store.ask, 5) == [] and standing_of(store.ask, row.id) is None
