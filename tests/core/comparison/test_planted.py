"""What is planted is found, and what is not is not: the small form of tests/bench/compare_rows.py."""

from __future__ import annotations

import numpy as np
import pytest

from core.comparison.differences import compared
from core.evidence.seeded_differences import OPEN, WORSE
from tests.core.comparison.planted import KEY, planted

TABLES = 300


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize(("seeds", "identities"), [(5, 40), (3, 12)])
def test_where_nothing_differs_hardly_any_table_says_that_something_does(
    seeds: int, identities: int, *, heavy: bool
) -> None:
    rng = np.random.default_rng(seeds)
    tables = [planted([0.5] * 4, rng, seeds=seeds, identities=identities, heavy=heavy) for _ in range(TABLES)]
    quiet = np.mean([all(one.verdict == OPEN for one in compared(table, KEY)) for table in tables])
    assert quiet >= 0.93, quiet


def test_a_difference_is_found_in_most_tables_and_never_the_wrong_way_round() -> None:
    """Of .05 where five seeds and 40 identities leave a standard error of about .011."""
    rng = np.random.default_rng(0)
    verdicts = [compared(planted([0.5, 0.55], rng), KEY)[0].verdict for _ in range(TABLES)]
    assert verdicts.count(WORSE) >= 0.9 * TABLES and set(verdicts) <= {WORSE, OPEN}
