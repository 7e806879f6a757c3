"""What one threshold does to every identity: a point each, its two kinds of errors against those of all pairs.

Rates stand at their square roots, where chance spreads them about equally far, and 0 has a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import plotly.graph_objects as go

from core.thresholds.identity_errors import IdentityErrors
from dashboard import palette
from dashboard.figures.axes import Properties
from dashboard.figures.thresholds import percentages
from dashboard.palette import Theme
from dashboard.wording import count, say

SHEEP = "sheep"
ROUND_RATES = tuple(digit * 10.0**power for power in range(0, -7, -1) for digit in (5, 2, 1) if digit * 10**power <= 1)
BETWEEN_LABELS = 0.16  # of an axis
LEAST_RATE = 0.01  # that an axis ends at, where errors are rarer or there are none
UNKNOWN = -0.12  # of an axis: the place of a rate without pairs


def identities(errors: IdentityErrors, animals: Sequence[str], names: Sequence[str], theme: Theme) -> go.Figure:
    """FRR over FAR of C identities, the C names of their animals and their own; dotted, both rates of all pairs.

    Whoever has no genuine pairs stands below 0, at a dash. All are one trace in order of the labels, so that they glide
    to their new places when the threshold moves.
    """
    far, frr = errors.false_accept_rate, errors.false_reject_rate
    all_far, all_frr = rates_of_all(errors)
    wide, high = (np.sqrt(max(np.nanmax(rates), rate, LEAST_RATE)) for rates, rate in ((far, all_far), (frr, all_frr)))
    figure = go.Figure(
        go.Scattergl(
            x=np.sqrt(far),
            y=np.where(np.isnan(frr), UNKNOWN * high, np.sqrt(frr)),
            mode="markers",
            name="identities",
            text=_hover(errors, animals, names),
            marker=_marker(animals, theme),
            showlegend=False,
        )
    )
    _add_legend(figure, animals, theme)
    _add_lines(figure, all_far, all_frr, theme)
    figure.update_xaxes(**_axis(float(wide), say("figures.rate.false_accept")))
    has_unknown = bool(np.isnan(frr).any())
    figure.update_yaxes(**_axis(float(high), say("figures.rate.false_reject"), with_unknown=has_unknown))
    return figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8})


def rates_of_all(errors: IdentityErrors) -> tuple[float, float]:
    """FAR and FRR of all pairs together; every impostor pair is counted at both of its identities."""
    return (
        float(errors.false_accepts.sum() / errors.impostor_pairs.sum()),
        float(errors.false_rejects.sum() / errors.genuine_pairs.sum()),
    )


def intervals(low: Iterable[float], high: Iterable[float]) -> list[str]:
    """The ends of intervals of shares as percentages with two digits: "0.5 to 2.1 %"."""
    ends = zip(percentages(low, digits=2), percentages(high, digits=2), strict=True)
    return [say("figures.interval", low=first.removesuffix(" %"), high=last) for first, last in ends]


def _marker(animals: Sequence[str], theme: Theme) -> Properties:
    return {
        "color": [palette.ANIMALS[theme][animal] for animal in animals],
        "symbol": [palette.ANIMAL_SYMBOLS[animal] for animal in animals],
        "size": [7 if animal == SHEEP else 11 for animal in animals],
    }


def _add_lines(figure: go.Figure, far: float, frr: float, theme: Theme) -> None:
    """Where both rates are those of all pairs."""
    line = {"line_dash": "dot", "line_width": 1.5, "line_color": palette.MUTED[theme]}
    words = {"annotation_opacity": 0.75, "annotation_font_size": 11}
    far_text, frr_text = percentages([far, frr])
    figure.add_vline(np.sqrt(far), annotation_text=say("figures.identities.all", rate=far_text), **line, **words)
    figure.add_hline(np.sqrt(frr), annotation_text=say("figures.identities.all", rate=frr_text), **line, **words)


def _add_legend(figure: go.Figure, animals: Sequence[str], theme: Theme) -> None:
    """An entry for each kind of animal among them, none where all are sheep."""
    for animal, symbol in palette.ANIMAL_SYMBOLS.items():
        if animal != SHEEP and animal in animals:
            marker = {"color": palette.ANIMALS[theme][animal], "symbol": symbol, "size": 10}
            figure.add_scatter(x=[None], y=[None], mode="markers", name=animal, marker=marker, showlegend=True)
    legend = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "font": {"size": 11}}
    figure.update_layout(legend=legend | {"itemclick": False, "itemdoubleclick": False})


def _hover(errors: IdentityErrors, animals: Sequence[str], names: Sequence[str]) -> list[str]:
    rejected = _in_words("frr", errors.false_reject_rate, intervals(*errors.false_reject_interval))
    accepted = _in_words("far", errors.false_accept_rate, intervals(*errors.false_accept_interval))
    rows = zip(names, animals, errors.samples.tolist(), rejected, accepted, strict=True)
    return [
        "\n".join(
            [name if animal == SHEEP else f"{name} · {animal}", count("figures.identities.samples", samples), frr, far]
        )
        for name, animal, samples, frr, far in rows
    ]


def _in_words(kind: str, rates: np.ndarray, between: Sequence[str]) -> list[str]:
    rows = zip(percentages(np.nan_to_num(rates)), between, np.isnan(rates).tolist(), strict=True)
    return [
        say(f"figures.identities.{kind}_unknown" if unknown else f"figures.identities.{kind}", rate=rate, interval=ends)
        for rate, ends, unknown in rows
    ]


def _axis(end: float, title: str, *, with_unknown: bool = False) -> Properties:
    """From 0, or from below it, to the place `end`; labels at round rates that leave each other room."""
    shown = _round_rates(end)
    ticks, labels = [0.0, *np.sqrt(shown)], ["0", *percentages(shown)]
    if with_unknown:
        ticks, labels = [UNKNOWN * end, *ticks], ["–", *labels]
    return {
        "range": [(1.6 if with_unknown else 0.5) * UNKNOWN * end, 1.08 * end],
        "tickvals": ticks,
        "ticktext": labels,
        "tickangle": 0,
        "zeroline": False,
        "title": {"text": title},
    }


def _round_rates(end: float) -> list[float]:
    """Round rates whose square roots lie BETWEEN_LABELS of the axis or more from each other and from 0."""
    shown: list[float] = []
    room = BETWEEN_LABELS * end
    for rate in ROUND_RATES:
        if room <= rate**0.5 <= min(end, shown[-1] ** 0.5 - room if shown else end):
            shown.append(rate)
    return shown
