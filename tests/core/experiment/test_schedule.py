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
