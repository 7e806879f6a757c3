"""A rank list is the definition's: nearest first by the run's distance, with what the map loses of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from core.runs.run_folder import Run
from dashboard.lookups import rank_lists


@pytest.mark.parametrize("query", [0, 17, 299])
def test_a_query_finds_its_nearest_in_order(name: str, run: Run, query: int) -> None:
    arrays, labels = run.snapshot(20), run.probe()["labels"]
    listed = rank_lists.rank_list(name, 20, query)
    away = np.linalg.norm(arrays["embeddings"].astype(float) - arrays["embeddings"][query], axis=1)
    order = np.delete(np.argsort(away, kind="stable"), np.flatnonzero(np.argsort(away, kind="stable") == query))
    assert listed.rows.tolist() == order[:12].tolist()
    np.testing.assert_allclose(listed.distances, away[order[:12]], atol=1e-6)
    is_match = labels[order] == labels[query]
    assert listed.is_match.tolist() == is_match[:12].tolist() and listed.matches == is_match.sum()
    assert listed.average_precision == pytest.approx(average_precision_score(is_match, -away[order]))
    assert listed.inverse_negative_penalty == pytest.approx(is_match.sum() / (np.flatnonzero(is_match)[-1] + 1))
    on_map = np.linalg.norm(arrays["map"].astype(float) - arrays["map"][query], axis=1)
    near = [row for row in np.argsort(on_map, kind="stable").tolist() if row != query][:10]
    assert (listed.lost, listed.neighbours) == (len(set(order[:10].tolist()) - set(near)), 10)


def test_the_curve_ends_where_the_list_of_all_does(name: str) -> None:
    packed = rank_lists.cmc_curve(name, 20, "light")
    assert "CMC(k)" in packed.figure
    assert json.loads(packed.figure)["data"][0]["name"] == "cmc"
