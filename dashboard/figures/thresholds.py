"""A threshold on pair distances: the histogram, and the handle to drag over it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.thresholds.evidence import Evidence
from core.thresholds.plain_words import between, of_a_round_number, percentages
from core.thresholds.verification import Curve
from dashboard import palette
from dashboard.components.gestures import Handle, Readout, Recolour
from dashboard.palette import Theme

BARS = 64
DOTS = 500
CLEAR = "rgba(0,0,0,0)"
_IN_A_CORNER = {"xref": "paper", "yref": "paper", "showarrow": False, "opacity": 0.75}
AS_DISTANCE = "Accept when the distance is at most {value:.3f}"
AS_SIMILARITY = "Accept when the similarity is at least {own} (the distance at most {value:.3f})"
SENTENCE = (
    ": of {impostor_base:,d} impostors this lets in {impostors:,d} "
    "({impostors_between}), of {genuine_base:,d} genuine pairs it refuses {genuine:,d} ({genuine_between})."
)


def distances(curve: Curve, theme: Theme, named: str = "") -> go.Figure:
    """Shares of both kinds of pairs over the distance, from exact counts, and dots that show the wrong side.

    Each kind has DOTS dots of equal weight under its outline; the handle makes those on the wrong side visible.
    `named` says which distance it is.
    """
    places, bar_of = _bars(curve)
    bars = [_added_up(counts, bar_of, len(places) - 1) for counts in _counts(curve)]
    kinds = (("genuine pairs", palette.POSITIVE[theme], ""), ("impostor pairs", palette.NEGATIVE[theme], "/"))
    figure = go.Figure()
    for (name, colour, hatch), counts in zip(kinds, bars, strict=True):
        figure.add_scatter(
            x=places,
            y=np.append(100 * counts / counts.sum(), 0.0),
            customdata=np.append(counts, 0),
            name=name,
            mode="lines",
            line={"shape": "hv", "width": 1.5, "color": colour},
            fill="tozeroy",
            fillpattern={"shape": hatch, "size": 6, "solidity": 0.15},
            hovertemplate="%{customdata:,d} (%{y:.1f} %)",
        )
    wrong = (
        ("false rejects", palette.POSITIVE[theme], "circle"),
        ("false accepts", palette.NEGATIVE[theme], "diamond"),
    )
    for (name, colour, symbol), (x, y) in zip(wrong, _dots(curve), strict=True):
        marker = {"color": colour, "symbol": symbol, "size": 5}
        figure.add_scattergl(x=x, y=y, mode="markers", name=name, text="", hoverinfo="skip", marker=marker)
    for text, x, side in (("◂ accept", 0, "left"), ("refuse ▸", 1, "right")):
        figure.add_annotation(text=text, x=x, xanchor=side, y=1, yanchor="top", **_IN_A_CORNER)
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 26, "b": 8},
        hovermode="x unified",
        xaxis={
            "title": {"text": f"distance of the pair{named}"},
            "range": [places[0], places[-1]],
            "hoverformat": ".3f",
        },
        yaxis={"rangemode": "tozero", "ticksuffix": " %", "nticks": 4},
        legend={"font": {"size": 11}},
    )
    return figure


def handle(evidence: Evidence, value: float, name: str, theme: Theme, *, is_similarity: bool = False) -> Handle:
    """The threshold as a line to drag over the histogram: every count, rate and interval at each of its thresholds.

    `is_similarity`: distances are similarities with the sign turned, and the sentence says both.
    """
    curve = evidence.curve
    missed = curve.positive_count - curve.true_accepts
    impostors, impostor_base = of_a_round_number(curve.false_accepts, curve.negative_count)
    genuine, genuine_base = of_a_round_number(missed, curve.positive_count)
    positive, negative = (_middles(curve)[bins] for bins in _dot_bins(curve))
    far, frr = evidence.false_accept_band(), evidence.false_reject_band()
    return Handle(
        name,
        "x",
        value,
        curve.thresholds,
        label="Threshold",
        colour=palette.ACCENT[theme],
        readouts=[
            Readout("False accepts", curve.false_accepts, ",d"),
            Readout("FAR", percentages(curve.false_accept_rate), ""),
            Readout("False rejects", missed, ",d"),
            Readout("FRR", percentages(curve.false_reject_rate), ""),
            Readout("TAR", curve.true_accept_rate, ".2%"),
            Readout("Accuracy", curve.accuracy, ".2%"),
        ],
        recolours=[
            Recolour("false rejects", positive, ["handle"], [CLEAR, palette.POSITIVE[theme]]),
            Recolour("false accepts", negative, ["handle"], [palette.NEGATIVE[theme], CLEAR]),
        ],
        sentence=(AS_SIMILARITY if is_similarity else AS_DISTANCE) + SENTENCE,
        words={
            "impostors": impostors,
            "impostor_base": impostor_base,
            "impostors_between": between(far, impostor_base),
            "genuine": genuine,
            "genuine_base": genuine_base,
            "genuine_between": between(frr, genuine_base),
            **({"own": [f"{0.0 - threshold:.3f}" for threshold in curve.thresholds.tolist()]} if is_similarity else {}),
        },
    )


def _counts(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    """Positive and negative pairs in each bin (threshold before, threshold]."""
    return np.diff(curve.true_accepts, prepend=0), np.diff(curve.false_accepts, prepend=0)


def _bars(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    """(B + 1,) places of about BARS bars of equal width, and the bar of each bin (S,).

    Thresholds at equal steps are taken together, each bar as many. Others are the distances of pairs: each counts where
    it is, exactly if all distances are thresholds, and else one threshold too far at most.
    """
    start, thresholds = _start(curve), curve.thresholds
    if _is_even(thresholds):
        bar_of = np.arange(len(thresholds)) // max(len(thresholds) // BARS, 1)
        edges = np.concatenate([[start], thresholds])
        return np.append(edges[:-1][np.diff(bar_of, prepend=-1) > 0], edges[-1]), bar_of
    places = np.linspace(start, thresholds[-1], BARS + 1)
    return places, np.clip(np.searchsorted(places, thresholds, side="left") - 1, 0, BARS - 1)


def _added_up(counts: np.ndarray, bar_of: np.ndarray, bars: int) -> np.ndarray:
    found = np.zeros(bars, np.int64)
    np.add.at(found, bar_of, counts)
    return found


def _is_even(thresholds: np.ndarray) -> bool:
    steps = np.diff(thresholds)
    return len(steps) == 0 or bool(np.ptp(steps) <= 1e-6 * steps.max())


def _middles(curve: Curve) -> np.ndarray:
    """(S,) middles of the bins: a threshold of the curve is never one of them, so no dot stands on the line."""
    return curve.thresholds - np.diff(curve.thresholds, prepend=_start(curve)) / 2


def _start(curve: Curve) -> float:
    """Where the first bin begins: a step, or the width of a bar, before the first threshold, which is often at 0."""
    thresholds = curve.thresholds
    steps = min(len(thresholds) - 1, BARS) if not _is_even(thresholds) else len(thresholds) - 1
    step = (thresholds[-1] - thresholds[0]) / steps if steps else thresholds[0] if thresholds[0] > 0 else 1.0
    start = float(thresholds[0] - step)
    return start if abs(start) > 1e-6 * step else 0.0


def _dot_bins(curve: Curve) -> list[np.ndarray]:
    """The bins of DOTS quantiles of the positive and of the negative pairs, ascending (DOTS,) each."""
    middle = (np.arange(DOTS) + 0.5) / DOTS
    kinds = ((curve.true_accepts, curve.positive_count), (curve.false_accepts, curve.negative_count))
    return [np.searchsorted(accepted, middle * count) for accepted, count in kinds]


def _dots(curve: Curve) -> list[tuple[np.ndarray, np.ndarray]]:
    """Places of the dots: in a column at the middle of their bar, each as high as its weight."""
    places, bar_of = _bars(curve)
    middles = (places[:-1] + places[1:]) / 2
    columns = []
    for bins in _dot_bins(curve):
        bars = bar_of[bins]
        rank = np.arange(DOTS) - np.searchsorted(bars, bars)
        columns.append((middles[bars], 100 * (rank + 0.5) / DOTS))
    return columns
