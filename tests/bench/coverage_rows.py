"""How often 95 % intervals cover the truth, on sets of 60 and of 400 identities drawn from a known population.

Identities differ in place and in width, so pairs that share one err together. The truth is measured on millions of
independent pairs.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from tests.core.thresholds.populations import covered, population_rates

SETS = {60: 2000, 400: 1000}  # identities: sets of them
THRESHOLDS = np.array([0.7, 1.0, 1.6])
PART = 50  # sets in one task
LEAST, NAIVE_MOST = 0.93, 0.9


def rows() -> list[dict[str, Any]]:
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        truth = population_rates(THRESHOLDS)
        found = []
        for identities, sets in SETS.items():
            seeds = range(0, sets, PART)
            parts = [pool.submit(covered, THRESHOLDS, truth, identities, seed, PART) for seed in seeds]
            counts = np.sum([part.result() for part in parts], axis=0)  # (ours or naive, FAR or FRR, thresholds)
            found += _rows(identities, sets, counts / sets)
        return found


def _rows(identities: int, sets: int, shares: np.ndarray) -> list[dict[str, Any]]:
    """One row for each rate, at the threshold that is covered worst, and one that the naive interval fails."""
    found = []
    for rate, ours, naive in zip(("FAR", "FRR"), shares[0], shares[1], strict=True):
        worst = float(ours.min())
        found.append(
            {
                "what": f"95 % intervals of {rate} that cover, {identities} identities",
                "ours": worst,
                "unit": None,
                "peer": float(naive[ours.argmin()]),
                "peer_name": f"pairs taken for independent; {sets} sets",
                "ratio": worst / 0.95,
                "bar": f">= {LEAST}, naive < {NAIVE_MOST}",
                "holds": worst >= LEAST and naive[ours.argmin()] < NAIVE_MOST,
            }
        )
    return found
