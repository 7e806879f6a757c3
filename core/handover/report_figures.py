"""The two drawings of a report, as SVG of our own: hatching and dashes tell apart what grey paper would not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from core.evidence.evidence import Evidence
from core.handover.words import percentages
from core.statistics.roc import Curve, Verdict
from core.statistics.threshold_grid import bars_of

WIDTH, HEIGHT = 340, 214
LEFT, RIGHT, TOP, BOTTOM = 50, 320, 18, 176  # of the area within the axes
MOST_LABELS = 5
GENUINE, IMPOSTOR = "#0068C9", "#B35900"
HATCH = (
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0V5" stroke="{IMPOSTOR}" stroke-width="1.6"/></pattern>'
)
Ticks = Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high` as places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, values: np.ndarray | float) -> np.ndarray:
        """Values -> places on the paper, on a straight scale."""
        return self.start + (np.asarray(values) - self.low) * ((self.end - self.start) / (self.high - self.low))


def counted_bars(curve: Curve) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(B + 1,) ends of bars of one width, and the positive and the negative pairs in each (B,), every one counted."""
    ends, bar = bars_of(curve)
    kinds = (np.diff(accepted, prepend=0) for accepted in (curve.true_accepts, curve.false_accepts))
    positive, negative = (np.bincount(bar, weights=counts, minlength=len(ends) - 1) for counts in kinds)
    return ends, positive.astype(np.int64), negative.astype(np.int64)


def histogram(curve: Curve, threshold: float, *, is_similarity: bool = False) -> str:
    """Shares of genuine and of impostor pairs over the distance, with the threshold; or over the similarity, whose sign
    is turned to have a distance."""
    ends, *kinds = counted_bars(curve)
    positive, negative = (counts / counts.sum() for counts in kinds)
    left, right = (RIGHT, LEFT) if is_similarity else (LEFT, RIGHT)
    across = Axis(float(ends[0]), float(ends[-1]), left, right)
    sides, sign = (("refuse", "accept"), -1.0) if is_similarity else (("accept", "refuse"), 1.0)
    named = "similarity" if is_similarity else "distance"
    up = Axis(0.0, float(max(positive.max(), negative.max())), BOTTOM, TOP + 6)
    line = float(across.at(np.clip(threshold, ends[0], ends[-1])))
    highest = percentages([up.high])[0]
    return _svg(
        f"{'Similarities' if is_similarity else 'Distances'} of genuine and of impostor pairs, with the threshold",
        HATCH,
        _area(across.at(ends), up.at(negative), f'fill="url(#hatch)" stroke="{IMPOSTOR}" stroke-dasharray="4 2"'),
        _area(across.at(ends), up.at(positive), f'fill="{GENUINE}" fill-opacity=".3" stroke="{GENUINE}"'),
        f'<path d="M{line:.1f} {TOP - 6}V{BOTTOM}" stroke="#000" stroke-width="2"/>',
        _text(line - 5, TOP - 5, f"{sides[0]} ◂", "end") if line > LEFT + 50 else "",
        _text(line + 5, TOP - 5, f"▸ {sides[1]}", "start") if line < RIGHT - 50 else "",
        _axes(
            [(float(across.at(tick)), f"{0.0 + sign * tick:g}") for tick in round_places(across.low, across.high)],
            named,
        ),
        _heights([(float(up.at(0.0)), "0 %"), (float(up.at(up.high)), highest)], "share of its kind of pairs"),
    )


def roc(evidence: Evidence, verdict: Verdict) -> str:
    """True accepts over false accepts with the 95 % band and the point of the threshold, on a logarithmic axis with a
    place of its own for 0; what the pairs cannot show lies left of the dotted line."""
    curve, floor = evidence.curve, zero_place(evidence.curve.negative_count)
    across, up = Axis(float(np.log10(floor)), 0.0, LEFT, RIGHT), Axis(0.0, 1.0, BOTTOM, TOP)

    def place(rates: np.ndarray | float) -> np.ndarray:
        return across.at(np.log10(np.maximum(rates, floor)))

    x, missed = place(curve.false_accept_rate), evidence.false_reject_band()
    band = _path(np.append(x, x[::-1]), np.append(up.at(1 - missed.low), up.at(1 - missed.high)[::-1]))
    here = float(place(verdict.false_accept_rate)), float(up.at(verdict.true_accept_rate))
    silent = float(place(evidence.smallest_rates()[0]))
    decades = 10.0 ** np.arange(0, np.log10(floor) + 0.5, -1)
    shown = decades[:: -(-len(decades) // MOST_LABELS)]
    ticks = [(float(place(rate)), label) for rate, label in zip(shown, percentages(shown), strict=True)]
    fifths = np.linspace(0, 1, 6)
    return _svg(
        "ROC with its 95 % band and the point of the threshold",
        f'<path d="{band}Z" fill="#000" fill-opacity=".16"/>',
        f'<path d="{_path(x, up.at(curve.true_accept_rate))}" fill="none" stroke="#000" stroke-width="1.6"/>',
        f'<path d="M{silent:.1f} {TOP}V{BOTTOM}" stroke="#000" stroke-width=".8" stroke-dasharray="1 3"/>',
        f'<circle cx="{here[0]:.1f}" cy="{here[1]:.1f}" r="4.5" fill="#fff" stroke="#000" stroke-width="2"/>',
        _axes([*(tick for tick in ticks if tick[0] > LEFT + 24), (LEFT, "0")], "false accept rate"),
        _heights(
            [(float(up.at(share)), label) for share, label in zip(fifths, percentages(fifths), strict=True)],
            "true accept rate",
        ),
    )


def zero_place(count: int) -> float:
    """Where a logarithmic axis of a rate among `count` pairs shows 0: a power of ten below the smallest above 0."""
    return float(10.0 ** (np.ceil(-np.log10(count)) - 1))


def round_places(low: float, high: float) -> list[float]:
    """Three to six round numbers from `low` to `high`."""
    rough = (high - low) / 5
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
    numbers = range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)
    return [float(f"{number * step:.12g}") for number in numbers]


def _svg(title: str, *parts: str) -> str:
    head = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" xmlns="http://www.w3.org/2000/svg">'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>"


def _path(x: np.ndarray, y: np.ndarray) -> str:
    """A line through places (S,) in tenths, each drawn once."""
    steps = [f"{across:.1f} {down:.1f}" for across, down in zip(x.tolist(), y.tolist(), strict=True)]
    return "M" + "L".join(step for step, before in zip(steps, [None, *steps], strict=False) if step != before)


def _area(ends: np.ndarray, tops: np.ndarray, looks: str) -> str:
    """Bars without the lines between them: places of their ends (B + 1,) and tops (B,)."""
    x, y = np.repeat(ends, 2), np.concatenate([[BOTTOM], np.repeat(tops, 2), [BOTTOM]])
    return f'<path d="{_path(x, y)}" {looks}/>'


def _axes(ticks: Ticks, named: str) -> str:
    """Both lines, and below the one across its labels and what it shows."""
    labels = "".join(
        f'<path d="M{x:.1f} {BOTTOM}v4" stroke="#000"/>{_text(x, BOTTOM + 14, label, "middle")}' for x, label in ticks
    )
    frame = f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="#000"/>'
    return frame + labels + _text((LEFT + RIGHT) / 2, HEIGHT - 6, named, "middle")


def _heights(ticks: Ticks, named: str) -> str:
    """The labels of the line upwards, and what it shows."""
    labels = "".join(_text(LEFT - 4, y + 3, label, "end") for y, label in ticks)
    middle = (TOP + BOTTOM) / 2
    return f'{labels}<g transform="rotate(-90 8 {middle})">{_text(8, middle + 3, named, "middle")}</g>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
