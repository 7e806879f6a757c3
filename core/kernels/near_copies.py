"""Which rows nearly equal one another, without comparing all with all; compiled.

Vectors go in the order of one coordinate, along which near ones are near, too; images in the order of a part of their
hash, which near ones share. Both are exact: what the order passes over cannot be near.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def near_vectors(
    points: np.ndarray, along: np.ndarray, width: float, least_cosine: float, pairs: np.ndarray, most_looks: int
) -> tuple[int, bool]:
    """Vectors (N, D), their directions along K axes (N, K) in ascending order of the first -> how many of the pairs
    (P, 2) were filled with rows whose cosine is above `least_cosine`, and whether that is all of them.

    Near directions differ by at most `width` along any axis. It ends early where `pairs` are full, or after as many
    looks at two rows.
    """
    found, looks = 0, 0
    for first in range(len(points)):
        for second in range(first + 1, len(points)):
            if along[second, 0] - along[first, 0] > width:
                break
            looks += 1
            is_near = True
            for axis in range(1, along.shape[1]):
                if abs(along[second, axis] - along[first, axis]) > width:
                    is_near = False
                    break
            if is_near and _cosine(points[first], points[second]) > least_cosine:
                if found == len(pairs):
                    return found, False
                pairs[found, 0], pairs[found, 1] = first, second
                found += 1
        if looks > most_looks:
            return found, False
    return found, True


@njit(nogil=True)
def _cosine(first: np.ndarray, second: np.ndarray) -> float:
    product, of_first, of_second = 0.0, 0.0, 0.0
    for place in range(len(first)):
        one, other = np.float64(first[place]), np.float64(second[place])
        product += one * other
        of_first += one * one
        of_second += other * other
    return product / np.sqrt(of_first * of_second)


@njit(cache=True, nogil=True)
def near_images(
    hashes: np.ndarray,
    pixels: np.ndarray,
    rows: np.ndarray,
    order: np.ndarray,
    band: int,
    most_bits: int,
    most_difference: float,
    pairs: np.ndarray,
    most_looks: int,
) -> tuple[int, bool]:
    """Hashes (N,) uint64 of these `rows` (N,) of the pixels (R, V) uint8, in the `order` (N,) of the 16 bits number
    `band` -> as near_vectors, places in `rows` that share these bits and none of an earlier band, differ in at most
    `most_bits`, and whose pixels differ by at most `most_difference` on average."""
    found, looks = 0, 0
    shift = np.uint64(16 * band)
    for place in range(len(order)):
        first = order[place]
        for other in range(place + 1, len(order)):
            second = order[other]
            different = hashes[first] ^ hashes[second]
            if (different >> shift) & np.uint64(0xFFFF):
                break
            looks += 1
            if _bits(different) > most_bits or _shares_before(different, band):
                continue
            if _mean_difference(pixels[rows[first]], pixels[rows[second]]) <= most_difference:
                if found == len(pairs):
                    return found, False
                pairs[found, 0], pairs[found, 1] = first, second
                found += 1
        if looks > most_looks:
            return found, False
    return found, True


@njit(nogil=True)
def _bits(word: np.uint64) -> int:
    count = 0
    while word:
        word &= word - np.uint64(1)
        count += 1
    return count


@njit(nogil=True)
def _shares_before(different: np.uint64, band: int) -> bool:
    for earlier in range(band):
        if not (different >> np.uint64(16 * earlier)) & np.uint64(0xFFFF):
            return True
    return False


@njit(nogil=True)
def _mean_difference(first: np.ndarray, second: np.ndarray) -> float:
    total = 0
    for place in range(len(first)):
        total += abs(np.int64(first[place]) - np.int64(second[place]))
    return total / len(first)
