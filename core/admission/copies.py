"""Samples that equal others, and that nearly do.

Equal are vectors with equal numbers, and images with equal prepared pixels. Nearly equal are vectors whose cosine is
above 1 - 1e-6 (of those that are not zero), and images whose difference hashes (64 bits: where the image, made grey and
8 x 9 by means, grows brighter to the right by more than 2 of 255) differ in at most 3 bits and whose prepared pixels
differ by at most 4 of 255 on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from core.datasets.samples import Samples
from core.datasets.vectors import Vectors

LEAST_COSINE = 1 - 1e-6
AXES = 4
SLACK = 1e-5  # of directions in float32
MOST_BITS, BANDS, MOST_DIFFERENCE = 3, 4, 4.0
HASH_ROWS, HASH_COLUMNS = 8, 9
SLOPE = 2.0  # of 255, so that noise on a plain ground is none
MOST_PAIRS = 1_000_000
MOST_LOOKS = 20_000_000_000  # at two rows, of vectors; half a minute
MOST_IMAGE_LOOKS = 4_000_000_000
ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class Copies:
    """`first` (N,): the first row that equals each, itself where there is none before. `near` (P, 2): rows that nearly
    equal each other, the first of each group of equal ones alone, each pair once with the smaller row first, in order;
    all of them where `is_whole`."""

    first: np.ndarray
    near: np.ndarray
    is_whole: bool = True


def copies_in(samples: Samples) -> Copies:
    """Which samples equal others, or nearly do."""
    first = equal_rows(samples.values)
    distinct = np.flatnonzero(first == np.arange(len(first)))
    if isinstance(samples, Vectors):
        pairs, is_whole = _near_vectors(samples.values, distinct)
    else:
        pairs, is_whole = _near_images(samples.values, distinct)
    pairs = np.sort(pairs, axis=1)
    return Copies(first, pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], is_whole)


def equal_rows(values: np.ndarray) -> np.ndarray:
    """(N, ...) -> the first row (N,) that equals each. Rows are compared by a digest of 16 bytes, -0.0 as 0.0."""
    digests = np.empty((len(values), 16), np.uint8)
    for start in range(0, len(values), ROWS_AT_ONCE):
        some = np.ascontiguousarray(values[start : start + ROWS_AT_ONCE])
        some = some + 0 if some.dtype.kind == "f" else some  # makes -0.0 the same bits as 0.0
        for row, content in enumerate(some, start=start):
            digests[row] = np.frombuffer(blake2b(content.data, digest_size=16).digest(), np.uint8)
    words = digests.view(np.uint64)
    order = np.lexsort((words[:, 1], words[:, 0]))  # stable, so the first of equal ones is the first row
    starts = np.ones(len(order), bool)
    starts[1:] = (words[order[1:]] != words[order[:-1]]).any(axis=1)
    first = np.empty(len(order), np.int64)
    first[order] = order[starts][np.cumsum(starts) - 1]
    return first


def _near_vectors(values: np.ndarray, distinct: np.ndarray) -> tuple[np.ndarray, bool]:
    from core.kernels.near_copies import near_vectors

    lengths = lengths_of(values)[distinct]
    rows = distinct[lengths > 0]
    if len(rows) < 2:
        return np.empty((0, 2), np.int64), True
    directions = values[rows] / lengths[lengths > 0].astype(np.float32)[:, None]
    moments = directions.T @ directions / len(rows)
    mean = directions.mean(axis=0)
    axes = np.linalg.eigh(moments - np.outer(mean, mean))[1][:, ::-1][:, :AXES]  # along which they spread the most
    along = (directions @ axes).astype(np.float64)
    order = np.argsort(along[:, 0], kind="stable")
    width = float(np.sqrt(2 * (1 - LEAST_COSINE))) + SLACK
    pairs = np.empty((MOST_PAIRS, 2), np.int64)
    # In the order of the axis, so that rows that are compared lie near each other in memory, too.
    directions = directions[order]
    arguments = np.ascontiguousarray(along[order]), width, LEAST_COSINE, pairs, MOST_LOOKS
    found, is_whole = near_vectors(directions, *arguments)
    return rows[order[pairs[:found]]], is_whole


def _near_images(pixels: np.ndarray, distinct: np.ndarray) -> tuple[np.ndarray, bool]:
    from core.kernels.near_copies import near_images

    hashes = difference_hashes(pixels)[distinct]
    flat = np.asarray(pixels).reshape(len(pixels), -1)
    found: list[np.ndarray] = []
    is_whole = True
    for band in range(BANDS):
        order = np.argsort(hashes >> np.uint64(16 * band) & np.uint64(0xFFFF), kind="stable")
        pairs = np.empty((MOST_PAIRS, 2), np.int64)
        limits = MOST_BITS, MOST_DIFFERENCE, pairs, MOST_IMAGE_LOOKS
        count, is_all = near_images(hashes, flat, distinct, order, band, *limits)
        found.append(pairs[:count].copy())
        is_whole &= is_all
    return distinct[np.concatenate(found)], is_whole


def difference_hashes(pixels: np.ndarray) -> np.ndarray:
    """(N, H, W) or (N, H, W, 3) -> (N,) uint64: where the image, made 8 x 9 by means, grows brighter to the
    right by more than SLOPE."""
    hashes = np.empty(len(pixels), np.uint64)
    powers = np.uint64(1) << np.arange(HASH_ROWS * (HASH_COLUMNS - 1), dtype=np.uint64)
    rows = np.arange(HASH_ROWS) * pixels.shape[1] // HASH_ROWS
    columns = np.arange(HASH_COLUMNS) * pixels.shape[2] // HASH_COLUMNS
    # A small image gives some cells the same pixel.
    heights = np.maximum(np.diff([*rows, pixels.shape[1]]), 1)
    areas = heights[:, None] * np.maximum(np.diff([*columns, pixels.shape[2]]), 1)
    for start in range(0, len(pixels), ROWS_AT_ONCE):
        some = pixels[start : start + ROWS_AT_ONCE]
        grey = some.sum(axis=3, dtype=np.int64) if some.ndim == 4 else some.astype(np.int64)
        sums = np.add.reduceat(np.add.reduceat(grey, rows, axis=1), columns, axis=2)
        means = sums / (areas * (some.shape[3] if some.ndim == 4 else 1))
        brighter = np.diff(means, axis=2) > SLOPE
        hashes[start : start + ROWS_AT_ONCE] = (brighter.reshape(len(some), -1) * powers).sum(axis=1, dtype=np.uint64)
    return hashes


def lengths_of(vectors: np.ndarray) -> np.ndarray:
    """(N, D) -> lengths (N,) float64."""
    lengths = np.empty(len(vectors))
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        some = vectors[start : start + ROWS_AT_ONCE].astype(np.float64)
        lengths[start : start + ROWS_AT_ONCE] = np.sqrt((some * some).sum(axis=1))
    return lengths
