from __future__ import annotations

import pytest
import torch

from core.geometry import distances_of, euclidean
from tests.core.loops import batch, distance_table


@pytest.mark.parametrize("squared", [False, True])
def test_distances_are_those_of_the_definition(squared: bool) -> None:
    points, _ = batch()
    points[3] = points[7]
    torch.testing.assert_close(distances_of(points, squared), distance_table(points, squared))


def test_distances_between_two_sets_have_one_row_for_each_of_the_first() -> None:
    first, second = torch.tensor([[0.0, 0.0], [3.0, 4.0]]), torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    assert torch.equal(euclidean(first, second), torch.tensor([[0.0, 3.0, 4.0], [5.0, 4.0, 3.0]]))


def test_equal_rows_are_exactly_no_distance_apart_also_far_from_the_origin() -> None:
    """The matrix product form of the distance is off by whole units there."""
    points = torch.full((60, 64), 1000.0) + torch.randn(60, 64, generator=torch.Generator().manual_seed(0)) * 1e-3
    points[30:] = points[:30]
    distances = euclidean(points, points)
    assert torch.equal(distances.diagonal(), torch.zeros(60))
    assert torch.equal(distances[:30, 30:].diagonal(), torch.zeros(30))
    torch.testing.assert_close(distances, distance_table(points).float(), rtol=1e-4, atol=0)


def test_the_distance_is_symmetric_to_the_last_bit() -> None:
    points = batch()[0].float()
    distances = distances_of(points, squared=False)
    assert torch.equal(distances, distances.T)


@pytest.mark.parametrize("squared", [False, True])
def test_the_gradient_of_coinciding_rows_is_nothing(squared: bool) -> None:
    points = torch.ones(4, 3, requires_grad=True)
    distances_of(points, squared).sum().backward()
    assert torch.equal(points.grad, torch.zeros(4, 3))
