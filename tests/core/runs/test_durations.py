"""What earlier runs took, and what is said of another by that; nothing where no run is like it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.augmentations import CropsAndColour, Untouched
from core.records.kinds import Kind
from core.records.run_record import DataRecord, RunRecord
from core.runs import durations as module
from core.runs.durations import Cost, Duration, Estimates, cost_of, durations, seconds_since
from core.runs.run_folder import Run
from core.runs.run_row import Row
from core.runs.store import Store
from core.statistics.samples import AT_ONCE


def upload(store: Store, number: int, count: int, pairs: int | None = None) -> Row:
    """So many points, or pairs, that somebody brought."""
    data = DataRecord(
        digest="",
        class_names=(),
        training_count=0,
        evaluation_count=count,
        probe_count=count,
        pair_count=pairs,
        protocol="",
    )
    row = store.submit({"upload": {}}, f"{number:032x}", f"upload {number}")
    Run(store.folder(row.id)).write_record(
        RunRecord(id=row.id, kind=Kind.EMBEDDINGS, title="", experiment={}, data=data)
    )
    return row


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def took(store: Store, row: Row, seconds: float, state: str = "finished") -> Row:
    """As if it had begun so long ago, and come to this state by now."""
    store.set_state(row.id, "running")
    if state != "running":
        store.set_state(row.id, state)
    values = {"id": row.id, "begun": (NOW - timedelta(seconds=seconds)).isoformat(), "ended": NOW.isoformat()}
    store._ask("UPDATE runs SET started_at = :begun, ended_at = :ended WHERE id = :id", values)
    return store.row(row.id)


def test_a_cost_is_the_size_of_what_is_done(store: Store) -> None:
    assert cost_of(store, upload(store, 1, 500)) == Cost("points", 500)
    assert cost_of(store, upload(store, 2, AT_ONCE)) == Cost("points", AT_ONCE)
    assert cost_of(store, upload(store, 3, AT_ONCE + 1)) == Cost("blocks", (AT_ONCE + 1) ** 2)
    assert cost_of(store, upload(store, 4, 0, pairs=700)) == Cost("pairs", 700)
    assert cost_of(store, store.submit({"upload": {}}, f"{5:032x}", "nothing is written yet")) is None


def test_trainings_cost_the_same_whatever_their_seed(store: Store) -> None:
    first, second, third = (
        store.submit({"schedule": {"epochs": epochs, "seed": seed}}, f"{seed:032x}", "training")
        for seed, epochs in enumerate((5, 5, 6))
    )
    assert cost_of(store, first) == cost_of(store, second) != cost_of(store, third)


def test_changing_the_images_takes_its_time(store: Store) -> None:
    before, untouched, cropped = (
        store.submit({"schedule": {"epochs": 5}, **more}, f"{number:032x}", "training")
        for number, more in enumerate(
            ({}, {"augmentation": Untouched().described()}, {"augmentation": CropsAndColour().described()})
        )
    )
    assert cost_of(store, before) == cost_of(store, untouched) != cost_of(store, cropped)


def test_only_what_was_finished_in_one_attempt_tells_how_long_it_takes(store: Store) -> None:
    took(store, upload(store, 1, 500), 4.0)
    took(store, upload(store, 2, 500), 9.0, "failed")
    took(store, upload(store, 3, 500), 9.0, "running")
    twice = upload(store, 4, 500)
    for state in ("running", "interrupted", "queued"):
        store.set_state(twice.id, state)
    took(store, twice, 9.0)
    (only,) = durations(store)
    assert only == Duration(Cost("points", 500), 4.0)


def test_a_time_is_in_proportion_to_the_size_and_of_about_the_same_size_alone(store: Store) -> None:
    earlier = (
        Duration(Cost("points", 100), 2.0),
        Duration(Cost("points", 200), 5.0),
        Duration(Cost("pairs", 300), 99.0),
    )
    estimates = Estimates(store, earlier)
    assert estimates.takes(upload(store, 1, 100)) == pytest.approx((2.0 + 2.5) / 2)
    assert estimates.takes(upload(store, 2, 300)) == pytest.approx((6.0 + 7.5) / 2)
    assert estimates.takes(upload(store, 3, 500)) == pytest.approx(12.5), "the first is too small"
    assert estimates.takes(upload(store, 4, 601)) is None
    assert estimates.takes(upload(store, 5, 0)) is None


def test_what_is_left_of_blocks_is_told_by_those_that_are_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "seconds_since", lambda when: module._seconds(when, NOW.isoformat()))
    row = took(store, upload(store, 1, 2 * AT_ONCE), 12.0, "running")
    assert Estimates(store, ()).left(row) is None
    store.progress(row.id, 3, 8, 0, 0.0)
    assert Estimates(store, ()).left(store.row(row.id)) == 20.0


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1), timedelta(hours=1)])
def test_a_clock_that_is_set_meanwhile_changes_no_estimate(
    ahead: timedelta, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By so much between the begin of a run and its end; the engine counts the seconds of every run beside it."""

    def by_the_clock(row: Row, state: str) -> Row:
        store.set_state(row.id, "running")
        values = {"id": row.id, "begun": (NOW - ahead).isoformat(), "ended": NOW.isoformat()}
        if state == "finished":
            store.set_state(row.id, state, took=4.0)
        else:
            store.progress(row.id, 3, 8, 0, 0.0, took=12.0)
        store._ask("UPDATE runs SET started_at = :begun, ended_at = :ended WHERE id = :id", values)
        return store.row(row.id)

    monkeypatch.setattr(module, "seconds_since", lambda when: module._seconds(when, NOW.isoformat()))
    by_the_clock(upload(store, 1, 500), "finished")
    assert [one.seconds for one in durations(store)] == [4.0]
    estimates = Estimates(store, durations(store))
    assert estimates.left(by_the_clock(upload(store, 2, 2 * AT_ONCE), "running")) == 20.0
    at_once = by_the_clock(upload(store, 3, 500), "running")
    assert estimates.takes(at_once) == 4.0 and 0 <= (estimates.left(at_once) or 0) <= 4.0


def test_a_time_that_is_not_there_is_none_ago() -> None:
    assert seconds_since("") == 0.0
