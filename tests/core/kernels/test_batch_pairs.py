"""Sums over the pairs of a batch, one pair at a time in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.kernels.batch_pairs import fill_circle, fill_exponents, share_out, sum_hinges, sum_lifted
from core.kernels.batch_pairs import spread as spread_out
from tests.core.spreads import KINDS, spread

COUNT = 14
CLOSE: dict[type, float] = {np.float32: 1e-5, np.float64: 1e-12}
DTYPES = pytest.mark.parametrize("dtype", CLOSE)


def masks(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Some pairs of three classes, seen from one end alone here and there; two rows take one kind only, one nothing."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(3, size=COUNT)
    same = labels[:, None] == labels
    positive, negative = (mask & (generator.random((COUNT, COUNT)) < 0.7) for mask in (same, ~same))
    np.fill_diagonal(positive, False)
    positive[0], negative[1] = False, False
    positive[2] = negative[2] = False
    return positive, negative


def matrix(dtype: type, scale: float = 3.0) -> np.ndarray:
    """With ties at 0, 1, 2 and 3."""
    values = scale * np.random.default_rng(1).random((COUNT, COUNT))
    return np.where(values % 1 < 0.3, np.rint(values), values).astype(dtype)


@DTYPES
@pytest.mark.parametrize("is_squared", [False, True])
def test_hinges_are_those_of_every_taken_pair(is_squared: bool, dtype: type) -> None:
    low, high = (np.random.default_rng(seed).integers(4, size=COUNT).astype(dtype) for seed in (2, 3))
    check_hinges(matrix(dtype), low, high, is_squared)


@pytest.mark.parametrize("is_squared", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_hinges_on_points_of_any_kind_are_those_of_every_taken_pair(kind: str, is_squared: bool) -> None:
    points = spread(kind, 60)[0][:COUNT].astype(np.float64)
    distances = np.sqrt(np.square(points[:, None] - points).sum(axis=2))
    check_hinges(distances, np.sort(distances, axis=1)[:, 5], np.sort(distances, axis=1)[:, 9], is_squared)


def check_hinges(distances: np.ndarray, low: np.ndarray, high: np.ndarray, is_squared: bool) -> None:
    positive, negative = masks()
    total, found, active = 0.0, 0, 0
    slopes, low_slopes, high_slopes = np.zeros((COUNT, COUNT)), np.zeros(COUNT), np.zeros(COUNT)
    for row in range(COUNT):
        for column in range(COUNT):
            if not positive[row, column] and not negative[row, column]:
                continue
            sign = 1 if positive[row, column] else -1
            beyond = sign * (float(distances[row, column]) - float((low if sign > 0 else high)[row]))
            found += 1
            if beyond > 0:
                active += 1
                steep = beyond if is_squared else 1.0
                total += beyond * beyond / 2 if is_squared else beyond
                slopes[row, column] = sign * steep
                (low_slopes if sign > 0 else high_slopes)[row] -= sign * steep
    kind = distances.dtype.type
    ours = np.full((COUNT, COUNT), np.nan, kind), np.full(COUNT, np.nan, kind), np.full(COUNT, np.nan, kind)
    counted = sum_hinges(distances, positive, negative, low, high, is_squared, *ours)
    assert counted[1:] == (found, active) and 0 < active < found
    assert counted[0] == pytest.approx(total, rel=CLOSE[kind])
    for got, expected in zip(ours, (slopes, low_slopes, high_slopes), strict=True):
        np.testing.assert_allclose(got, expected, rtol=CLOSE[kind], atol=CLOSE[kind] * np.abs(expected).max())


@DTYPES
@pytest.mark.parametrize("scales", [(1.0, -1.0), (0.0, 0.5), (-400.0, 400.0)], ids=str)
def test_exponents_sums_and_means_are_those_of_the_row_and_kind(scales: tuple[float, float], dtype: type) -> None:
    """For any size of the exponents: at the top of each kind they are exp(0)."""
    values, kinds = matrix(dtype), masks()
    exponents, tops = np.empty_like(values), np.empty((2, COUNT), dtype)
    fill_exponents(values, *kinds, *scales, exponents, tops)
    weights = np.exp(exponents)
    sums, means = np.empty((2, COUNT), dtype), np.empty((2, COUNT), dtype)
    shares = weights.copy()
    share_out(values, kinds[0], shares, sums, means)
    rows = np.random.default_rng(5).normal(size=(2, COUNT)).astype(dtype)
    slopes, expected_slopes = np.empty_like(values), np.zeros((COUNT, COUNT))
    spread_out(shares, kinds[0], rows, slopes)
    for kind, (taken, scale) in enumerate(zip(kinds, scales, strict=True)):
        for row in range(COUNT):
            columns = np.flatnonzero(taken[row])
            here = [scale * float(values[row, column]) for column in columns]
            top = max(here, default=0.0)
            assert tops[kind, row] == pytest.approx(top, rel=CLOSE[dtype])
            parts = [math.exp(value - top) for value in here]
            assert sums[kind, row] == pytest.approx(sum(parts), rel=1e-3 if dtype is np.float32 else 1e-12)
            mean = sum(part * float(values[row, column]) for part, column in zip(parts, columns, strict=True))
            assert means[kind, row] == pytest.approx(mean / sum(parts) if parts else 0.0, rel=1e-4)
            for part, column in zip(parts, columns, strict=True):
                expected_slopes[row, column] = part / sum(parts) * float(rows[kind, row])
    np.testing.assert_allclose(slopes, expected_slopes, rtol=1e-3 if dtype is np.float32 else 1e-10, atol=1e-6)
    nothing = ~(kinds[0] | kinds[1])
    assert (exponents[nothing] == -np.inf).all() and not slopes[nothing].any()


@DTYPES
@pytest.mark.parametrize("is_hard", [False, True])
def test_lifted_hinges_look_at_the_reach_of_both_ends(is_hard: bool, dtype: type) -> None:
    distances, positive = matrix(dtype), masks()[0]
    reach = np.random.default_rng(3).integers(-3, 1, size=COUNT).astype(dtype)
    total, found, active = 0.0, 0, 0
    slopes, reach_slopes = np.zeros((COUNT, COUNT)), np.zeros(COUNT)
    for row, column in np.argwhere(positive):
        ends = [float(reach[row]), float(reach[column])]
        both = max(ends) if is_hard else math.log(math.exp(ends[0]) + math.exp(ends[1]))
        excess = float(distances[row, column]) + both
        found += 1
        if excess > 0:
            active += 1
            total += excess**2 / 2
            slopes[row, column] = excess
            if is_hard:
                shares = [0.5, 0.5] if ends[0] == ends[1] else [float(end == max(ends)) for end in ends]
            else:
                shares = [math.exp(end - both) for end in ends]
            reach_slopes[row] += excess * shares[0]
            reach_slopes[column] += excess * shares[1]
    ours = np.full((COUNT, COUNT), np.nan, dtype), np.full(COUNT, np.nan, dtype)
    counted = sum_lifted(distances, positive, reach, is_hard, *ours)
    assert counted[1:] == (found, active) and 0 < active < found
    assert counted[0] == pytest.approx(total, rel=CLOSE[dtype])
    np.testing.assert_allclose(ours[0], slopes, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours[1], reach_slopes, rtol=1e-5, atol=1e-6)


def test_a_reach_of_hundreds_does_not_overflow() -> None:
    reach, slopes, reach_slopes = np.array([800.0, -800.0]), np.empty((2, 2)), np.empty(2)
    counted = sum_lifted(np.ones((2, 2)), ~np.eye(2, dtype=bool), reach, False, slopes, reach_slopes)
    assert counted == (2 * 801.0**2 / 2, 2, 2) and reach_slopes.tolist() == [1602.0, 0.0]


@DTYPES
@pytest.mark.parametrize("margin", [0.0, 0.25, 0.4])
def test_circle_weighs_every_pair_by_how_far_it_is_from_its_optimum(margin: float, dtype: type) -> None:
    """With similarities at both optima, where the weight ends."""
    similarities = (2 * np.random.default_rng(1).random((COUNT, COUNT)) - 1).astype(dtype)
    similarities[0, :4] = 1 + margin, -margin, 1.0, -1.0
    positive = masks()[0]
    exponents, slopes = np.empty_like(similarities), np.empty_like(similarities)
    fill_circle(similarities, positive, margin, 16.0, exponents, slopes)
    for row in range(COUNT):
        for column in range(COUNT):
            s = float(similarities[row, column])
            if positive[row, column]:
                weight, beyond, sign = 16 * max(1 + margin - s, 0), 1 - margin - s, -1
            else:
                weight, beyond, sign = 16 * max(s + margin, 0), s - margin, 1
            assert exponents[row, column] == pytest.approx(weight * beyond, rel=1e-4, abs=1e-4)
            assert slopes[row, column] == pytest.approx(sign * weight, rel=1e-4, abs=1e-4)
