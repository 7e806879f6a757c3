from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from core.encoders import Linear


def built(encoder: Linear, numbers: int) -> torch.nn.Module:
    return encoder.build(1, 1, torch.Generator().manual_seed(0), channels=numbers)


@pytest.mark.parametrize("dimension, numbers", [(2, 7), (16, 7)])
def test_distances_are_those_of_the_mahalanobis_metric_of_scipy(dimension: int, numbers: int) -> None:
    encoder = Linear(dimension=dimension, normalise=False)
    module = built(encoder, numbers)
    points = torch.randn(9, numbers, 1, 1, generator=torch.Generator().manual_seed(1))
    embeddings = encoder.embed(module, points).detach().numpy()
    matrix = encoder.map_of(module).double().numpy()
    flat = points.flatten(1).double().numpy()
    theirs = cdist(flat, flat, "mahalanobis", VI=matrix.T @ matrix)
    np.testing.assert_allclose(cdist(embeddings, embeddings), theirs, rtol=1e-4, atol=1e-5)


def test_a_constant_moves_all_embeddings_alike() -> None:
    encoder = Linear(dimension=2, normalise=False, bias=True)
    module = built(encoder, 3)
    points = torch.randn(5, 3, 1, 1, generator=torch.Generator().manual_seed(1))
    before = encoder.embed(module, points)
    with torch.no_grad():
        list(module.children())[-1].get_parameter("bias").fill_(2.0)
    torch.testing.assert_close(encoder.embed(module, points), before + 2)


def test_rows_that_it_begins_with_come_first_and_the_others_are_nothing() -> None:
    encoder = Linear(dimension=16)
    module = built(encoder, 4)
    rows = torch.arange(8.0).reshape(2, 4)
    encoder.set_map(module, rows)
    found = encoder.map_of(module)
    assert torch.equal(found[:2], rows) and not found[2:].any() and not found.requires_grad
