from __future__ import annotations

import pytest

from core.experiment.schedule import Schedule


def test_snapshots_are_dense_at_first_and_then_after_every_epoch() -> None:
    assert Schedule(epochs=3).snapshot_steps(20) == {0, 1, 2, 4, 8, 16, 20, 40, 60}


def test_snapshots_within_an_epoch_are_even() -> None:
    assert Schedule(epochs=2, snapshots_per_epoch=4).snapshot_steps(8) == {0, 1, 2, 4, 6, 8, 10, 12, 14, 16}


@pytest.mark.parametrize("steps_per_epoch", [1, 2, 3, 7, 16, 100])
@pytest.mark.parametrize("snapshots_per_epoch", [1, 3, 20])
def test_the_end_of_every_epoch_is_looked_at(steps_per_epoch: int, snapshots_per_epoch: int) -> None:
    steps = Schedule(epochs=5, snapshots_per_epoch=snapshots_per_epoch).snapshot_steps(steps_per_epoch)
    assert {epoch * steps_per_epoch for epoch in range(6)} <= steps
    assert max(steps) == 5 * steps_per_epoch


def test_the_rate_falls_to_zero_along_half_a_cosine() -> None:
    schedule = Schedule(epochs=8, learning_rate=0.4)
    assert schedule.rate_at(0) == 0.4
    assert schedule.rate_at(2) == pytest.approx(0.2 + 0.2 * 0.5**0.5)  # cos(45 degrees)
    assert schedule.rate_at(4) == pytest.approx(0.2)
    assert schedule.rate_at(8) == 0


def test_the_rate_stays_where_it_does_not_decay() -> None:
    schedule = Schedule(epochs=8, learning_rate=0.4, decay="none")
    assert {schedule.rate_at(epoch / 4) for epoch in range(33)} == {0.4}


def test_the_rate_rises_evenly_through_the_warm_up() -> None:
    schedule = Schedule(epochs=8, learning_rate=0.4, decay="none", warm_up=2.0)
    assert schedule.rate_at(0) == pytest.approx(0.004)
    assert schedule.rate_at(0.5) == pytest.approx(0.1)
    assert schedule.rate_at(2) == schedule.rate_at(7) == 0.4
    falling = Schedule(epochs=8, learning_rate=0.4, warm_up=4.0)
    assert falling.rate_at(2) == pytest.approx(0.5 * (0.2 + 0.2 * 0.5**0.5))


def test_a_limit_in_updates_or_seconds_ends_it_wherever_the_epochs_are() -> None:
    by_epochs, by_updates = Schedule(epochs=4), Schedule(epochs=4, updates=30)
    assert not by_epochs.is_over(10**6, 3, 10.0**6) and by_epochs.is_over(1, 4, 0.0)
    assert not by_updates.is_over(29, 100, 10.0**6) and by_updates.is_over(30, 0, 0.0)
    by_seconds = Schedule(seconds=2.5)
    assert not by_seconds.is_over(10**6, 10**3, 2.4) and by_seconds.is_over(1, 0, 2.5)
    either = Schedule(updates=30, seconds=2.5)
    assert either.is_over(30, 0, 0.0) and either.is_over(0, 0, 2.5) and not either.is_over(29, 9, 2.4)


def test_the_share_that_is_done_is_that_of_the_limit() -> None:
    assert Schedule(epochs=4).share_done(7, 1.0, 99.0) == 0.25
    assert Schedule(updates=30).share_done(15, 9.0, 99.0) == 0.5
    assert Schedule(updates=30, seconds=10.0).share_done(15, 9.0, 8.0) == 0.8
    assert Schedule(epochs=4).epochs_in_all(1.0, 0.25) == 4
    assert Schedule(updates=30).epochs_in_all(1.5, 0.5) == 3 and Schedule(updates=30).epochs_in_all(0.0, 0.0) == 1


def test_the_rate_falls_over_the_share_that_is_done() -> None:
    schedule = Schedule(epochs=8, learning_rate=0.4, updates=30)
    assert [schedule.rate_at(50.0, share) for share in (0.0, 0.5, 1.0, 1.2)] == pytest.approx([0.4, 0.2, 0.0, 0.0])
    assert schedule.rate_at(0.0, 0.9) < 0.02, "a warm-up that there is none of"


def test_steps_are_those_up_to_an_epoch_where_that_is_asked_for() -> None:
    schedule = Schedule(epochs=3, maps_per_epoch=2)
    assert schedule.snapshot_steps(20, 1) == {0, 1, 2, 4, 8, 16, 20}
    assert schedule.map_steps(20, 5) >= {50, 70, 90, 100} and schedule.map_steps(20) == schedule.map_steps(20, 3)


def test_so_many_snapshots_in_all_stand_evenly_over_the_updates() -> None:
    counted = Schedule(epochs=3, updates=100, snapshots=4)
    assert counted.snapshot_steps(7) == counted.map_steps(20, 9) == {0, 25, 50, 75, 100}
    assert Schedule(epochs=3, snapshots=2).snapshot_steps(20) == {0, 30, 60}, "of epochs alone over these"
    assert Schedule(updates=3, snapshots=10).snapshot_steps(20) == {0, 1, 2, 3}, "no more than there are updates"
    by_time = Schedule(epochs=2, seconds=9.0, snapshots=4)
    assert by_time.snapshot_steps(4) == Schedule(epochs=2, seconds=9.0).snapshot_steps(4), "nobody knows how many come"
