"""The margin to drag: what is hard, semi-hard and easy at each of its stops."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.handover.words import percentages
from core.statistics.anchor_census import AnchorTriplets
from dashboard import palette
from dashboard.components.gestures import Handle, Readout, Recolour
from dashboard.figures.choices import Choice, dots, for_the_map, for_the_plane
from dashboard.palette import Theme
from dashboard.wording import say

ORDER = ("hard", "semi-hard", "easy")
KEYS = {"hard": "hard", "semi-hard": "semi_hard", "easy": "easy"}  # of what they are called


@dataclass(frozen=True)
class Counts:
    """Numbers of triplets for each of M margins; `hard` and `total` do not depend on them."""

    hard: int
    semi_hard: np.ndarray
    total: int

    def at(self, row: int) -> dict[str, int]:
        """The triplets of each hardness at one margin."""
        semi_hard = int(self.semi_hard[row])
        return {"hard": self.hard, "semi-hard": semi_hard, "easy": self.total - self.hard - semi_hard}

    def said(self, row: int) -> str:
        """The same in a line."""
        counts = {KEYS[hardness]: count for hardness, count in self.at(row).items()}
        return say("figures.anchor.counts", **counts)


def counts_of(triplets: AnchorTriplets) -> Counts:
    """The counts that the margin line looks up."""
    return Counts(triplets.hard, triplets.semi_hard, triplets.total)


def nearest_margin(margins: np.ndarray, value: float) -> int:
    """The row of the margin nearest to a value."""
    return int(np.abs(margins - value).argmin())


def margin_handle(triplets: AnchorTriplets, whole: Counts, value: float, theme: Theme) -> Handle:
    """The line d(a, n) = d(a, p) + margin; colours and the counts, of the snapshot and of the anchor, follow it."""
    own = counts_of(triplets)
    rows = range(len(triplets.margins))
    return Handle(
        "margin",
        "diagonal",
        value,
        triplets.margins,
        label=say("figures.anchor.margin"),
        readouts=[
            Readout(
                say(f"figures.hardness.all.{KEYS[hardness]}"),
                [_share(whole.at(row)[hardness], whole.total) for row in rows],
                "",
            )
            for hardness in ORDER
        ],
        recolours=[_recolour(triplets, for_the_plane(triplets), theme)],
        sentence=say("figures.anchor.sentence"),
        words={"own": [own.said(row) for row in rows]},
    )


def margin_on_the_map(layout: np.ndarray, triplets: AnchorTriplets, value: float, theme: Theme) -> Handle:
    """The same margin without a line of its own: the dots of the drawn triplets follow the drag on the plane."""
    recolour = _recolour(triplets, for_the_map(triplets), theme)
    by = np.asarray(recolour.by)[dots(layout, triplets)[1]]
    return Handle("margin", "", value, triplets.margins, recolours=[replace(recolour, by=by)])


def _recolour(triplets: AnchorTriplets, choice: Choice, theme: Theme) -> Recolour:
    to_positive, to_negative = triplets.to_positives[choice.positives], triplets.to_negatives[choice.negatives]
    gaps = gaps_on_grid(to_positive, to_negative, triplets.margins)
    colours = [palette.HARDNESS[theme][hardness] for hardness in ORDER]
    return Recolour("triplets", gaps, [0.0, "handle"], colours, [palette.SYMBOLS[hardness] for hardness in ORDER])


def gaps_on_grid(to_positive: np.ndarray, to_negative: np.ndarray, margins: np.ndarray) -> np.ndarray:
    """(T,), (T,), ascending (M,) -> -1 where hard, else the largest margin that the triplet keeps, 0 if none, (T,).

    Comparing this with a margin of the grid gives exactly core's `d_an >= d_ap + margin`, as rounded there; comparing
    d_an - d_ap would round differently and colour ties wrongly.
    """
    kept = (to_negative[:, None] >= to_positive[:, None] + margins).sum(axis=1)  # (T, M) -> (T,)
    gaps = np.append(0.0, margins)[kept]
    return np.where(to_negative < to_positive, -1.0, gaps)


def _share(count: int, total: int) -> str:
    return f"{count:,} · {percentages([count / max(total, 1)])[0]}"
