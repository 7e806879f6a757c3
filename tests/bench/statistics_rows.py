"""Benchmark rows of the statistics: the whole triplet census against the distance matrix product alone."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from core.census import census

POINTS, DIMENSIONS, CLASSES, ROUNDS, BAR = 10_000, 64, 10, 5, 10.0


def rows() -> list[dict[str, Any]]:
    """Medians of interleaved rounds on one thread; the product writes into memory it already has."""
    generator = np.random.default_rng(0)
    labels = generator.integers(0, CLASSES, size=POINTS)
    centres = generator.normal(size=(CLASSES, DIMENSIONS))
    embeddings = 0.5 * centres[labels] + generator.normal(size=(POINTS, DIMENSIONS))
    embeddings = (embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).astype(np.float32)
    product = np.empty((POINTS, POINTS), np.float32)
    ours, peer = [], []
    with threadpool_limits(limits=1):
        census(embeddings[:3000], labels[:3000], 0.2)  # loads the compiled kernels
        np.matmul(embeddings, embeddings.T, out=product)
        for _ in range(ROUNDS):
            start = perf_counter()
            np.matmul(embeddings, embeddings.T, out=product)
            between = perf_counter()
            found = census(embeddings, labels, 0.2)
            ours.append(perf_counter() - between)
            peer.append(between - start)
    triplets = found.hard + found.semi_hard + found.easy
    ratio = median(ours) / median(peer)
    return [
        {
            "what": f"exact census of {triplets:.2g} triplets, {POINTS:,} points, {CLASSES} classes, one thread",
            "ours": median(ours),
            "unit": "s",
            "peer": median(peer),
            "peer_name": "the (N, D) x (D, N) matrix product alone, float32",
            "ratio": ratio,
            "bar": BAR,
            "holds": ratio <= BAR,
        }
    ]
