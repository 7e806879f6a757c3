"""What the last snapshots of strategies hold, beside each other."""

from __future__ import annotations

import json

import pytest

from core.runs.store import Store
from dashboard.lookups import appraisals, strategy_snapshots
from dashboard.lookups.strategy_runs import begun
from tests.dashboard.compared_strategies import compared
from tests.dashboard.lookups.test_strategy_curves import numbers


def test_they_are_those_of_the_runs(empty_store: Store) -> None:
    comparison = compared(empty_store.root, is_measured=False)
    shown, strategies = tuple(begun(comparison).items()), tuple(comparison.strategies)
    name = comparison.runs_of("random")[0]
    first, second = (json.loads(packed.figure) for packed in strategy_snapshots.distances(shown, "light"))
    assert first["layout"]["xaxis"]["range"] == second["layout"]["xaxis"]["range"], "one axis for one distance"
    assert sum(numbers(first["data"][0]["y"])) == pytest.approx(1)
    packed = strategy_snapshots.triplets(shown, "light")
    assert packed is not None
    line = appraisals.runs.run_of(name).snapshots()[-1]
    hard = json.loads(packed.figure)["data"][0]
    assert hard["name"] == "hard" and hard["x"][1] == pytest.approx((line.hard or 0) / line.triplets)
    curve = appraisals.appraisal(name, line.step).everyone.curve
    drawn = json.loads(strategy_snapshots.roc(strategies, shown, "dark").figure)["data"]
    line_of = {trace["name"]: numbers(trace["y"]) for trace in drawn if "name" in trace}
    assert tuple(line_of) == strategies
    accepted = curve.true_accept_rate[curve.false_accepts == 0]
    assert line_of["random"][0] == pytest.approx(float(accepted.max(initial=0.0)), rel=1e-6)
    assert line_of["random"][-1] == 1


def test_snapshots_without_triplets_are_not_drawn(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1, is_measured=False)
    for run_id in comparison.members:
        path = empty_store.folder(run_id) / "snapshots.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        kept = [{key: of for key, of in line.items() if key not in ("hard", "semi_hard", "easy")} for line in lines]
        path.write_text("".join(json.dumps(line) + "\n" for line in kept))
    assert strategy_snapshots.triplets(tuple(begun(comparison).items()), "light") is None
