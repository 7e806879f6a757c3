"""What one training has reached on its held-out samples: each number, and what every identity has in it.

Of retrieval and AUC it is known by how much an identity moves them to first order; of rates at a threshold that is
chosen on the same pairs, what they would have been in draws of as many identities. Both are the same identities, in the
same order, and the same draws for every training that is measured on the same samples: so two of them can be compared
identity by identity and draw by draw. numba, for workers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.appraisal import MOST_POINTS
from core.evidence.bootstrap import LEAST_IDENTITIES, bootstrap
from core.evidence.identity_counts import identity_sums
from core.evidence.protocol_differences import parts_of_auc, parts_of_mean
from core.statistics.grouped_retrieval import grouped_recalls
from core.statistics.pair_distances import auc, pair_distances
from core.statistics.roc import Curve, equal_error_rate
from core.statistics.row_scan import scan
from core.statistics.spectrum import spectrum

FAR = 0.01
SEED = 0  # of the draws


class Number(NamedTuple):
    """A number by which trainings are compared: the title that is shown, whether more of it is better, and None where
    neither is, as of what only describes a space; the largest that it can be, 0 being the least."""

    title: str
    more_is_better: bool | None = True
    largest: float = 1.0


NUMBERS: dict[str, Number] = {
    "recall_at_1": Number("Recall@1"),
    "grouped_recall_at_1": Number("Recall@1 among 10"),
    "r_precision": Number("R-precision"),
    "map_at_r": Number("MAP@R"),
    "auc": Number("AUC"),
    "eer": Number("EER", more_is_better=False),
    "frr_at_far": Number("FRR at 1 % FAR", more_is_better=False),
    "effective_rank": Number("Effective rank", more_is_better=None, largest=float("inf")),
    "density": Number("Spread within / between", more_is_better=None, largest=float("inf")),
}


@dataclass(frozen=True)
class Reached:
    """By the keys of NUMBERS: `values` of all of them; `parts` (C,) of those that have parts, of the C `identities` by
    number, ascending; `draws` (R,) of those that are chosen anew in each draw."""

    identities: np.ndarray
    values: Mapping[str, float]
    parts: Mapping[str, np.ndarray]
    draws: Mapping[str, np.ndarray]

    def arrays(self) -> dict[str, np.ndarray]:
        """As files have them."""
        own = {f"{kind}.{key}": of for kind in ("parts", "draws") for key, of in getattr(self, kind).items()}
        return {"identities": self.identities, "values": np.array([self.values[key] for key in NUMBERS]), **own}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """What `arrays` has written down."""
        kinds: dict[str, dict[str, np.ndarray]] = {"parts": {}, "draws": {}}
        for name, array in arrays.items():
            kind, _, key = name.partition(".")
            if key:
                kinds[kind][key] = array
        return cls(arrays["identities"], dict(zip(NUMBERS, arrays["values"].tolist(), strict=True)), **kinds)


def reached(embeddings: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance = EUCLIDEAN) -> Reached:
    """(N, D), (N,), (S + 1,) ascending edges around all distances -> the numbers of one space.

    recall_at_1, r_precision, map_at_r: means over the queries. grouped_recall_at_1: see grouped_retrieval.py. auc: of
    all pairs. eer and frr_at_far: on all pairs, at the thresholds that are right there; their draws are those of
    bootstrap.py, and there are none of more than MOST_POINTS points and of fewer than LEAST_IDENTITIES identities.
    effective_rank and density: see spectrum.py; density is the spread within classes over that of all.
    """
    points = distance.prepared(embeddings)
    identities, of_point, counts = np.unique(labels, return_inverse=True, return_counts=True)
    asking = of_point.reshape(-1)[counts[of_point.reshape(-1)] > 1]
    found = scan(points, labels, np.empty(0), depth=1, distance=distance).scores
    of_queries = {
        "recall_at_1": (found[:, 0] == 1).astype(np.float64),
        "grouped_recall_at_1": grouped_recalls(embeddings, labels, distance=distance),
        "r_precision": found[:, 1],
        "map_at_r": found[:, 2],
    }
    pairs = identity_sums(points, labels, edges, distance=distance).pairs()
    filled = spectrum(embeddings, labels)
    values = {key: float(scores.mean()) for key, scores in of_queries.items()}
    values["auc"] = auc(pair_distances(embeddings, labels, distance=distance))
    values |= {key: rate(pairs.curve) for key, rate in RATES.items()}
    values["effective_rank"] = filled["effective_rank"]
    values["density"] = filled["spread_within"] / filled["spread"] if filled["spread"] else 1.0
    parts = {key: parts_of_mean(scores, asking, len(identities)) for key, scores in of_queries.items()}
    return Reached(identities, values, parts | {"auc": parts_of_auc(pairs)}, _draws(points, labels, edges, distance))


def together(folds: Sequence[Reached]) -> Reached:
    """Of trainings from one seed that held out identities of their own each: the means over the folds.

    Each fold counts alike, so an identity moves a mean by its part over the number of folds. Draws of different folds
    are of different people, and are put together by chance, the same for every strategy.
    """
    if len(folds) == 1:
        return folds[0]
    identities = np.concatenate([fold.identities for fold in folds])
    if len(np.unique(identities)) < len(identities):
        raise ValueError(
            "folds must hold out identities of their own, got one that is in two. Compare folds of one split."
        )
    order, drawn = np.argsort(identities), {key for key in RATES if all(key in fold.draws for fold in folds)}
    return Reached(
        identities[order],
        {key: float(np.mean([fold.values[key] for fold in folds])) for key in NUMBERS},
        {key: np.concatenate([fold.parts[key] for fold in folds])[order] / len(folds) for key in folds[0].parts},
        {key: np.mean([_mixed(fold.draws[key], place) for place, fold in enumerate(folds)], axis=0) for key in drawn},
    )


def _mixed(draws: np.ndarray, place: int) -> np.ndarray:
    return draws[np.random.default_rng(place).permutation(len(draws))]


def frr_at_far(curve: Curve) -> float:
    """The smallest share of genuine pairs refused at a threshold that accepts at most FAR of the impostor pairs."""
    meets = curve.false_accept_rate <= FAR
    return float(curve.false_reject_rate[meets].min())  # a threshold that refuses everybody is always among them


def eer(curve: Curve) -> float:
    """The equal error rate at the thresholds of a curve."""
    return float(equal_error_rate(curve)[0])


RATES: dict[str, Callable[[Curve], float]] = {"eer": eer, "frr_at_far": frr_at_far}


def _draws(points: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance) -> dict[str, np.ndarray]:
    several = int((np.unique(labels, return_counts=True)[1] > 1).sum())
    if len(points) > MOST_POINTS or several < LEAST_IDENTITIES:
        return {}
    drawn = bootstrap(points, labels, edges, np.random.default_rng(SEED), distance=distance)
    curves = list(drawn.curves())
    return {key: np.array([rate(curve) for curve in curves]) for key, rate in RATES.items()}
