"""Benchmark rows of the statistics: census and retrieval against the matrix product, faiss and the usual library."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import faiss
import numpy as np
import torch
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from threadpoolctl import threadpool_limits

from core.statistics.retrieval import LARGEST_K, recalls, retrieval, retrieval_of
from core.statistics.row_scan import scan
from core.statistics.triplet_census import checked_steps

POINTS, DIMENSIONS, CLASSES, ROUNDS = 10_000, 64, 10, 5
PRODUCT = "the (N, D) x (D, N) matrix product alone, float32"
TIED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "whole numbers": lambda points: np.round(3 * points),
    "tenths": lambda points: np.round(3 * points, 1),
    "every point twice": lambda points: np.tile(points[: POINTS // 2], (2, 1)),
}


def rows() -> list[dict[str, Any]]:
    """Medians of interleaved rounds on one thread; the product writes into memory it already has."""
    scattered, labels = _scattered()
    embeddings = (scattered / np.linalg.norm(scattered, axis=1, keepdims=True)).astype(np.float32)
    tied = {f"scan of {kind}": make(scattered).astype(np.float32) for kind, make in TIED.items()}
    product = np.empty((POINTS, POINTS), np.float32)
    steps = checked_steps(np.array([0.2]))
    torch.set_num_threads(1)
    faiss.omp_set_num_threads(1)
    with threadpool_limits(limits=1):
        seconds, found = _in_turns(
            {
                "product": lambda: np.matmul(embeddings, embeddings.T, out=product),
                "scan": lambda: scan(embeddings, labels, steps, depth=LARGEST_K),
                **{name: partial(scan, points, labels, steps, depth=LARGEST_K) for name, points in tied.items()},
                "retrieval": lambda: retrieval(embeddings, labels),
                "recalls": lambda: recalls(embeddings, labels),
                "faiss": lambda: _faiss_recalls(embeddings, labels),
                "library": lambda: _library_scores(embeddings, labels),
            }
        )
    ours, library = retrieval_of(found["scan"]), found["library"]
    assert np.allclose([ours.map_at_r, ours.r_precision], library, atol=1e-4), "both must measure the same"
    assert found["recalls"] == ours.recalls and np.allclose(ours.recalls, found["faiss"], atol=2e-4)
    counted = f"census of {found['scan'].total:.2g} triplets with MAP@R and R-precision, {POINTS:,} points, one thread"
    return [
        _row(counted, seconds, "scan", "product", PRODUCT, most=8.0),
        *(_row(f"{counted}, {kind}", seconds, f"scan of {kind}", "product", PRODUCT, most=8.0) for kind in TIED),
        _row("MAP@R and R-precision", seconds, "retrieval", "library", "pytorch-metric-learning", most=1 / 3),
        _row(f"Recall@1 to Recall@{LARGEST_K}", seconds, "recalls", "faiss", "faiss, flat index", most=1.0),
    ]


def _scattered() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, CLASSES, size=POINTS)
    centres = generator.normal(size=(CLASSES, DIMENSIONS))
    return 0.5 * centres[labels] + generator.normal(size=(POINTS, DIMENSIONS)), labels


def _in_turns(parts: dict[str, Callable[[], Any]]) -> tuple[dict[str, float], dict[str, Any]]:
    """The median seconds of each part and what it returned; a first round loads the compiled kernels."""
    seconds: dict[str, list[float]] = {name: [] for name in parts}
    found = {name: part() for name, part in parts.items()}
    for _ in range(ROUNDS):
        for name, part in parts.items():
            start = perf_counter()
            found[name] = part()
            seconds[name].append(perf_counter() - start)
    return {name: median(times) for name, times in seconds.items()}, found


def _faiss_recalls(embeddings: np.ndarray, labels: np.ndarray) -> list[float]:
    index = faiss.IndexFlatL2(DIMENSIONS)
    index.add(embeddings)
    neighbours = index.search(embeddings, LARGEST_K + 1)[1][:, 1:]
    is_match = labels[neighbours] == labels[:, None]
    return np.maximum.accumulate(is_match, axis=1).mean(axis=0).tolist()


def _library_scores(embeddings: np.ndarray, labels: np.ndarray) -> list[float]:
    names = ("mean_average_precision_at_r", "r_precision")
    calculator = AccuracyCalculator(include=names, k="max_bin_count", device=torch.device("cpu"))
    found = calculator.get_accuracy(torch.from_numpy(embeddings), torch.from_numpy(labels))
    return [found[name] for name in names]


def _row(what: str, seconds: dict[str, float], ours: str, peer: str, peer_name: str, *, most: float) -> dict[str, Any]:
    ratio = seconds[ours] / seconds[peer]
    return {
        "what": what,
        "ours": seconds[ours],
        "unit": "s",
        "peer": seconds[peer],
        "peer_name": peer_name,
        "ratio": ratio,
        "bar": most,
        "holds": ratio <= most,
    }
