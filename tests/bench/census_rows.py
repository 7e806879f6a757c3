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

from core.statistics.distance_blocks import DistanceRows
from core.statistics.retrieval import LARGEST_K
from core.statistics.row_scan import scan
from core.statistics.triplet_census import Census, census, checked_steps
from tests.bench.pair_sides import embedded

MARGIN = 0.2
LARGE = 10_000
SMALL, TIMES_THE_MINERS = 1_000, 500
ROUNDS = 5

Row = dict[str, Any]
Loop = Callable[[np.ndarray, int, np.ndarray, float], np.ndarray]


def rows() -> list[Row]:
    """One thread each, in turns."""
    torch.set_num_threads(1)
    with threadpool_limits(limits=1):
        return [*_beside_the_loops(), _beside_the_miners()]


def _beside_the_loops() -> list[Row]:
    """The loops go through the first anchors, a part of them at each turn; labels are in no order."""
    embeddings, labels = embedded(LARGE)
    distances, steps = DistanceRows(embeddings), checked_steps(np.array([MARGIN]))
    scan(embeddings[:3000], labels[:3000], steps, depth=LARGEST_K)  # compiles
    taken: dict[Loop, float] = dict.fromkeys(LOOPS, 0.0)
    counted: dict[Loop, np.ndarray] = {loop: np.zeros(2, np.int64) for loop in LOOPS}
    for loop in LOOPS:
        loop(distances.block(0, 1), 0, labels, MARGIN)
    ours = []
    for turn in range(ROUNDS):
        found, seconds = _timed(lambda: scan(embeddings, labels, steps, depth=LARGEST_K))
        ours.append(seconds)
        for loop, (anchors, _, _) in LOOPS.items():
            first = turn * anchors // ROUNDS
            block = distances.block(first, first + anchors // ROUNDS)
            counts, seconds = _timed(partial(loop, block, first, labels, MARGIN))
            taken[loop] += seconds
            counted[loop] += counts
    what = f"census of {found.total:.2g} triplets with MAP@R and R-precision, {LARGE:,} points"
    rows = []
    for loop, (anchors, name, wanted) in LOOPS.items():
        share = LARGE / anchors
        assert np.allclose(share * counted[loop], found.closer, rtol=0.2), "all must count the same"
        said = f"{name}, {anchors:,} anchors times {share:g}, census alone"
        rows.append(_row(what, median(ours), share * taken[loop], said, wanted))
    return rows


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
def _one_by_one(distances: np.ndarray, first: int, labels: np.ndarray, margin: float) -> np.ndarray:
    """Distances (B, N) of the points first, first + 1, ... -> the numbers of their triplets with d_an < d_ap and with
    d_an < d_ap + margin: the definition, one triplet after the other."""
    closer, within = 0, 0
    for index in range(len(distances)):
        row, own = distances[index], labels[first + index]
        for positive in range(len(labels)):
            if labels[positive] == own and positive != first + index:
                for other in range(len(labels)):
                    if labels[other] != own:
                        if row[other] < row[positive]:
                            closer += 1
                        if row[other] < row[positive] + np.float32(margin):
                            within += 1
    return np.array([closer, within])


@njit
def _several_at_a_time(distances: np.ndarray, first: int, labels: np.ndarray, margin: float) -> np.ndarray:
    """The same without a branch, so that the compiler runs several at a time."""
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


# Anchors that are timed, the name, and how many times as fast the census must be.
LOOPS: dict[Loop, tuple[int, str, int]] = {
    _one_by_one: (50, "compiled loop over triplets", 40),
    _several_at_a_time: (1_000, "the same loop, vectorised by hand", 10),
}


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
