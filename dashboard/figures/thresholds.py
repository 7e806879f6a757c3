"""A threshold on pair distances: the histogram, and the handle to drag over it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from core.evidence.calibration import pair_counts
from core.evidence.evidence import Evidence
from core.handover.words import between, of_a_round_number, percentages
from core.statistics.roc import Curve
from core.statistics.threshold_grid import bars_of, decimals_of
from dashboard import palette
from dashboard.components.gestures import Follower, Handle, Readout, Recolour
from dashboard.palette import Theme
from dashboard.wording import say

DOTS = 500
BESIDE_TITLE = 21  # pixels below the axis: its numbers stand above, its title between the two words
CLEAR = "rgba(0,0,0,0)"
_BESIDE_THE_PLOT = {"xref": "paper", "yref": "paper", "showarrow": False, "borderpad": 1}


def distances(curve: Curve, theme: Theme, named: str = "", *, is_similarity: bool = False) -> go.Figure:
    """Shares of both kinds of pairs over the distance, from exact counts, and dots that show the wrong side.

    Each kind has DOTS dots of equal weight under its outline; the handle makes those on the wrong side visible.
    `named` says which distance it is. `is_similarity`: the distances are similarities with the sign turned, and the
    axis is that of the similarities.
    """
    places, bar_of = bars_of(curve)
    bars = [_added_up(counts, bar_of, len(places) - 1) for counts in pair_counts(curve)]
    if is_similarity:
        places, bars = (0.0 - places)[::-1], [counts[::-1] for counts in bars]
    kinds = (("genuine", palette.POSITIVE[theme], ""), ("impostor", palette.NEGATIVE[theme], "/"))
    figure = go.Figure()
    for (name, colour, hatch), counts in zip(kinds, bars, strict=True):
        figure.add_scatter(
            x=places,
            y=np.append(100 * counts / counts.sum(), 0.0),
            customdata=np.append(counts, 0),
            name=say(f"figures.threshold.{name}"),
            mode="lines",
            line={"shape": "hv", "width": 1.5, "color": colour},
            fill="tozeroy",
            fillpattern={"shape": hatch, "size": 6, "solidity": 0.15},
            hovertemplate=say(f"figures.threshold.{name}_share"),
        )
    wrong = (
        (say("figures.threshold.false_rejects"), palette.POSITIVE[theme], "circle"),
        (say("figures.threshold.false_accepts"), palette.NEGATIVE[theme], "diamond"),
    )
    for (name, colour, symbol), (x, y) in zip(wrong, _dots(curve), strict=True):
        marker = {"color": colour, "symbol": symbol, "size": 5}
        x = 0.0 - x if is_similarity else x
        figure.add_scattergl(x=x, y=y, mode="markers", name=name, text="", hoverinfo="skip", marker=marker)
    compared = "similarity" if is_similarity else "distance"
    figure.update_xaxes(
        title={"text": say(f"figures.threshold.axis.{compared}", distance=named)},
        range=[places[0], places[-1]],
        unifiedhovertitle={"text": say(f"figures.threshold.bar.{compared}", digits=decimals_of(curve))},
    )
    sides = ("refuse_below", "accept_above") if is_similarity else ("accept_below", "refuse_above")
    return _laid_out(figure, sides)


def _laid_out(figure: go.Figure, sides: tuple[str, str]) -> go.Figure:
    for name, x, side in zip(sides, (0, 1), ("left", "right"), strict=True):
        figure.add_annotation(
            text=say(f"figures.threshold.{name}"),
            x=x,
            xanchor=side,
            y=0,
            yanchor="top",
            yshift=-BESIDE_TITLE,
            **_BESIDE_THE_PLOT,
        )
    return figure.update_layout(
        # Room for numbers and the title is given, which plotly otherwise finds by drawing all once more.
        margin={"l": 42, "r": 10, "t": 26, "b": 40},
        hovermode="x unified",
        xaxis={"automargin": False},
        yaxis={"rangemode": "tozero", "ticksuffix": " %", "nticks": 4, "automargin": False},
        legend={"font": {"size": 11}},
    )


def handle(
    evidence: Evidence,
    value: float,
    name: str,
    theme: Theme,
    *,
    is_similarity: bool = False,
    over_folds: bool = False,
) -> Handle:
    """The threshold as a line to drag over the histogram: every count, rate and interval at each of its thresholds.

    `is_similarity`: distances are similarities with the sign turned, and the handle stands at similarities.
    `over_folds`: the numbers reported elsewhere are those of folds with thresholds of their own, and the sentence says
    so.
    """
    curve, digits = evidence.curve, decimals_of(evidence.curve)
    positive, negative = (_middles(curve)[bins] for bins in _dot_bins(curve))
    kind = "similarity" if is_similarity else "distance"
    drawn = Handle(
        name,
        "x",
        value,
        curve.thresholds,
        label=say("figures.threshold.handle"),
        format=f".{digits}f",
        colour=palette.ACCENT[theme],
        readouts=_readouts(curve),
        recolours=[
            Recolour(say("figures.threshold.false_rejects"), positive, ["handle"], [CLEAR, palette.POSITIVE[theme]]),
            Recolour(say("figures.threshold.false_accepts"), negative, ["handle"], [palette.NEGATIVE[theme], CLEAR]),
        ],
        sentence=say(
            f"figures.threshold.rule_over_folds.{kind}" if over_folds else f"figures.threshold.rule.{kind}",
            digits=digits,
        ),
        words=_words(evidence),
    )
    return mirrored(drawn) if is_similarity else drawn


def _readouts(curve: Curve) -> list[Readout]:
    return [
        Readout(say("figures.threshold.false_accepts_readout"), curve.false_accepts, ",d"),
        Readout(say("figures.rate.far"), percentages(curve.false_accept_rate), ""),
        Readout(say("figures.threshold.false_rejects_readout"), curve.positive_count - curve.true_accepts, ",d"),
        Readout(say("figures.rate.frr"), percentages(curve.false_reject_rate), ""),
        Readout(say("figures.rate.tar"), curve.true_accept_rate, ".2%"),
        Readout(say("figures.threshold.accuracy"), curve.accuracy, ".2%"),
    ]


def follow(handle: Handle, follower: Follower, *, is_similarity: bool = False) -> Handle:
    """The handle of the same name in another figure: no line, but a point that goes where it goes."""
    x, y = ((values[::-1] if is_similarity else values) for values in (follower.x, follower.y))
    return Handle(handle.name, "", handle.value, handle.stops, followers=[Follower(follower.trace, x, y)])


def mirrored(handle: Handle) -> Handle:
    """The same handle at the values with their sign turned, as similarities are of distances; what it looks up goes
    with them. A point that changes its look exactly where the handle stands would change it on the other side."""
    return replace(
        handle,
        value=0.0 - handle.value,
        stops=(0.0 - np.asarray(handle.stops))[::-1],
        readouts=[replace(one, values=one.values[::-1]) for one in handle.readouts],
        followers=[replace(one, x=one.x[::-1], y=one.y[::-1]) for one in handle.followers],
        recolours=[
            replace(one, by=0.0 - np.asarray(one.by), colours=one.colours[::-1], symbols=one.symbols[::-1])
            for one in handle.recolours
        ],
        words={name: values[::-1] for name, values in handle.words.items()},
    )


def _words(evidence: Evidence) -> dict[str, np.ndarray | list[str]]:
    """What the rule says at each of the S thresholds (S,): errors of a round number of pairs, and their intervals."""
    curve = evidence.curve
    # By identity the sentence tells rates that are no counts of pairs.
    false_accepts = np.rint(curve.false_accept_rate * curve.negative_count)
    false_rejects = np.rint(curve.false_reject_rate * curve.positive_count)
    impostors, impostor_base = of_a_round_number(false_accepts, curve.negative_count)
    genuine, genuine_base = of_a_round_number(false_rejects, curve.positive_count)
    words = say("figures.interval", low="{low}", high="{high}")
    return {
        "impostors": impostors,
        "impostor_base": impostor_base,
        "impostors_between": between(evidence.false_accept_band(), impostor_base, words),
        "genuine": genuine,
        "genuine_base": genuine_base,
        "genuine_between": between(evidence.false_reject_band(), genuine_base, words),
    }


def _added_up(counts: np.ndarray, bar_of: np.ndarray, bars: int) -> np.ndarray:
    heights = np.zeros(bars, np.int64)
    np.add.at(heights, bar_of, counts)
    return heights


def _middles(curve: Curve) -> np.ndarray:
    """(S,) middles of the bins: a threshold of the curve is never one of them, so no dot stands on the line."""
    return curve.thresholds - np.diff(curve.thresholds, prepend=bars_of(curve)[0][0]) / 2


def _dot_bins(curve: Curve) -> list[np.ndarray]:
    """The bins of DOTS quantiles of the positive and of the negative pairs, ascending (DOTS,) each."""
    middle = (np.arange(DOTS) + 0.5) / DOTS
    kinds = ((curve.true_accepts, curve.positive_count), (curve.false_accepts, curve.negative_count))
    return [np.searchsorted(accepted, middle * count) for accepted, count in kinds]


def _dots(curve: Curve) -> list[tuple[np.ndarray, np.ndarray]]:
    """Places of the dots: in a column at the middle of their bar, each as high as its weight."""
    places, bar_of = bars_of(curve)
    middles = (places[:-1] + places[1:]) / 2
    columns = []
    for bins in _dot_bins(curve):
        bars = bar_of[bins]
        rank = np.arange(DOTS) - np.searchsorted(bars, bars)
        columns.append((middles[bars], 100 * (rank + 0.5) / DOTS))
    return columns
