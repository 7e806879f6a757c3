"""Embeddings as a faiss index that ranks as their distance does, and what our rule of acceptance is in its terms."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.distances import Angle, Cosine, DotProduct, Euclidean, SquaredEuclidean
from core.distances.base import Distance
from core.handover.csv_table import csv_of
from core.handover.embedding_set import EmbeddingSet
from core.records.fields import JsonObject
from core.system.atomic_files import write_bytes, write_json

INDEX, POINTS, ABOUT = "index.faiss", "points.csv", "index.json"
SQUARED, PRODUCTS = "squared Euclidean distances", "inner products"


class _InFaiss(NamedTuple):
    """What faiss gives for a distance, and from the distance to that."""

    gives: str
    value: Callable[[float], float]


def _square(distance: float) -> float:
    return distance * distance


def _one_minus(distance: float) -> float:
    return 1 - distance


IN_FAISS: dict[type[Distance], _InFaiss] = {
    Euclidean: _InFaiss(SQUARED, _square),
    SquaredEuclidean: _InFaiss(SQUARED, operator.pos),
    Cosine: _InFaiss(PRODUCTS, _one_minus),
    Angle: _InFaiss(PRODUCTS, math.cos),
    DotProduct: _InFaiss(PRODUCTS, operator.neg),
}
RULE = {
    SQUARED: "accept where faiss gives at most the limit; range_search gives only what lies below its radius and "
    "leaves out a pair at the limit itself",
    PRODUCTS: "accept where faiss gives at least the limit; range_search gives only what lies above its radius and "
    "leaves out a pair at the limit itself",
}


def write_index(folder: Path, points: EmbeddingSet, threshold: float | None = None) -> None:
    """index.faiss with the points in their order, points.csv with what each is, and index.json, which says how to
    search. `threshold` is a distance, best one half way between two pairs; without one no limit is said.

    Raises ValueError for a distance that no flat index ranks by.
    """
    import faiss

    kind, in_faiss = _in_faiss(points.distance)
    embeddings = _unit(points.plain) if points.distance.ignores_length else points.plain
    flat = faiss.IndexFlatL2 if kind == SQUARED else faiss.IndexFlatIP
    index: Any = flat(embeddings.shape[1])
    index.add(embeddings)
    write_bytes(folder / INDEX, faiss.serialize_index(index).tobytes())
    names = points.point_names or ("",) * len(points.labels)
    lines = zip(range(len(names)), points.rows.tolist(), points.names, names, strict=True)
    write_bytes(folder / POINTS, csv_of(("number", "row", "class", "name"), lines).encode())
    about: JsonObject = {"distance": points.distance.described(), "faiss_gives": kind, "rule": RULE[kind]}
    about |= {"scale_queries_to_length_1": points.distance.ignores_length}
    about |= {} if threshold is None else {"threshold": threshold, "limit": float(in_faiss(threshold))}
    write_json(folder / ABOUT, about)


def _in_faiss(distance: Distance) -> _InFaiss:
    known = IN_FAISS.get(type(distance))
    if known is None:
        usable = ", ".join(kind.title for kind in IN_FAISS)
        raise ValueError(
            f"a faiss index must be of a distance that it ranks by ({usable}), got {distance.title}. Take the "
            "embeddings as Parquet or NPZ, and search by that distance yourself."
        )
    return known


def _unit(embeddings: np.ndarray) -> np.ndarray:
    """Scaled to length 1 in float64, so that rounding is that of the result alone; the zero vector stays."""
    exact = embeddings.astype(np.float64)
    lengths = np.sqrt((exact**2).sum(axis=1, keepdims=True))
    return (exact / np.where(lengths > 0, lengths, 1)).astype(np.float32)
