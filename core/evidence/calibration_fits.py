"""From the distance of a pair to the probability that it is of the same class, and how far to believe it.

Fit on one histogram and judge on another with the same edges, of other identities. How often a pair is genuine is never
in the data, whose pairs were all made: it is stated as `genuine_share`, and the pairs of both kinds are weighted to
have it. All pairs of one bin stand at its middle. numpy alone, but for the two fits, which load scikit-learn and belong
in a worker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_NEARLY_FREE = 1e7  # scikit-learn's C where the rarer kind weighs 1: bounds the slope if the kinds do not overlap


@dataclass(frozen=True)
class Reliability:
    """What was predicted and what came true, for B equal steps of the predicted probability from 0 to 1.

    Steps are (edge, next edge], the first also holds 0. Mean prediction and observed share of genuine pairs are NaN
    where the weight, a share of all pairs, is 0.
    """

    mean_predicted: np.ndarray
    observed_share: np.ndarray
    weight: np.ndarray

    @property
    def expected_calibration_error(self) -> float:
        """How far predicted and observed are apart on average (Naeini, Cooper and Hauskrecht 2015)."""
        apart = np.abs(self.mean_predicted - self.observed_share)
        return float((self.weight * apart)[self.weight > 0].sum())


def platt(
    edges: np.ndarray, positive_counts: np.ndarray, negative_counts: np.ndarray, genuine_share: float = 0.5
) -> np.ndarray:
    """(S + 1,), (S,), (S,) -> the probability at the middle of each bin by logistic regression on the distance (Platt
    1999), (S,).

    Never rising with the distance: the stated share everywhere, where genuine pairs are not the closer ones on average.
    """
    from scipy.special import expit
    from sklearn.linear_model import LogisticRegression

    genuine, impostor = _weights(positive_counts, negative_counts, genuine_share)
    middles, weight = _middles(edges, genuine), genuine + impostor
    centred = middles - weight @ middles
    scaled = (centred / (np.sqrt(weight @ centred**2) or 1.0))[:, None]
    is_same = np.repeat([1, 0], len(scaled))
    both = np.concatenate([genuine, impostor]) / min(genuine_share, 1 - genuine_share)
    model = LogisticRegression(C=_NEARLY_FREE, solver="newton-cg", tol=1e-10, max_iter=1000)
    model.fit(np.concatenate([scaled, scaled]), is_same, sample_weight=both)
    slope = float(model.coef_[0, 0])
    return expit(model.intercept_[0] + slope * scaled[:, 0]) if slope < 0 else np.full(len(scaled), genuine_share)


def isotonic(
    edges: np.ndarray, positive_counts: np.ndarray, negative_counts: np.ndarray, genuine_share: float = 0.5
) -> np.ndarray:
    """(S + 1,), (S,), (S,) -> the probability at the middle of each bin by the best fit that never rises with the
    distance (Zadrozny and Elkan 2002), (S,). On straight lines between, where a bin is empty."""
    from sklearn.isotonic import IsotonicRegression

    genuine, impostor = _weights(positive_counts, negative_counts, genuine_share)
    middles, weight = _middles(edges, genuine), genuine + impostor
    filled = weight > 0
    model = IsotonicRegression(y_min=0.0, y_max=1.0, increasing=False, out_of_bounds="clip")
    model.fit(middles[filled], (genuine / np.where(filled, weight, 1.0))[filled], sample_weight=weight[filled])
    return model.predict(middles)


def reliability(
    probabilities: np.ndarray,
    positive_counts: np.ndarray,
    negative_counts: np.ndarray,
    *,
    genuine_share: float = 0.5,
    bins: int = 10,
) -> Reliability:
    """Probabilities of the bins of a histogram and its counts, (S,) each -> what came true, in so many steps."""
    genuine, impostor = _judged(probabilities, positive_counts, negative_counts, genuine_share)
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}. Give 10.")
    step = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], probabilities)
    weight = np.bincount(step, genuine + impostor, bins)
    unknown = np.full(bins, np.nan)
    predicted, came_true = (
        np.divide(np.bincount(step, sums, bins), weight, out=unknown.copy(), where=weight > 0)
        for sums in ((genuine + impostor) * probabilities, genuine)
    )
    return Reliability(predicted, came_true, weight)


def brier_score(
    probabilities: np.ndarray, positive_counts: np.ndarray, negative_counts: np.ndarray, genuine_share: float = 0.5
) -> float:
    """(S,), (S,), (S,) -> the mean square of probability minus truth, 0 or 1 (Brier 1950)."""
    genuine, impostor = _judged(probabilities, positive_counts, negative_counts, genuine_share)
    return float(genuine @ (1 - probabilities) ** 2 + impostor @ probabilities**2)


def log_loss(
    probabilities: np.ndarray, positive_counts: np.ndarray, negative_counts: np.ndarray, genuine_share: float = 0.5
) -> float:
    """(S,), (S,), (S,) -> the mean of minus the natural logarithm of the probability of what came true; infinite where
    that was called impossible."""
    from scipy.special import xlog1py, xlogy

    genuine, impostor = _judged(probabilities, positive_counts, negative_counts, genuine_share)
    return float(0.0 - (xlogy(genuine, probabilities) + xlog1py(impostor, -probabilities)).sum())


def _weights(
    positive_counts: np.ndarray, negative_counts: np.ndarray, genuine_share: float
) -> tuple[np.ndarray, np.ndarray]:
    """What the pairs of each kind in each bin weigh, (S,) each; 1 together."""
    if not 0 < genuine_share < 1:
        raise ValueError(f"genuine_share must be between 0 and 1, got {genuine_share}. Give 0.5 for half.")
    positive, negative = int(np.sum(positive_counts)), int(np.sum(negative_counts))
    if not positive or not negative:
        raise ValueError(
            f"calibration needs pairs of the same and of different classes, got {positive} and {negative}. "
            "Give at least two classes, one of them with two points."
        )
    return genuine_share * (positive_counts / positive), (1 - genuine_share) * (negative_counts / negative)


def _middles(edges: np.ndarray, counts: np.ndarray) -> np.ndarray:
    if len(edges) != len(counts) + 1 or not (np.diff(edges) > 0).all():
        raise ValueError(
            f"edges must ascend and be one more than the {len(counts)} bins, got {len(edges)}, {edges!s:.80}. "
            "Give those of the histogram."
        )
    return (edges[1:] + edges[:-1]) / 2


def _judged(
    probabilities: np.ndarray, positive_counts: np.ndarray, negative_counts: np.ndarray, genuine_share: float
) -> tuple[np.ndarray, np.ndarray]:
    if len(probabilities) != len(positive_counts) or not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError(
            f"probabilities must be from 0 to 1, one for each of {len(positive_counts)} bins, got "
            f"{len(probabilities)}, {probabilities!s:.80}. Fit on a histogram with the same edges."
        )
    return _weights(positive_counts, negative_counts, genuine_share)
