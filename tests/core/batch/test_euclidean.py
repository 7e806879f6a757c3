from __future__ import annotations

import pytest
import torch

from core.batch.autograd import ROWS_AT_ONCE
from core.batch.euclidean import euclidean_matrix
from tests.core.loops import batch, distance_table

DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


@DTYPES
def test_distances_are_those_of_the_definition(dtype: torch.dtype) -> None:
    points, _ = batch()
    points[3] = points[7]
    points = points.to(dtype)
    torch.testing.assert_close(euclidean_matrix(points), distance_table(points).to(dtype))


@DTYPES
def test_equal_rows_are_exactly_no_distance_apart_also_far_from_the_origin(dtype: torch.dtype) -> None:
    """The matrix product form of the distance is off by whole units there."""
    points = torch.full((60, 64), 1000.0) + torch.randn(60, 64, generator=torch.Generator().manual_seed(0)) * 1e-3
    points[30:] = points[:30]
    points = points.to(dtype)
    distances = euclidean_matrix(points)
    assert torch.equal(distances.diagonal(), torch.zeros(60, dtype=dtype))
    assert torch.equal(distances[:30, 30:].diagonal(), torch.zeros(30, dtype=dtype))
    torch.testing.assert_close(distances, distance_table(points).to(dtype), rtol=1e-4, atol=0)


@DTYPES
def test_the_distance_is_symmetric_to_the_last_bit(dtype: torch.dtype) -> None:
    distances = euclidean_matrix(batch(sizes=(90, 80, 70), dimension=64)[0].to(dtype))
    assert torch.equal(distances, distances.T)


@DTYPES
def test_the_gradient_is_that_of_the_definition(dtype: torch.dtype) -> None:
    points = batch(sizes=(9, 8, 7), dimension=5)[0].to(dtype)
    weights = torch.randn(24, 24, generator=torch.Generator().manual_seed(1)).to(dtype)
    expected = torch.zeros_like(points)
    for i in range(24):
        for j in range(24):
            if i != j:
                along = weights[i, j] * (points[i] - points[j]) / (points[i] - points[j]).norm()
                expected[i] += along
                expected[j] -= along
    points.requires_grad_()
    (euclidean_matrix(points) * weights).sum().backward()
    torch.testing.assert_close(points.grad, expected, rtol=1e-4, atol=1e-4)


def test_a_gradient_made_in_parts_is_the_whole_one() -> None:
    """More rows than are taken at once, and a rest; against the same formula in float64."""
    points, _ = batch(sizes=(ROWS_AT_ONCE, 40), dimension=8)
    weights = torch.randn(len(points), len(points), generator=torch.Generator().manual_seed(1))
    found, expected = points.float().requires_grad_(), points.clone().requires_grad_()
    (euclidean_matrix(found) * weights).sum().backward()
    (euclidean_matrix(expected) * weights).sum().backward()
    assert found.grad is not None and expected.grad is not None
    torch.testing.assert_close(found.grad.double(), expected.grad, rtol=1e-3, atol=1e-3)


@DTYPES
def test_the_gradient_of_coinciding_rows_is_nothing(dtype: torch.dtype) -> None:
    points = torch.ones(4, 3, dtype=dtype, requires_grad=True)
    euclidean_matrix(points).sum().backward()
    assert torch.equal(points.grad, torch.zeros(4, 3, dtype=dtype))


def test_broken_points_give_broken_distances() -> None:
    points = torch.ones(3, 2)
    points[1, 0] = float("nan")
    assert euclidean_matrix(points)[1].isnan().all()


@pytest.mark.parametrize("spread", [1e-1, 1e-3, 1e-5])
def test_the_gradient_among_points_that_are_all_close_is_right(spread: float) -> None:
    """A collapsing batch, with copies: every pair is close beside the points' length, few beside their own spread."""
    generator = torch.Generator().manual_seed(0)
    points = torch.ones(300, 16) + spread * torch.randn(300, 16, generator=generator)
    points[40:60] = points[:20]
    points[80:90] = points[:10] + 1e-3 * spread * torch.randn(10, 16, generator=generator)
    weights = torch.randn(300, 300, generator=generator)
    found, expected = points.clone().requires_grad_(), points.double().requires_grad_()
    (euclidean_matrix(found) * weights).sum().backward()
    (euclidean_matrix(expected) * weights).sum().backward()
    assert found.grad is not None and expected.grad is not None
    assert (found.grad - expected.grad).norm(dim=1).max() < 1e-4 * expected.grad.norm(dim=1).mean()
