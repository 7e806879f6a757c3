from __future__ import annotations

import numpy as np
import pytest

from core.evidence.vouching import DOMINANT, LEAST_INFORMING, Vouching


@pytest.mark.parametrize(
    ("share", "informing", "is_dominated", "is_vouched"),
    [
        (DOMINANT, LEAST_INFORMING - 0.1, True, False),
        (DOMINANT, LEAST_INFORMING, True, True),
        (DOMINANT - 0.01, LEAST_INFORMING - 0.1, False, True),
        (0.9, 5.0, True, True),
        (1.0, 0.0, True, False),
        (0.1, 80.0, False, True),
    ],
)
def test_one_identity_with_half_of_the_pairs_among_few_others_is_not_vouched_for(
    share: float, informing: float, is_dominated: bool, is_vouched: bool
) -> None:
    kind = Vouching(2.0, 3, share, informing)
    assert (kind.is_dominated, kind.is_vouched) == (is_dominated, is_vouched)


def test_what_is_kept_comes_back_as_it_was() -> None:
    kind = Vouching(60.5, 3, 0.125, 80.25)
    assert kind.array().tolist() == [60.5, 3.0, 0.125, 80.25]
    again = Vouching.from_array(kind.array())
    assert again == kind and isinstance(again.largest, int)
    assert Vouching.from_array(np.array([1.0, 2.0, 0.5, 4.0])) == Vouching(1.0, 2, 0.5, 4.0)
