"""Findings filled in by parts and replaced."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_array_equal

from core.statistics.row_findings import RowFindings


def test_a_part_fills_in_the_whole_and_what_is_open_is_replaced() -> None:
    found = RowFindings.nothing(3, 2)
    assert_array_equal(found.scores, np.full((3, 3), -1.0))
    assert np.isnan(found.local_aucs).all() and not found.is_open.any()
    part = found.part(slice(1, 3))
    part.counts[:] = [[1, 2], [3, 4]]
    part.is_open[1] = True
    again = RowFindings.nothing(1, 2)
    again.counts[:] = 9
    found.replace(found.is_open, again)
    assert_array_equal(found.counts, [[0, 0], [1, 2], [9, 9]])
    assert not found.is_open.any()
