"""Which triplets of an anchor a figure shows, where all of them are too many: by a rule that can be said in a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.statistics.anchor_census import AnchorTriplets
from dashboard.wording import say

MOST_POINTS = 3600
MOST_POSITIVES = 200
DRAWN = 12
DOTS_ACROSS = 90  # so many dots would make one line from edge to edge of the map


@dataclass(frozen=True)
class Choice:
    """Which of an anchor's triplets are shown: places among its positives and its negatives, (T,) each; in words."""

    positives: np.ndarray
    negatives: np.ndarray
    words: str


def for_the_plane(triplets: AnchorTriplets) -> Choice:
    """All triplets, or about MOST_POINTS of them that any reader can name again.

    Too many: up to MOST_POSITIVES positives evenly by rank of distance; to each the same number of negatives, a third
    of them the nearest, the others one out of each of as many equal shares by rank, at a place in the share that moves
    on from positive to positive, so that the points do not fall into rows.
    """
    positives, negatives = len(triplets.positives), len(triplets.negatives)
    if triplets.total <= MOST_POINTS:
        rows, columns = np.indices((positives, negatives)).reshape(2, -1)
        return Choice(rows, columns, say("figures.anchor.all", total=triplets.total))
    ranks = np.arange(min(positives, MOST_POSITIVES)) * positives // min(positives, MOST_POSITIVES)
    each = min(max(MOST_POINTS // len(ranks), 1), negatives)
    nearest = each // 3
    share = (negatives - nearest) / (each - nearest)
    moved = np.arange(len(ranks)) * 0.618034 % 1  # the golden ratio: any run of positives covers the share evenly
    spread = nearest + (np.arange(each - nearest) + moved[:, None]) * share
    columns = np.hstack([np.tile(np.arange(nearest), (len(ranks), 1)), spread.astype(int)])
    words = say(
        "figures.anchor.each" if len(ranks) == positives else "figures.anchor.some",
        shown=columns.size,
        total=triplets.total,
        ranks=len(ranks),
        positives=positives,
        nearest=nearest,
        spread=each - nearest,
    )
    return Choice(np.repeat(ranks, each), columns.ravel(), words)


def for_the_map(triplets: AnchorTriplets) -> Choice:
    """Up to DRAWN positives from the furthest to the nearest, evenly by rank, with the nearest negatives in order.

    So they begin with the hardest of all triplets and end among the easier ones.
    """
    count = min(DRAWN, len(triplets.positives), len(triplets.negatives))
    last = len(triplets.positives) - 1
    words = say("figures.anchor.drawn", number=count)
    return Choice(last - np.arange(count) * last // max(count - 1, 1), np.arange(count), words)


def dots(layout: np.ndarray, triplets: AnchorTriplets) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, 2) -> dotted lines from the anchor to the negatives drawn: places (P, 2), which of the triplets (P,), and
    whether it is the line's end (P,)."""
    start = layout[triplets.anchor]
    ends = layout[triplets.negatives[for_the_map(triplets).negatives]]
    step = max(float((layout.max(axis=0) - layout.min(axis=0)).max()), 1e-6) / DOTS_ACROSS
    counts = np.maximum((np.hypot(*(ends - start).T) / step).astype(int), 1)
    rows = np.repeat(np.arange(len(ends)), counts)
    along = np.concatenate([np.arange(1, count + 1) / count for count in counts] or [np.empty(0)])
    return start + along[:, None] * (ends[rows] - start), rows, along == 1


def first_anchor(embeddings: np.ndarray, labels: np.ndarray) -> int:
    """(N, D), (N,) -> a row worth looking at first: near the border of its class, with others of its class.

    By distance to the centre of its own class over distance to the nearest other centre, nine of ten lie further
    inside. With one class it is the first row.
    """
    classes, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    if len(classes) == 1:
        return 0
    centres = np.stack([embeddings[labels == label].mean(axis=0) for label in classes])
    to_centres = np.linalg.norm(embeddings[:, None] - centres, axis=2)  # (N, C)
    rows = np.arange(len(labels))
    own = to_centres[rows, place]
    to_centres[rows, place] = np.inf
    outwards = np.argsort(own / np.maximum(to_centres.min(axis=1), 1e-12), kind="stable")
    outwards = outwards[sizes[place[outwards]] > 1] if sizes.max() > 1 else outwards
    return int(outwards[int(0.9 * (len(outwards) - 1))])
