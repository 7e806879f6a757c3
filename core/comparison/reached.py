"""What one training has reached on its held-out samples: each number, and what every identity has in it.

Of retrieval and AUC it is known by how much an identity moves them to first order; of rates at a threshold that is
chosen on the same pairs, what they would have been in draws of as many identities. Both are the same identities, in the
same order, and the same draws for every training that is measured on the same samples: so two of them can be compared
identity by identity and draw by draw. measuring.py makes it; numpy alone, so that a page can read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

DRAWN = ("eer", "frr_at_far")  # at thresholds of their own in each draw


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
    "density": Number("Spread within / of all", more_is_better=None, largest=float("inf")),
}


@dataclass(frozen=True)
class Reached:
    """By the keys of NUMBERS: `values` of all of them; `parts` (C,) of those that have parts, of the C `identities` by
    number, ascending, with so many samples each, `sizes` (C,); `draws` (R,) of those that are chosen anew in each
    draw."""

    identities: np.ndarray
    sizes: np.ndarray
    values: Mapping[str, float]
    parts: Mapping[str, np.ndarray]
    draws: Mapping[str, np.ndarray]

    def arrays(self) -> dict[str, np.ndarray]:
        """As files have them."""
        own = {f"{kind}.{key}": of for kind in ("parts", "draws") for key, of in getattr(self, kind).items()}
        whom = {"identities": self.identities, "sizes": self.sizes}
        return {**whom, "values": np.array([self.values[key] for key in NUMBERS]), **own}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """What `arrays` has written down."""
        kinds: dict[str, dict[str, np.ndarray]] = {"parts": {}, "draws": {}}
        for name, array in arrays.items():
            kind, _, key = name.partition(".")
            if key:
                kinds[kind][key] = array
        return cls(
            arrays["identities"], arrays["sizes"], dict(zip(NUMBERS, arrays["values"].tolist(), strict=True)), **kinds
        )


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
    order, drawn = np.argsort(identities), {key for key in DRAWN if all(key in fold.draws for fold in folds)}
    return Reached(
        identities[order],
        np.concatenate([fold.sizes for fold in folds])[order],
        {key: float(np.mean([fold.values[key] for fold in folds])) for key in NUMBERS},
        {key: np.concatenate([fold.parts[key] for fold in folds])[order] / len(folds) for key in folds[0].parts},
        {key: np.mean([_mixed(fold.draws[key], place) for place, fold in enumerate(folds)], axis=0) for key in drawn},
    )


def _mixed(draws: np.ndarray, place: int) -> np.ndarray:
    return draws[np.random.default_rng(place).permutation(len(draws))]
