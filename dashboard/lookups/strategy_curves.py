"""How a number goes in each strategy of a comparison, packed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.comparison.curves import Series, band_over_seeds, mean_series, paired_differences, series_of
from core.comparison.reached import NUMBERS
from dashboard.components.live_figure import Packed, pack
from dashboard.core_words import translated
from dashboard.figures.strategy_curves import Drawn, strategy_curves
from dashboard.figures.strategy_looks import looks_of
from dashboard.lookups.strategy_runs import Seeds, counted, paired
from dashboard.palette import Theme
from dashboard.worded import worded

Shown = tuple[tuple[str, Seeds], ...]  # strategies with their seeds, in the order in which they are drawn


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def curves(strategies: tuple[str, ...], shown: Shown, key: str, over: str, theme: Theme) -> Packed:
    """Of some of the strategies of a comparison the mean over seeds and what they span, ready to send."""
    drawn = [_drawn(name, strategies, theme, _by_seed(seeds, key, over), _numbers(seeds)) for name, seeds in shown]
    return pack(strategy_curves(drawn, translated(NUMBERS[key].title), over, theme))


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def differences(
    strategies: tuple[str, ...], shown: Shown, baseline: tuple[str, Seeds], key: str, over: str, theme: Theme
) -> Packed:
    """The same minus the baseline, seed by seed; a strategy that has no seed in common with it has no line."""
    name, own = baseline
    against = _by_seed(own, key, over)
    drawn = []
    for other, seeds in shown:
        found = paired_differences(_by_seed(seeds, key, over), against)
        if other != name and found:
            drawn.append(_drawn(other, strategies, theme, found, paired(seeds, own)))
    return pack(strategy_curves(drawn, translated(NUMBERS[key].title), over, theme, baseline=name))


def _drawn(
    name: str, strategies: tuple[str, ...], theme: Theme, by_seed: dict[int, Series], counts: Sequence[int]
) -> Drawn:
    band = band_over_seeds([by_seed[seed] for seed in counts])
    return Drawn(name, looks_of(strategies, theme)[name], band, list(by_seed.values()))


def _by_seed(seeds: Seeds, key: str, over: str) -> dict[int, Series]:
    return {
        one.seed: mean_series([series_of(snapshots, key, over) for _, snapshots in one.snapshots()]) for one in seeds
    }


def _numbers(seeds: Seeds) -> list[int]:
    return [one.seed for one in counted(seeds)]
