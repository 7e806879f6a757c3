from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.statistics.samples import share


@pytest.mark.parametrize("identities, samples, most", [(300, 7, 500), (3, 400, 500), (40, 30, 500), (600, 2, 500)])
def test_a_share_takes_as_many_points_of_each_identity(identities: int, samples: int, most: int) -> None:
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(identities), samples))
    rows = share(labels, most)
    found, counts = np.unique(labels[rows], return_counts=True)
    assert most - len(found) < len(rows) <= most or len(rows) == samples * most // 5
    assert (np.diff(rows) > 0).all() and counts.max() - counts.min() <= 1 and counts.min() >= 2
    assert len(found) == min(identities, most // 5)
    for label, count in zip(found, counts, strict=True):
        assert_array_equal(rows[labels[rows] == label], np.flatnonzero(labels == label)[:count], "the first ones")


def test_a_share_of_few_points_is_all_of_them() -> None:
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(57), 4))
    assert_array_equal(share(labels, len(labels)), np.arange(len(labels)))
    uneven = share(np.array([0] * 50 + [1, 1, 2]), 20)
    assert_array_equal(uneven, [*range(17), 50, 51, 52])
