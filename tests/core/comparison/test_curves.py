"""Means over seeds at moments in common, held to loops from the definition."""

from __future__ import annotations

import numpy as np
import pytest

from core.comparison.curves import (
    HELD,
    OVER,
    SECONDS,
    Series,
    at_common_moments,
    band_over_seeds,
    mean_series,
    paired_differences,
    series_of,
    value_of,
)
from core.comparison.reached import NUMBERS
from core.records.snapshot_record import SnapshotRecord


def by_hand(series: Series, moment: float) -> float:
    """On the straight line between the two looks around a moment."""
    for place in range(len(series.moments)):
        if series.moments[place] == moment:
            return float(series.values[place])
    after = next(place for place in range(len(series.moments)) if series.moments[place] > moment)
    start, end = series.moments[after - 1], series.moments[after]
    share = (moment - start) / (end - start)
    return float((1 - share) * series.values[after - 1] + share * series.values[after])


def trained(rng: np.random.Generator, count: int, pace: float) -> Series:
    """A training whose looks are at seconds of its own; the first at 0."""
    seconds = np.append(0.0, np.cumsum(rng.uniform(0.5, 1.5, count - 1) * pace))
    return Series(seconds, rng.uniform(size=count))


@pytest.fixture
def seeds(rng: np.random.Generator) -> list[Series]:
    return [trained(rng, count, pace) for count, pace in ((9, 1.0), (7, 1.3), (12, 0.4))]


def test_a_band_is_what_a_loop_over_seeds_and_moments_gives(seeds: list[Series]) -> None:
    band = band_over_seeds(seeds)
    reached = min(one.moments[-1] for one in seeds)
    expected = sorted({moment for one in seeds for moment in one.moments.tolist() if moment <= reached})
    assert len(expected) > max(len(one.moments) for one in seeds) / 2 and reached < seeds[0].moments[-1]
    assert band.moments.tolist() == expected and band.seeds == 3
    for place, moment in enumerate(expected):
        values = [by_hand(one, moment) for one in seeds]
        found = band.mean[place], band.low[place], band.high[place]
        np.testing.assert_allclose(found, (sum(values) / 3, min(values), max(values)), rtol=1e-12)


def test_nothing_is_said_before_the_first_or_after_the_last_look_of_any(seeds: list[Series]) -> None:
    late = Series(np.array([2.0, 3.0]), np.array([0.1, 0.2]))
    moments, values = at_common_moments([*seeds, late])
    assert moments[0] == 2.0 and moments[-1] == 3.0 and values.shape == (4, len(moments))


@pytest.mark.parametrize("other", [[5.0, 6.0], []], ids=["later", "without a look"])
def test_without_a_range_in_common_there_is_no_moment(other: list[float]) -> None:
    one = Series(np.array([0.0, 4.0]), np.array([0.1, 0.2]))
    band = band_over_seeds([one, Series(np.array(other), np.array(other))])
    assert len(band.moments) == len(band.mean) == len(band.low) == 0


def test_at_the_same_moments_no_value_is_touched() -> None:
    steps = np.array([0.0, 1, 2, 4, 300])
    values = np.array([[0.1, 0.30000000000000004, 0.2, 0.7, 0.9], [0.3, 0.1, 0.7, 0.6, 0.8]])
    moments, found = at_common_moments([Series(steps, of) for of in values])
    assert moments.tolist() == steps.tolist() and found.tolist() == values.tolist()


def test_one_seed_spans_nothing() -> None:
    band = band_over_seeds([Series(np.array([0.0, 1.0]), np.array([0.5, 0.75]))])
    assert band.mean.tolist() == band.low.tolist() == band.high.tolist() == [0.5, 0.75]


def test_differences_are_paired_by_seed(rng: np.random.Generator, seeds: list[Series]) -> None:
    first = dict(enumerate(seeds))
    baseline = {seed: trained(rng, 8, 0.9) for seed in (3, 2, 1)}
    differences = paired_differences(first, baseline)
    assert list(differences) == [1, 2]
    for seed, (moments, values) in differences.items():
        assert moments[-1] == min(first[seed].moments[-1], baseline[seed].moments[-1]) and len(moments) > 8
        expected = [by_hand(first[seed], moment) - by_hand(baseline[seed], moment) for moment in moments.tolist()]
        np.testing.assert_allclose(values, expected, atol=1e-14)
    band = band_over_seeds(list(differences.values()))
    for place, moment in enumerate(band.moments.tolist()):
        expected = [by_hand(first[seed], moment) - by_hand(baseline[seed], moment) for seed in (1, 2)]
        np.testing.assert_allclose(band.mean[place], sum(expected) / 2, atol=1e-14)


def test_what_all_seeds_share_leaves_no_band_around_a_difference(seeds: list[Series]) -> None:
    raised = {seed: Series(one.moments, one.values + 0.25) for seed, one in enumerate(seeds)}
    band = band_over_seeds(list(paired_differences(raised, dict(enumerate(seeds))).values()))
    np.testing.assert_allclose(np.stack([band.mean, band.low, band.high]), 0.25, atol=1e-14)


def test_folds_count_alike(seeds: list[Series]) -> None:
    assert mean_series(seeds).values.tolist() == band_over_seeds(seeds).mean.tolist()


def test_of_no_training_nothing_is_said() -> None:
    with pytest.raises(ValueError, match="at least one training"):
        at_common_moments([])


def test_a_snapshot_holds_the_numbers_of_a_comparison() -> None:
    at = {"map": "pca", "points": 4, "classes": 2, "auc": 0.9, "eer": 0.1}
    snapshots = [
        SnapshotRecord(step=step, epoch=step / 2, seconds=seconds, **at, map_at_r=value, spread=0.5, spread_within=0.1)
        for step, seconds, value in ((0, 0.0, 0.25), (1, 0.0, 0.375), (2, 1.5, None))
    ]
    assert set(HELD) <= set(NUMBERS)
    found = series_of(snapshots, "map_at_r", SECONDS)
    assert found.moments.tolist() == [0.0] and found.values.tolist() == [0.375], "the later of two at one moment"
    assert [series_of(snapshots, "auc", over).moments.tolist() for over in OVER] == [[0, 1, 2], [0, 0.5, 1], [0, 1.5]]
    assert value_of(snapshots[0], "density") == 0.2
    nothing = SnapshotRecord(step=0, epoch=0, seconds=0, **at)
    assert value_of(nothing, "density") is None
    same = SnapshotRecord(step=0, epoch=0, seconds=0, **at, spread=0.0, spread_within=0.0)
    assert value_of(same, "density") == 1.0
