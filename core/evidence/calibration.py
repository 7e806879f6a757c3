"""What is kept of a snapshot's calibration: the probability of a pair by its distance, and what one threshold costs.

Made by a worker (`calibrate`), which fits calibration_fits.py; numpy alone to read, so that a page can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.statistics.roc import Curve

if TYPE_CHECKING:
    from core.statistics.local_auc import TwoAucs

FITTED_SHARE = 0.5  # of genuine pairs, to which both kinds are weighted for the fits


@dataclass(frozen=True)
class Calibrated:
    """The probability that a pair is of the same class at the middle of each of S bins, by either fit (S,), if half of
    all pairs are genuine; and the two AUCs of all embeddings (local_auc.py), None where they were not counted."""

    platt: np.ndarray
    isotonic: np.ndarray
    local_auc: float | None = None
    overall_auc: float | None = None

    def arrays(self) -> dict[str, np.ndarray]:
        """To keep beside the snapshot's edges."""
        probabilities = {"calibration_probabilities": np.stack([self.platt, self.isotonic])}
        if self.local_auc is None or self.overall_auc is None:
            return probabilities
        return probabilities | {"calibration_aucs": np.array([self.local_auc, self.overall_auc])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Calibrated:
        """What `arrays` has written down."""
        aucs = arrays["calibration_aucs"].tolist() if "calibration_aucs" in arrays else (None, None)
        return cls(*arrays["calibration_probabilities"], *aucs)


def calibrate(choosing: Curve, edges: np.ndarray, aucs: TwoAucs | None) -> Calibrated:
    """Both fits on the pairs of a curve at (S + 1,) edges, with the AUCs of all points if known."""
    from core.evidence.calibration_fits import isotonic, platt

    counts = pair_counts(choosing)
    return Calibrated(platt(edges, *counts, FITTED_SHARE), isotonic(edges, *counts, FITTED_SHARE), *(aucs or ()))


def pair_counts(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    """Positive and negative pairs in each bin (threshold before, threshold], (S,) each."""
    return np.diff(curve.true_accepts, prepend=0), np.diff(curve.false_accepts, prepend=0)


def reweighted(probabilities: np.ndarray, genuine_share: float) -> np.ndarray:
    """Probabilities for FITTED_SHARE -> those for another share, by Bayes' rule: the odds times those of the share."""
    if not 0 < genuine_share < 1:
        raise ValueError(f"genuine_share must be between 0 and 1, got {genuine_share}. Give 0.5 for half.")
    genuine, impostor = probabilities * genuine_share, (1 - probabilities) * (1 - genuine_share)
    return genuine / (genuine + impostor)


def probability_at(edges: np.ndarray, probabilities: np.ndarray, distance: float) -> float:
    """Of a pair at one distance: on the straight line between the middles of two bins (S,)."""
    return float(np.interp(distance, (edges[1:] + edges[:-1]) / 2, probabilities))
