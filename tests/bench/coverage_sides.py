"""One repetition of the coverage bench: a set drawn from a population, halved, chosen on and reported on."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from core.evidence.appraisal import HALVES
from core.evidence.bootstrap import bootstrap
from core.evidence.dyadic_variance import IdentityPairs
from core.evidence.evidence import Evidence
from core.evidence.identity_counts import identity_sums
from core.evidence.intervals import Interval, quantile, reach, wilson
from core.evidence.joint_intervals import joint_threshold_interval
from core.verification.goals import Eer, Far, Goal
from core.verification.protocols import parts
from tests.core.populations import Population

GOAL, EQUAL_ERRORS = Far(0.05), Eer()
STEPS = np.linspace(0.4, 8.0, 761)
EDGES = np.concatenate([[-1.0], STEPS, [1e3]])
FIXED = (0.01, 0.05)  # true FARs of the fixed thresholds; the third is where both rates are equal
# What is noted of each repetition: (covered, vouched, width).
NOTED = ("FAR, fixed", "FRR, fixed", "FAR, chosen", "FRR, chosen", "threshold", "threshold of equal errors")
REDRAWN = ("FAR, bootstrap", "FRR, bootstrap", "threshold of equal errors, bootstrap")
PEERS = ("delete-one jackknife", "complete dependence")


def repetition(population: Population, seed: int, with_bootstrap: bool) -> dict[str, Any]:
    """What one set says, of NOTED and, with a bootstrap, of REDRAWN: (covered, vouched, width), each (3,) for the fixed
    thresholds; of the peers (covered, width); of the safe side."""
    points, labels = population.draw(np.random.default_rng(seed)), population.labels
    halves = parts(labels, 2, seed)
    place = halves[np.unique(labels, return_index=True)[1]]
    sums = identity_sums(points, labels, EDGES, groupings=(place,))
    everyone = sums.pairs()
    choosing, reporting = (sums.pairs(HALVES, side).evidence() for side in (0, 1))
    truth = truth_of(population)
    found: dict[str, Any] = {}
    fixed = fixed_places(truth)
    note(found, NOTED[:2], everyone.evidence(), truth, fixed)
    for peer, bands in zip(PEERS, (jackknife_bands(everyone), dependent_bands(everyone)), strict=True):
        for rate, band, true in zip(("FAR", "FRR"), bands, truth, strict=True):
            low, high = band.low[fixed], band.high[fixed]
            found[f"{rate}, {peer}"] = [(low <= true[fixed]) & (true[fixed] <= high), high - low]
    chosen = int(np.searchsorted(STEPS, min(GOAL.threshold(choosing.curve), STEPS[-1])))
    note(found, NOTED[2:4], reporting, truth, np.array([chosen]))
    assert choosing.vouching is not None
    for key, goal, vouched in (
        (NOTED[4], GOAL, choosing.vouching[0].is_vouched),
        (NOTED[5], EQUAL_ERRORS, choosing.is_vouched),
    ):
        found[key] = of_threshold(joint_threshold_interval(choosing, goal), true_threshold(truth, goal), vouched)
    found["safe"] = safe_side(choosing, truth, chosen)
    if with_bootstrap:
        redraw(found, (points, labels, halves), (choosing, reporting), truth, chosen, seed)
    return found


@cache
def truth_of(population: Population) -> tuple[np.ndarray, np.ndarray]:
    return population.rates(STEPS)


def fixed_places(truth: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    far, frr = truth
    return np.array([*np.searchsorted(far, FIXED), np.abs(far - frr).argmin()])


def true_threshold(truth: tuple[np.ndarray, np.ndarray], goal: Goal) -> float:
    far, frr = truth
    return float(np.interp(goal.limit, far, STEPS) if goal.side == 0 else np.interp(0.0, far - frr, STEPS))


def note(
    found: dict[str, Any],
    keys: tuple[str, ...],
    evidence: Evidence,
    truth: tuple[np.ndarray, np.ndarray],
    at: np.ndarray,
) -> None:
    """Of FAR and of FRR at some places."""
    assert evidence.vouching is not None
    bands = evidence.false_accept_band(), evidence.false_reject_band()
    for key, band, true, kind in zip(keys, bands, truth, evidence.vouching, strict=True):
        low, high = band.low[at], band.high[at]
        covered = (low <= true[at]) & (true[at] <= high)
        found[key] = [covered, np.full(len(at), kind.is_vouched), high - low]


def of_threshold(ends: tuple[float, float] | None, true: float, vouched: bool) -> list[list[float]]:
    assert ends is not None
    return [[ends[0] <= true <= ends[1]], [vouched], [ends[1] - ends[0]]]


def safe_side(choosing: Evidence, truth: tuple[np.ndarray, np.ndarray], chosen: int) -> list[float]:
    """Whether the safe threshold keeps the limit, whether the other does, whether it is vouched for, the true TAR of
    both, and whether only refusing everybody was safe."""
    assert choosing.vouching is not None
    far, frr = truth
    safe, vouched = choosing.safe_threshold(GOAL), choosing.vouching[0].is_vouched
    if safe is None:
        return [True, far[chosen] <= GOAL.limit, vouched, 0.0, 1 - frr[chosen], True]
    place = int(np.searchsorted(STEPS, min(safe, STEPS[-1])))
    return [far[place] <= GOAL.limit, far[chosen] <= GOAL.limit, vouched, 1 - frr[place], 1 - frr[chosen], False]


def redraw(
    found: dict[str, Any],
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray],
    sides: tuple[Evidence, Evidence],
    truth: tuple[np.ndarray, np.ndarray],
    chosen: int,
    seed: int,
) -> None:
    """The bootstrap's intervals of the rates on the half that reports and of a threshold on the half that chooses."""
    points, labels, halves = drawn
    choosing, reporting = (
        bootstrap(points[halves == side], labels[halves == side], EDGES, np.random.default_rng(seed)) for side in (0, 1)
    )
    assert sides[1].vouching is not None
    rates = reporting.rate_intervals(float(STEPS[chosen]), evidence=sides[1])
    for key, ends, true, kind in zip(REDRAWN, rates, truth, sides[1].vouching, strict=False):
        found[key] = [[ends[0] <= true[chosen] <= ends[1]], [kind.is_vouched], [ends[1] - ends[0]]]
    low, high = choosing.threshold_interval(EQUAL_ERRORS, evidence=sides[0])
    true = true_threshold(truth, EQUAL_ERRORS)
    found[REDRAWN[2]] = of_threshold((float(low), float(high)), true, sides[0].is_vouched)


def jackknife_bands(pairs: IdentityPairs) -> tuple[Interval, Interval]:
    """Of FAR and FRR from what they would be without each identity."""
    bands: list[Interval] = []
    normal = quantile(pairs.identities)
    for accepted, doubled in ((pairs.negative, 2), (pairs.positive, 1)):
        accepted = accepted[:, accepted[-1] > 0].astype(np.float64)
        whole, count = accepted.sum(1) / doubled, accepted.shape[1]
        without = (whole[:, None] - accepted) / (whole[-1] - accepted[-1])
        variance = np.square(without - without.mean(1)[:, None]).sum(1) * (count - 1) / count
        rate = whole / whole[-1] if doubled == 2 else 1 - whole / whole[-1]
        single = rate * (1 - rate)
        worth = np.divide(single, variance, out=np.full(len(rate), float(count)), where=(variance > 0) & (single > 0))
        bands.append(wilson(rate, np.minimum(worth, whole[-1]), normal))
    return bands[0], bands[1]


def dependent_bands(pairs: IdentityPairs) -> tuple[Interval, Interval]:
    """Of FAR and FRR, had all pairs of an identity been right or wrong together: Kish's number of identities."""
    (impostor, genuine, _), normal = pairs.weights(), reach(np.inf)
    return (
        wilson(pairs.curve.false_accept_rate, 2 / float(impostor @ impostor), normal),
        wilson(pairs.curve.false_reject_rate, 1 / float(genuine @ genuine), normal),
    )
