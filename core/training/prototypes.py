"""What a loss learns beside the encoder and a reader can look at: a point or a boundary for each training class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN

NEAREST = 5
KEPT = ("landmark_classes", "landmark_places", "boundaries", "boundary_classes")


@dataclass(frozen=True)
class Prototypes:
    """`classes` (C,) are labels of the data set, `points` (C, D) embeddings, `boundaries` are distances.

    A boundary that is the same for all classes comes once, (1,).
    """

    classes: np.ndarray
    points: np.ndarray | None = None
    boundaries: np.ndarray | None = None

    def arrays(self, embeddings: np.ndarray, labels: np.ndarray, layout: np.ndarray) -> dict[str, np.ndarray]:
        """What a snapshot keeps of them, (N, D), (N,) and (N, 2) being its embeddings, labels and map.

        `landmark_places` (P, 2) and `landmark_classes` (P,) of the classes among the labels, since a class without a
        point on the map has no place there; `boundaries` with their `boundary_classes`, -1 for all classes.
        """
        kept: dict[str, np.ndarray] = {}
        if self.points is not None:
            seen = np.isin(self.classes, labels)
            kept["landmark_classes"] = self.classes[seen]
            kept["landmark_places"] = places(self.points[seen], embeddings, layout)
        if self.boundaries is not None:
            kept["boundaries"] = self.boundaries
            kept["boundary_classes"] = self.classes if len(self.boundaries) == len(self.classes) else np.array([-1])
        return kept


def places(points: np.ndarray, embeddings: np.ndarray, layout: np.ndarray) -> np.ndarray:
    """(P, D) -> where each point belongs on the map (N, 2) of (N, D): the middle of its NEAREST neighbours, (P, 2).

    A map has no formula, so this is where the neighbourhood lies and nothing more. A point of another length than
    the embeddings has the same neighbours as the one with its direction when those have unit length.
    """
    nearest = np.argsort(EUCLIDEAN.between(points, embeddings), axis=1, kind="stable")[:, :NEAREST]
    return layout[nearest].mean(axis=1).astype(np.float32)
