"""The triplet census beside a compiled loop over all triplets, and beside the three miners that count the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from numba import njit
from pytorch_metric_learning.miners import TripletMarginMiner
from threadpoolctl import threadpool_limits

from core.census import Census, census, checked_steps
from core.distance_rows import DistanceRows
from core.retrieval import LARGEST_K
from core.scan import scan
from tests.bench.pair_sides import embedded

MARGIN = 0.2
LARGE, ANCHORS, TIMES_THE_LOOP = 10_000, 1_000, 40
SMALL, TIMES_THE_MINERS = 1_000, 500
ROUNDS = 5

Row = dict[str, Any]


def rows() -> list[Row]:
    """One thread each, in turns."""
    torch.set_num_threads(1)
    with threadpool_limits(limits=1):
        return [_beside_the_loop(), _beside_the_miners()]


def _beside_the_loop() -> Row:
    """The loop goes through the first anchors, a part of them at each turn; labels are in no order."""
    embeddings, labels = embedded(LARGE)
    distances, steps = DistanceRows(embeddings), checked_steps(np.array([MARGIN]))
    scan(embeddings[:3000], labels[:3000], steps, depth=LARGEST_K)  # compiles
    _count_triplets(distances.block(0, 1), 0, labels, MARGIN)
    ours, theirs, closer = [], 0.0, np.zeros(2, np.int64)
    for first in range(0, ANCHORS, ANCHORS // ROUNDS):
        found, seconds = _timed(lambda: scan(embeddings, labels, steps, depth=LARGEST_K))
        ours.append(seconds)
        block = distances.block(first, first + ANCHORS // ROUNDS)
        counts, seconds = _timed(partial(_count_triplets, block, first, labels, MARGIN))
        theirs, closer = theirs + seconds, closer + counts
    share = LARGE / ANCHORS
    assert np.allclose(share * closer, found.closer, rtol=0.05), "both must count the same"
    what = f"census of {found.total:.2g} triplets with MAP@R and R-precision, {LARGE:,} points"
    loop = f"compiled loop over triplets, {ANCHORS:,} anchors times {share:g}, census alone"
    return _row(what, median(ours), share * theirs, loop, TIMES_THE_LOOP)


def _beside_the_miners() -> Row:
    embeddings, labels = embedded(SMALL)
    points, classes = torch.from_numpy(embeddings), torch.from_numpy(labels)
    miners = [TripletMarginMiner(MARGIN, kind) for kind in ("hard", "semihard", "easy")]
    sides: dict[str, Callable[[], Any]] = {
        "ours": lambda: census(embeddings, labels, MARGIN),
        "miners": lambda: [len(miner(points, classes)[0]) for miner in miners],
    }
    sides["ours"]()  # compiles
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    found: dict[str, Any] = {}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            found[name], taken = _timed(side)
            seconds[name].append(taken)
    ours: Census = found["ours"]
    assert np.allclose(found["miners"], [ours.hard, ours.semi_hard, ours.easy], rtol=1e-4), "both must count the same"
    what = f"census of {sum(found['miners']):.2g} triplets, {SMALL:,} points"
    return _row(what, median(seconds["ours"]), median(seconds["miners"]), "PML's three miners", TIMES_THE_MINERS)


@njit
def _count_triplets(distances: np.ndarray, first: int, labels: np.ndarray, margin: float) -> np.ndarray:
    """Distances (B, N) of the points first, first + 1, ... -> the numbers of their triplets with d_an < d_ap and with
    d_an < d_ap + margin, one triplet after the other; without a branch, so that the compiler runs several at a time."""
    closer, within = 0, 0
    for index in range(len(distances)):
        row, own = distances[index], labels[first + index]
        for positive in range(len(labels)):
            if labels[positive] == own and positive != first + index:
                near = row[positive]
                limit = near + np.float32(margin)
                for other in range(len(labels)):
                    is_negative = labels[other] != own
                    closer += is_negative & (row[other] < near)
                    within += is_negative & (row[other] < limit)
    return np.array([closer, within])


def _timed(side: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    found = side()
    return found, perf_counter() - start


def _row(what: str, ours: float, peer: float, name: str, wanted: int) -> Row:
    return {
        "what": what,
        "ours": ours,
        "unit": "s",
        "peer": peer,
        "peer_name": name,
        "ratio": peer / ours,
        "bar": f">= {wanted}",
        "holds": peer / ours >= wanted,
    }
