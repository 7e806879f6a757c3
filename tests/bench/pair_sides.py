"""The histogram of all pairs in one process beside its floor or the usual libraries: time and peak memory.

    python tests/bench/pair_sides.py product|library POINTS

prints one JSON object with the seconds and the peak bytes of each side, the peer being the bare matrix product of all
tiles above the diagonal on as many threads, or scipy's distances with scikit-learn's curve and area.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from scipy.spatial.distance import pdist
from sklearn.metrics import roc_auc_score, roc_curve
from threadpoolctl import threadpool_limits

from core.statistics.histogram_edges import spanning_edges
from core.statistics.pair_histogram import pair_histogram
from core.statistics.roc import curve_auc, curve_from_histogram
from tests.bench.loss_sides import peak_bytes

DIMENSIONS, CLASSES, THREADS = 64, 10, 2
PRODUCT_ROWS, PRODUCT_COLUMNS = 512, 1024  # of the tiles of the bare product, which are its fastest
OUR_ROUNDS, PEER_ROUNDS = 5, {"product": 5, "library": 1}


def embedded(points: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, CLASSES, size=points)
    centres = generator.normal(size=(CLASSES, DIMENSIONS))
    embeddings = 0.5 * centres[labels] + generator.normal(size=(points, DIMENSIONS))
    return (embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).astype(np.float32), labels


def our_area(embeddings: np.ndarray, labels: np.ndarray) -> float:
    edges = spanning_edges(embeddings, span=(0.0, 2.0))
    found = pair_histogram(embeddings, labels, edges, exact=False, threads=THREADS)  # as `verify` counts
    return curve_auc(curve_from_histogram(edges, found.positive_counts, found.negative_counts))


def product(embeddings: np.ndarray) -> None:
    """All products of the tiles above the diagonal, each thread's into the same memory again."""
    blocks = iter(range(0, len(embeddings), PRODUCT_ROWS))

    def multiply(_: int) -> None:
        room = np.empty(PRODUCT_ROWS * PRODUCT_COLUMNS, np.float32)
        for first in blocks:
            rows = embeddings[first : first + PRODUCT_ROWS]
            for left in range(first, len(embeddings), PRODUCT_COLUMNS):
                columns = embeddings[left : left + PRODUCT_COLUMNS]
                tile = room[: len(rows) * len(columns)].reshape(len(rows), len(columns))
                np.matmul(rows, columns.T, out=tile)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(multiply, range(THREADS)))


def library_area(embeddings: np.ndarray, is_same: np.ndarray) -> float:
    scores = pdist(embeddings)
    np.negative(scores, out=scores)
    roc_curve(is_same, scores)
    return float(roc_auc_score(is_same, scores))


def measured(sides: dict[str, Callable[[], Any]], rounds: dict[str, int]) -> dict[str, Any]:
    """Median seconds of rounds in turns, peak bytes of the first one of each, and what the last one returned."""
    found: dict[str, Any] = {}
    seconds: dict[str, list[float]] = {name: [] for name in sides}

    def call(name: str) -> None:
        start = perf_counter()
        found[f"{name}_returned"] = sides[name]()
        seconds[name].append(perf_counter() - start)

    for name in sides:
        found[f"{name}_bytes"] = peak_bytes(partial(call, name))
    for turn in range(1, max(rounds.values())):
        for name in sides:
            if turn < rounds[name]:
                call(name)
    return found | {f"{name}_seconds": median(times) for name, times in seconds.items()}


def main(peer: str, points: int) -> None:
    embeddings, labels = embedded(points)
    our_area(*embedded(4096))  # compiles
    is_same = pdist(labels[:, None]) == 0 if peer == "library" else np.empty(0)
    peers = {"product": lambda: product(embeddings), "library": lambda: library_area(embeddings, is_same)}
    sides = {"ours": lambda: our_area(embeddings, labels), "peer": peers[peer]}
    with threadpool_limits(limits=1):  # each of our threads multiplies on its own
        print(json.dumps(measured(sides, {"ours": OUR_ROUNDS, "peer": PEER_ROUNDS[peer]})))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
