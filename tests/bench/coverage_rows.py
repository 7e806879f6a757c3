"""How often what is called 95 % is true, on sets drawn from populations whose rates are known.

Identities have sizes that have nothing to do with their difficulty; the truth is the rate of a random pair of random
identities. Each repetition draws a set, halves its identities, chooses on one half and reports on the other, as the
product does, and notes what covered, what was vouched for and how wide it was. Repetitions are kept in build/coverage
under a digest of the code that makes them, so a bench that was cut goes on where it stopped. METRIC_LAB_COVERAGE=100
takes that many repetitions instead of 1,000.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from typing import Any

import numpy as np

from tests.bench.coverage_sides import NOTED, PEERS, REDRAWN, repetition
from tests.core.populations import EQUAL, HEAVY, UNEQUAL, Population
from tests.imports import ROOT

KEPT = ROOT / "build" / "coverage"
CODE = (
    "tests/core/populations.py",
    "tests/bench/coverage_sides.py",
    "core/kernels/pair_bins.py",
    "core/verification/goals/base.py",
    "core/verification/goals/eer.py",
    "core/verification/goals/far.py",
    "core/verification/protocols.py",
    *(
        f"core/evidence/{name}.py"
        for name in (
            "bootstrap",
            "identity_counts",
            "effective_numbers",
            "evidence",
            "dyadic_variance",
            "identity_sums",
            "intervals",
            "joint_intervals",
            "promises",
            "replicates",
            "vouching",
        )
    ),
)  # what decides the notes that are kept
REPETITIONS, BOOTSTRAPPED = 1000, 200
PART = 25  # repetitions in one task
LEAST, MOST_SILENT, KEEPS = 0.93, 0.1, 0.95


def rows() -> list[dict[str, Any]]:
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    repetitions = int(os.environ.get("METRIC_LAB_COVERAGE", REPETITIONS))
    bootstrapped = min(BOOTSTRAPPED, repetitions)
    KEPT.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 2), multiprocessing.get_context("spawn")) as pool:
        parts_of = {
            (name, difficulty): [
                pool.submit(part, name, difficulty, first, first < bootstrapped)
                for first in range(0, repetitions, PART)
            ]
            for difficulty in (EQUAL, HEAVY)
            for name in UNEQUAL
        }
        found: list[dict[str, Any]] = []
        for (name, difficulty), tasks in parts_of.items():
            notes = [task.result() for task in tasks]
            together = {key: np.concatenate([of[key] for of in notes if key in of]) for key in notes[0]}
            found += rows_of(name, difficulty, together)
    return found


def part(name: str, difficulty: str, first: int, with_bootstrap: bool) -> dict[str, np.ndarray]:
    """What PART repetitions note, from where it is kept or made and kept."""
    code = sha256(b"".join((ROOT / file).read_bytes() for file in CODE)).hexdigest()[:12]
    kept = KEPT / f"{list(UNEQUAL).index(name)}-{difficulty}-{first}-{int(with_bootstrap)}-{code}.npz"
    if not kept.is_file():
        population = Population(UNEQUAL[name], difficulty)
        notes = [repetition(population, first + seed, with_bootstrap) for seed in range(PART)]
        arrays = {key: np.array([note[key] for note in notes]) for key in notes[0]}
        with kept.with_suffix(".part").open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        kept.with_suffix(".part").replace(kept)
    with np.load(kept) as arrays:
        return dict(arrays)


def rows_of(name: str, difficulty: str, notes: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    may_decline = name == list(UNEQUAL)[-1]
    found: list[dict[str, Any]] = []
    for key in (*NOTED, *REDRAWN):
        covered, vouched, width = np.moveaxis(notes[key].astype(np.float64), 1, 0)
        found.append(_covered(f"{name}, {difficulty}: {key}", covered, vouched > 0, width, may_decline, notes, key))
    keeps, point, vouched, tar, point_tar, refused = notes["safe"].T
    kept = float(keeps[vouched > 0].mean()) if vouched.any() else 1.0
    found.append(
        {
            "what": f"{name}, {difficulty}: safe side of FAR 5 %",
            "ours": kept,
            "unit": None,
            "peer": float(point.mean()),
            "peer_name": f"the choice; TAR {tar.mean():.2f} of {point_tar.mean():.2f}, refused {refused.mean():.0%}",
            "ratio": kept / KEEPS,
            "bar": f">= {KEEPS}",
            "holds": kept >= KEEPS,
        }
    )
    return found


def _covered(
    what: str,
    covered: np.ndarray,
    vouched: np.ndarray,
    width: np.ndarray,
    may_decline: bool,
    notes: dict[str, np.ndarray],
    key: str,
) -> dict[str, Any]:
    """The worst of the thresholds (repetitions, thresholds), where vouched for; no bar where it never is."""
    shares = [float(covered[on, at].mean()) if on.any() else 1.0 for at, on in enumerate(vouched.T)]
    worst = int(np.argmin(shares))
    silent = float(1 - vouched.mean())
    peer, peer_name = None, f"width {np.median(width[:, worst]):.3g}"
    if key in NOTED[:2]:
        peer, narrowest = _narrowest(key.split(",")[0], worst, notes)
        peer_name += f"; narrowest that covers: {narrowest}"
    return {
        "what": what,
        "ours": shares[worst],
        "unit": None,
        "peer": peer,
        "peer_name": f"{peer_name}; not vouched {silent:.1%} of {len(covered)}",
        "ratio": shares[worst] / 0.95,
        "bar": f">= {LEAST}" + ("" if may_decline else f", silent <= {MOST_SILENT:.0%}"),
        "holds": shares[worst] >= LEAST and (may_decline or silent <= MOST_SILENT),
    }


def _narrowest(rate: str, at: int, notes: dict[str, np.ndarray]) -> tuple[float | None, str]:
    """The coverage and the name and width of the peer with the smallest width among those that cover."""
    found = []
    for peer in PEERS:
        covered, width = np.moveaxis(notes[f"{rate}, {peer}"].astype(np.float64), 1, 0)
        if covered[:, at].mean() >= LEAST:
            found.append((float(np.median(width[:, at])), float(covered[:, at].mean()), peer))
    if not found:
        return None, "ours"
    width, share, peer = min(found)
    return share, f"{peer}, {width:.3g}"
