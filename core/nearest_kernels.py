"""Which others are the nearest: how far the last of them is, and who lies within that. Compiled, without the lock."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def limits_of(
    positives: np.ndarray,
    positive_counts: np.ndarray,
    negatives: np.ndarray,
    negative_counts: np.ndarray,
    width: int,
) -> np.ndarray:
    """The distance of the `width`-th nearest other of B anchors (B,), from those to positives and negatives.

    Ascending distances (B, K) and (B, N), and counts (B,) of those before the infinities that fill the rows up.
    """
    limits = np.empty(len(positives), positives.dtype)
    for anchor in range(len(positives)):
        closer, further = positives[anchor], negatives[anchor]
        low, high = max(0, width - negative_counts[anchor]), min(width, positive_counts[anchor])
        while low < high:  # how many of the nearest are positives
            middle = (low + high) // 2
            if closer[middle] < further[width - middle - 1]:
                low = middle + 1
            else:
                high = middle
        limit = closer[low - 1] if low else further[width - 1]
        limits[anchor] = max(limit, further[width - low - 1]) if low < width else limit
    return limits


@njit(cache=True, nogil=True)
def most_within(bits: np.ndarray, limits: np.ndarray) -> int:
    """The largest number in one row of (B, N) that are at most the row's limit (B,)."""
    most = 0
    for index in range(len(bits)):
        row, limit, size = bits[index], limits[index], np.int32(0)
        for column in range(len(row)):
            size += np.int32(row[column] <= limit)
        most = max(most, int(size))
    return most


@njit(cache=True, nogil=True)
def keys_within(bits: np.ndarray, start: int, limits: np.ndarray, keys: np.ndarray) -> None:
    """keys (B, K + 1) int64 becomes (bits, column) of the at most K others within the limit (B,), then largest numbers.

    `bits` (B, N) and the limits are float32 from 0 up read as int32, which orders them alike.
    """
    for index in range(len(bits)):
        row, limit, own, size = bits[index], limits[index], start + index, 0
        for column in range(len(row)):
            keys[index, size] = (np.int64(row[column]) << 32) | column  # stays if within; a branch would take longer
            size += (row[column] <= limit) & (column != own)
        keys[index, size:] = np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def split_keys(keys: np.ndarray, columns: np.ndarray, bits: np.ndarray) -> None:
    """The first W keys of each row (B, K) -> their columns and their bits, (B, W) int32 each."""
    for index in range(len(keys)):
        for place in range(columns.shape[1]):
            columns[index, place] = np.int32(keys[index, place] & 0x7FFFFFFF)
            bits[index, place] = np.int32(keys[index, place] >> 32)


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def distances_to(points: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(N, D), (N, K) -> the Euclidean distance of each point to its K rows, by direct differences, (N, K) float64."""
    distances = np.empty(rows.shape)
    for own in range(len(rows)):
        point = points[own]
        for place in range(rows.shape[1]):
            other = points[rows[own, place]]
            total = 0.0
            for dimension in range(len(point)):
                difference = np.float64(point[dimension]) - np.float64(other[dimension])
                total += difference * difference
            distances[own, place] = np.sqrt(total)
    return distances
