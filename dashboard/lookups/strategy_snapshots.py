"""What the last snapshots of strategies hold, side by side, packed: distances, triplets and ROC curves."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.comparison.over_seeds import Histogram, pooled, rates_down_to, roc_over_seeds
from core.records.snapshot_record import SnapshotRecord
from core.statistics.roc import Curve
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import strategy_snapshots as figures
from dashboard.figures.strategy_looks import looks_of
from dashboard.lookups import appraisals, runs
from dashboard.lookups.strategy_curves import Shown
from dashboard.lookups.strategy_runs import Seeds
from dashboard.palette import Theme
from dashboard.worded import worded


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def distances(shown: Shown, theme: Theme) -> list[Packed]:
    """A histogram for each strategy, of all pairs of these seeds together; where they compare by the same distance,
    their axes are the same."""
    found = [_histogram(seeds) for _, seeds in shown]
    alike = len({runs.distance_of(seeds[0].runs[0][0]) for _, seeds in shown}) == 1
    ends = [figures.reach(one) for one in found]
    widest = (min(low for low, _ in ends), max(high for _, high in ends))
    return [pack(figures.distances(one, widest if alike else own, theme)) for one, own in zip(found, ends, strict=True)]


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def triplets(shown: Shown, theme: Theme) -> Packed | None:
    """Shares of easy, semi-hard and hard triplets, each the mean over these seeds; None where nothing holds any."""
    shares = {name: of for name, seeds in shown if (of := _shares(seeds)) is not None}
    return pack(figures.triplets(shares, theme)) if shares else None


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def roc(strategies: tuple[str, ...], shown: Shown, theme: Theme) -> Packed:
    """ROC curves of all strategies in one figure. Raises ValueError for runs of an older version, which keep none."""
    looks, curves = looks_of(strategies, theme), {name: _curves(seeds) for name, seeds in shown}
    counts = [one.negative_count for of in curves.values() for folds in of for one in folds]
    rates = rates_down_to(max(counts))
    drawn = [(name, looks[name], roc_over_seeds(of, rates)) for name, of in curves.items()]
    unknown = max(
        appraisals.appraisal(*last).everyone.smallest_rates()[0] for _, seeds in shown for last in _last(seeds)
    )
    return pack(figures.roc(drawn, unknown, theme))


def _last(seeds: Seeds) -> list[tuple[str, int]]:
    """The runs, each with the step of its last snapshot."""
    found = [(name, run) for one in seeds for (name, _), run in zip(one.runs, one.snapshots(), strict=True)]
    return [(name, snapshots[-1].step) for name, (_, snapshots) in found]


def _histogram(seeds: Seeds) -> Histogram:
    kept = [
        runs.run_of(name).snapshot(step, "edges", "positive_counts", "negative_counts") for name, step in _last(seeds)
    ]
    return pooled([(of["edges"], of["positive_counts"], of["negative_counts"]) for of in kept])


def _shares(seeds: Seeds) -> np.ndarray | None:
    """Of hard, semi-hard and easy triplets (S, 3), the means over the folds of each seed; None where a snapshot holds
    none."""
    last = [[snapshots[-1] for _, snapshots in one.snapshots()] for one in seeds]
    if not all(snapshot.triplets for folds in last for snapshot in folds):
        return None
    return np.array([np.mean([_parts(snapshot) for snapshot in folds], axis=0) for folds in last])


def _parts(snapshot: SnapshotRecord) -> np.ndarray:
    return np.array([snapshot.hard or 0, snapshot.semi_hard or 0, snapshot.easy or 0]) / snapshot.triplets


def _curves(seeds: Seeds) -> list[list[Curve]]:
    return [[appraisals.appraisal(*last).everyone.curve for last in _last((one,))] for one in seeds]
