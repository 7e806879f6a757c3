"""Compiled sums over the pairs of a batch: one walk over the matrix, however many pairs are taken."""

from __future__ import annotations

from math import exp, inf, log1p

import numpy as np
from numba import njit

_FAST = {"contract", "reassoc", "nnan", "nsz"}  # an infinity keeps its meaning


@njit(cache=True, nogil=True, fastmath=_FAST)
def sum_hinges(
    distances: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    is_squared: bool,
    slopes: np.ndarray,
    low_slopes: np.ndarray,
    high_slopes: np.ndarray,
) -> tuple[float, int, int]:
    """Sum, count and number above 0 of [d - low]_+ over positives and [high - d]_+ over negatives, or of half their
    squares; `low` and `high` (N,) belong to the row. The derivatives go to the `slopes`, (N, N) and (N,)."""
    kind = distances.dtype.type
    zero, half = kind(0), kind(0.5)
    total, found, active = 0.0, 0, 0
    for row in range(len(distances)):
        line, slope, near, far = distances[row], slopes[row], low[row], high[row]
        of_row, pulled, pushed, row_found, row_active = zero, zero, zero, 0, 0
        # Both kinds go through one expression without a branch, so that 8 or 16 columns go at a time.
        for column in range(len(line)):
            is_positive, is_negative = positive[row, column], negative[row, column]
            beyond = line[column] - near if is_positive else far - line[column]
            beyond = beyond if (is_positive | is_negative) & (beyond > zero) else zero
            is_active = beyond > zero
            steep = beyond if is_squared else kind(is_active)
            # A row is added up on its own: thousands of numbers in one float32 would lose the last ones.
            of_row += half * beyond * beyond if is_squared else beyond
            pull = steep if is_positive else zero
            push = steep if not is_positive else zero
            slope[column] = pull - push
            pulled += pull
            pushed += push
            row_found += is_positive | is_negative
            row_active += is_active
        total += of_row
        found += row_found
        active += row_active
        # The row's own limits move against its pairs, by the sum of their slopes.
        low_slopes[row], high_slopes[row] = -pulled, pushed
    return total, found, active


@njit(cache=True, nogil=True, fastmath=_FAST)
def fill_exponents(
    matrix: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    positive_scale: float,
    negative_scale: float,
    exponents: np.ndarray,
    tops: np.ndarray,
) -> None:
    """scale * x of each taken pair less the largest of its row and kind, which goes to `tops` (2, N); -inf elsewhere.

    Where a row takes nothing of a kind its top is 0.
    """
    kind = matrix.dtype.type
    of_positive, of_negative, nothing, zero = kind(positive_scale), kind(negative_scale), kind(-inf), kind(0)
    for row in range(len(matrix)):
        line, exponent = matrix[row], exponents[row]
        top_positive, top_negative = nothing, nothing
        for column in range(len(line)):
            as_positive = of_positive * line[column] if positive[row, column] else nothing
            as_negative = of_negative * line[column] if negative[row, column] else nothing
            # The largest exponent is taken away before exp, so that no sum overflows and the largest term is 1.
            top_positive = as_positive if as_positive > top_positive else top_positive
            top_negative = as_negative if as_negative > top_negative else top_negative
            exponent[column] = as_positive if positive[row, column] else as_negative
        top_positive = top_positive if top_positive > nothing else zero
        top_negative = top_negative if top_negative > nothing else zero
        for column in range(len(line)):
            exponent[column] -= top_positive if positive[row, column] else top_negative
        tops[0, row], tops[1, row] = top_positive, top_negative


@njit(cache=True, nogil=True, fastmath=_FAST)
def share_out(
    matrix: np.ndarray, positive: np.ndarray, weights: np.ndarray, sums: np.ndarray, means: np.ndarray
) -> None:
    """Weights (N, N), 0 where nothing is taken -> in place their shares of the row's own kind, whose sum goes to `sums`
    (2, N), and the mean of the matrix under these shares to `means` (2, N); 0 where nothing is taken."""
    kind = matrix.dtype.type
    zero, one = kind(0), kind(1)
    for row in range(len(matrix)):
        line, weight = matrix[row], weights[row]
        sum_positive, sum_negative, mean_positive, mean_negative = zero, zero, zero, zero
        for column in range(len(line)):
            of_positive = weight[column] if positive[row, column] else zero
            of_negative = weight[column] if not positive[row, column] else zero
            sum_positive += of_positive
            sum_negative += of_negative
            mean_positive += of_positive * line[column]
            mean_negative += of_negative * line[column]
        # One division for a row; a row without pairs of a kind has shares of 0, not NaN.
        for_positive = one / sum_positive if sum_positive > zero else zero
        for_negative = one / sum_negative if sum_negative > zero else zero
        for column in range(len(line)):
            weight[column] *= for_positive if positive[row, column] else for_negative
        sums[0, row], sums[1, row] = sum_positive, sum_negative
        means[0, row], means[1, row] = mean_positive * for_positive, mean_negative * for_negative


@njit(cache=True, nogil=True, fastmath=_FAST)
def spread(shares: np.ndarray, positive: np.ndarray, rows: np.ndarray, slopes: np.ndarray) -> None:
    """Each share times the number of its row and kind, (2, N) -> (N, N)."""
    for row in range(len(shares)):
        share, slope = shares[row], slopes[row]
        of_positive, of_negative = rows[0, row], rows[1, row]
        for column in range(len(share)):
            slope[column] = share[column] * (of_positive if positive[row, column] else of_negative)


@njit(cache=True, nogil=True)
def sum_lifted(
    distances: np.ndarray,
    positive: np.ndarray,
    reach: np.ndarray,
    is_hard: bool,
    slopes: np.ndarray,
    reach_slopes: np.ndarray,
) -> tuple[float, int, int]:
    """Sum, count and number above 0 of [d_ij + log(e^r_i + e^r_j)]_+^2 / 2 over positives, or with the larger of r_i
    and r_j; `reach` r is (N,). The derivatives go to the `slopes`, (N, N) and (N,); half each where r_i = r_j."""
    kind = distances.dtype.type
    total, found, active = 0.0, 0, 0
    reach_slopes[:] = 0
    for row in range(len(distances)):
        line, slope = distances[row], slopes[row]
        slope[:] = 0
        for column in range(len(line)):
            if not positive[row, column]:
                continue
            found += 1
            # log(e^a + e^b) as max + log(1 + e^-|a - b|), which never overflows.
            ahead = reach[row] - reach[column]
            both = max(reach[row], reach[column])
            share = 0.5 if ahead == 0 else (1.0 if ahead > 0 else 0.0)
            if not is_hard:
                falling = exp(-abs(ahead))
                both += log1p(falling)
                share = (1 if ahead > 0 else falling) / (1 + falling)
            excess = line[column] + both
            if excess > 0:
                active += 1
                total += excess * excess / 2
                slope[column] = kind(excess)
                reach_slopes[row] += kind(excess * share)
                reach_slopes[column] += kind(excess * (1 - share))
    return total, found, active


@njit(cache=True, nogil=True, fastmath=_FAST)
def fill_circle(
    similarities: np.ndarray,
    positive: np.ndarray,
    margin: float,
    scale: float,
    exponents: np.ndarray,
    slopes: np.ndarray,
) -> None:
    """Circle loss's exponents of all pairs (N, N), and their derivatives with the weights held."""
    kind = similarities.dtype.type
    m, zero, one, steep = kind(margin), kind(0), kind(1), kind(scale)
    for row in range(len(similarities)):
        line, exponent, slope = similarities[row], exponents[row], slopes[row]
        for column in range(len(line)):
            similarity = line[column]
            is_positive = positive[row, column]
            # The weights of the paper: how far each is from its optimum, 1 + m and -m, and never below 0.
            weight = one + m - similarity if is_positive else similarity + m
            weight = steep * weight if weight > zero else zero
            beyond = one - m - similarity if is_positive else similarity - m
            exponent[column] = weight * beyond
            # Weights are constants of the derivative, as the paper has it.
            slope[column] = -weight if is_positive else weight
