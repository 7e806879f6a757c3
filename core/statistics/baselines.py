"""What needs no training: the numbers that a trained encoder has to beat.

On easy data they are high (raw pixels of digits find a neighbour of their class in 98 of 100 cases), so a
Recall@1 without them beside it says little.
"""

from __future__ import annotations

import numpy as np

from core.statistics.checks import check_embeddings
from core.statistics.distance_blocks import DIRECT_LIMIT, direct_matrix
from core.statistics.pair_distances import auc, pair_distances
from core.statistics.retrieval import retrieval
from core.statistics.scatter import lda, pca_whitening, wccn

MOST_VALUES = 1024  # of an image, up to which all of its axes are found
UNIT_LENGTH = 1e-4  # how far a length may be from 1
BY_COSINE = ", cosine"
VECTORS, COSINE = "vectors", f"vectors{BY_COSINE}"
FROZEN, FROZEN_COSINE = "frozen network", f"frozen network{BY_COSINE}"
SCORED_BY_COSINE = ("LDA", "WCCN")  # as those who verify speakers and faces have them (Dehak et al. 2011)


def baselines(
    pixels: np.ndarray, labels: np.ndarray, training_pixels: np.ndarray, dimension: int, untrained: np.ndarray
) -> dict[str, dict[str, float]]:
    """Probe pixels (N, H, W) or (N, H, W, 3) uint8, labels (N,), training pixels (T, ...) uint8, untrained embeddings
    (N, D) -> recall_at_1, map_at_r and auc of three spaces, all by plain Euclidean distance.

    raw pixels: the flattened image, all its colours, 0 to 1, not brought to unit length. PCA: those pixels on the first
    `dimension` principal components of the training images (all of them where the images have fewer). untrained
    encoder: its embeddings as given.
    """
    check_embeddings(untrained, labels)
    flat, training = _flat(pixels), _flat(training_pixels)
    components = (flat - training.mean(axis=0)) @ principal_axes(training, dimension).T
    return {
        "raw pixels": _numbers(flat, labels, pixel_distances(pixels) if len(pixels) <= DIRECT_LIMIT else None),
        "PCA": _numbers(components, labels),
        "untrained encoder": _numbers(untrained, labels),
    }


def vector_baselines(
    vectors: np.ndarray,
    labels: np.ndarray,
    training: np.ndarray,
    training_labels: np.ndarray,
    dimension: int,
    untrained: np.ndarray,
) -> dict[str, dict[str, float]]:
    """Probe vectors (N, D), labels (N,), training vectors (T, D) and labels (T,), untrained embeddings (N, K) ->
    recall_at_1, map_at_r and auc of what costs no training, all by Euclidean distance.

    vectors: as they are. vectors, cosine: brought to unit length, where they are not of it. PCA whitening, LDA (both of
    at most `dimension` directions) and WCCN: learned from the training rows alone, as core/statistics/scatter.py says;
    the last two also brought to unit length after it. untrained encoder: its embeddings as given.
    """
    check_embeddings(untrained, labels)
    found = {VECTORS: _numbers(vectors, labels)}
    if not _are_of_unit_length(vectors):
        found[COSINE] = _numbers(unit_vectors(vectors), labels)
    maps = {
        "PCA whitening": pca_whitening(training, dimension),
        "LDA": lda(training, training_labels, dimension),
        "WCCN": wccn(training, training_labels),
    }
    centred = vectors - training.mean(axis=0, dtype=np.float64)
    for name, rows in maps.items():
        if len(rows):
            mapped = centred @ rows.T
            found[name] = _numbers(mapped, labels)
            if name in SCORED_BY_COSINE:
                found[f"{name}{BY_COSINE}"] = _numbers(unit_vectors(mapped), labels)
    return found | {"untrained encoder": _numbers(untrained, labels)}


def frozen_baselines(features: np.ndarray, labels: np.ndarray) -> dict[str, dict[str, float]]:
    """Features (N, F) that a frozen network makes of the probe, labels (N,) -> recall_at_1, map_at_r and auc of them as
    they are and, where they are not of unit length, brought to it, both by Euclidean distance: what the network does
    without a head."""
    check_embeddings(features, labels)
    found = {FROZEN: _numbers(features, labels)}
    return found if _are_of_unit_length(features) else found | {FROZEN_COSINE: _numbers(unit_vectors(features), labels)}


def unit_vectors(vectors: np.ndarray) -> np.ndarray:
    """(N, D) -> each divided by its length, a zero vector left as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def _are_of_unit_length(vectors: np.ndarray) -> bool:
    return bool(np.abs(np.linalg.norm(vectors, axis=1) - 1).max() <= UNIT_LENGTH)


def pixel_distances(pixels: np.ndarray) -> np.ndarray:
    """(N, H, W) or (N, H, W, 3) uint8 -> (N, N) float64 distances of the images from 0 to 1.

    Sums of whole numbers are exact, so the matrix product gives what direct differences would, 10 times sooner.
    """
    whole = pixels.reshape(len(pixels), -1).astype(np.float64)
    squares = (whole * whole).sum(axis=1)
    return np.sqrt(squares[:, None] + squares - 2 * (whole @ whole.T)) / 255


def principal_axes(points: np.ndarray, dimension: int) -> np.ndarray:
    """(T, D) -> the directions of largest variance, at most `dimension` of them, unit rows, largest first."""
    centred = points - points.mean(axis=0)
    if centred.shape[1] > MOST_VALUES:
        return _axes_of_many_values(centred, dimension)
    # The singular vectors of the (D, D) scatter are those of the (T, D) points, for a small part of the work.
    return np.linalg.svd(centred.T @ centred, hermitian=True)[2][:dimension]


def _axes_of_many_values(centred: np.ndarray, dimension: int) -> np.ndarray:
    """`principal_axes` without all those that nobody asks for, which of images in colour are thousands."""
    from scipy.linalg import eigh

    if len(centred) <= centred.shape[1]:
        return np.linalg.svd(centred, full_matrices=False)[2][:dimension]
    values = centred.shape[1]
    wanted = (max(values - dimension, 0), values - 1)
    axes = np.asarray(eigh(centred.T @ centred, subset_by_index=wanted)[1])
    return axes.T[::-1]


def _flat(pixels: np.ndarray) -> np.ndarray:
    return pixels.reshape(len(pixels), -1).astype(np.float32) / 255


def _numbers(embeddings: np.ndarray, labels: np.ndarray, distances: np.ndarray | None = None) -> dict[str, float]:
    distances = direct_matrix(embeddings) if distances is None else distances
    found = retrieval(embeddings, labels, distances=distances)
    return {
        "recall_at_1": found.recall_at_1,
        "map_at_r": found.map_at_r,
        "auc": auc(pair_distances(embeddings, labels, distances)),
    }
