"""One sample of the map of changes: what became of it, its nearest with both strategies, and the ways to Mine."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.anchor_changes import Changes
from core.runs.store import Store
from dashboard.compare import changed_sample
from dashboard.lookups import anchor_changes, rank_lists, runs
from tests.dashboard.changed_samples import changed_comparison
from tests.dashboard.pages import opened

COUNT = 10
APART = Changes((0,), np.array([[0.6] * COUNT, [0.8] * COUNT]), np.full(COUNT, 0.3), np.full(COUNT, 0.05), None)


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption)).replace("\\", "")


def test_its_shares_its_nearest_with_each_and_the_ways_to_its_triplets(empty_store: Store) -> None:
    comparison = changed_comparison(empty_store.root)
    found = anchor_changes.changes(comparison, "all", "random")
    assert found is not None and found.begin_alike
    app = opened("compare", comparison=comparison.id, first="all", second="random", sample="5")
    before, first, second = (f"{share:.1%}" for share in (found.before[0, 5], *found.after[:, 5]))
    words = said(app)
    assert f"{before} before, {first} with all, {second} with random." in words
    links = [one.proto for one in app.get("page_link")]
    for strategy in ("all", "random"):
        run_id = comparison.runs_of(strategy)[0]
        listed = rank_lists.rank_list(run_id, runs.run_of(run_id).snapshots()[-1].step, 5)
        matches = int(listed.is_match[: changed_sample.NEAREST].sum())
        assert f"Nearest with {strategy}: {matches} of {changed_sample.NEAREST} are of its class" in words
        assert f":material/{'check' if listed.is_match[0] else 'close'}: {listed.distances[0]:#.3g}" in words
        (link,) = [one for one in links if one.label == f"Its triplets in Mine, {strategy}"]
        assert f"run={run_id}" in link.query_string and "anchor=5" in link.query_string


@pytest.fixture
def run_id(empty_store: Store) -> str:
    return changed_comparison(empty_store.root, seeds=1).runs_of("all")[0]


def test_of_two_that_begin_differently_each_share_before_is_said(run_id: str) -> None:
    words = changed_sample._in_words(("all", "random"), run_id, APART, 5)
    assert "60.0% before and 90.0% with all, 80.0% before and 85.0% with random." in words


def test_of_a_sample_that_is_alone_in_its_class_it_is_said(run_id: str) -> None:
    before = np.full((2, COUNT), np.nan)
    alone = Changes((0,), before, before[0], before[0], None)
    assert "no other is of its class" in changed_sample._in_words(("all", "random"), run_id, alone, 5)
