"""How likely a limit is kept, and up to which threshold it is safe, by loops over scipy's distributions."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from core.evidence.intervals import wilson
from core.evidence.promises import promised_share, safe_place


@pytest.mark.parametrize("limit", [1e-6, 0.01, 0.5, 0.999])
def test_a_share_is_students_one_by_one(limit: float) -> None:
    rates, counts, freedoms = (
        np.array(values) for values in ([0.0, 0.01, 0.5, 0.5, 1.0], [3, 800, 1, 1e6, 20], [1, 9.5, np.inf, 0.2, 4])
    )
    expected = [
        stats.t.cdf((limit - rate) / np.sqrt(limit * (1 - limit) / count), max(freedom, 1))
        for rate, count, freedom in zip(rates, counts, freedoms, strict=True)
    ]
    assert_allclose(promised_share(rates, counts, freedoms, limit), expected, rtol=1e-12)


def test_a_rate_at_its_limit_is_kept_every_other_time() -> None:
    assert promised_share(np.array(0.2), np.array(50.0), np.array(7.0), 0.2) == 0.5


def test_the_share_is_the_level_at_which_a_one_sided_interval_ends_at_the_limit() -> None:
    rates, limit = np.linspace(0.01, 0.15, 8), 0.1
    shares = promised_share(rates, np.full(8, 300.0), np.full(8, 12.0), limit)
    assert (np.diff(shares) < 0).all() and shares[0] > 0.99 > 0.01 > shares[-1]
    for rate, share in zip(rates[rates < limit], shares, strict=False):
        assert wilson(rate, 300, stats.t.ppf(share, 12)).high == pytest.approx(limit)


@pytest.mark.parametrize(("limit", "share"), [(1.0, 1.0), (2.0, 1.0), (0.0, 0.0), (-0.1, 0.0)])
def test_who_may_err_always_keeps_it_and_who_may_never_does_not(limit: float, share: float) -> None:
    rates = np.array([[0.0, 0.5], [1.0, 0.2]])
    assert_allclose(promised_share(rates, np.ones((2, 2)), np.ones((2, 2)), limit), np.full((2, 2), share))


def safe_by_hand(promises: list[float], rises: bool) -> int | None:
    """Of all places the last (the first) whose promise is kept with those of all before (after) it."""
    places = range(len(promises)) if rises else range(len(promises) - 1, -1, -1)
    found = None
    for place in places:
        if promises[place] < 0.95:
            break
        found = place
    return found


@pytest.mark.parametrize("rises", [True, False])
def test_a_safe_place_has_only_kept_promises_on_its_side(rises: bool) -> None:
    generator, found = np.random.default_rng(0), set()
    for _ in range(200):
        promises = generator.choice([0.9, 0.95, 0.99], size=int(generator.integers(1, 6)), p=[0.3, 0.4, 0.3])
        place = safe_place(promises, rises=rises)
        assert place == safe_by_hand(promises.tolist(), rises)
        found.add(place)
    assert found == {None, 0, 1, 2, 3, 4}


def test_another_confidence_asks_for_another_promise() -> None:
    promises = np.array([0.99, 0.9, 0.7])
    assert [safe_place(promises, rises=True, confidence=level) for level in (0.95, 0.8, 0.5, 1.0)] == [0, 1, 2, None]
