"""What earlier runs took is looked up once for all readers."""

from __future__ import annotations

import pytest

from core.runs.store import Store
from dashboard.lookups import estimates


def test_the_store_is_not_looked_through_for_every_reader(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Store] = []
    monkeypatch.setattr(estimates, "durations", lambda store: looked.append(store) or ())
    estimates._durations.clear()
    for _ in range(3):
        assert estimates.estimates().earlier == ()
    assert [store.root for store in looked] == [empty_store.root]
