"""Curves of strategies are those of the snapshots of their runs."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from core.records.snapshot_record import SnapshotRecord
from dashboard.components.live_figure import Packed
from dashboard.lookups import strategy_curves
from dashboard.lookups.strategy_runs import SeedRuns


class Recorded(SeedRuns):
    """A seed whose snapshots are at hand; its runs are lists of MAP@R, one at each update."""

    def snapshots(self) -> Any:
        return [(None, [_snapshot(step, value) for step, value in enumerate(json.loads(of))]) for of, _ in self.runs]


def _snapshot(step: int, value: float) -> SnapshotRecord:
    known = {"map": "pca", "points": 4, "classes": 2, "auc": 0.9, "eer": 0.1, "map_at_r": value}
    return SnapshotRecord(step=step, epoch=step / 2, seconds=float(step), **known)


def seed(number: int, *values: float, finished: bool = True) -> Recorded:
    return Recorded(number, finished, ((json.dumps(values), len(values)),))


def lines(packed: Packed) -> dict[str, Any]:
    """The mean lines by their names."""
    return {trace["name"]: trace for trace in json.loads(packed.figure)["data"] if "name" in trace}


def numbers(sent: Any) -> list[Any]:
    """Of an array as it travels."""
    shape = [int(size) for size in str(sent.get("shape", -1)).split(",")]
    return np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"]).reshape(shape).tolist()


@pytest.fixture(autouse=True)
def _anew() -> None:
    strategy_curves.curves.clear()
    strategy_curves.differences.clear()


def test_the_mean_is_over_finished_seeds_and_every_seed_is_a_thin_line() -> None:
    random = (seed(0, 0.25, 0.5, 0.75), seed(1, 0.5, 0.75, 0.875), seed(2, 0.125, finished=False))
    packed = strategy_curves.curves(("random", "all"), (("random", random),), "map_at_r", "updates", "light")
    line = lines(packed)["random"]
    assert numbers(line["y"]) == [0.375, 0.625, 0.8125] and numbers(line["x"]) == [0, 1, 2]
    assert numbers(line["customdata"])[2] == [0.75, 0.875]
    thin = [trace for trace in json.loads(packed.figure)["data"] if "opacity" in trace]
    assert [len(numbers(trace["x"])) for trace in thin] == [3, 3, 1]


def test_differences_are_those_of_each_seed_and_the_baseline_is_the_line_at_zero() -> None:
    random, semi_hard = (seed(0, 0.25, 0.5), seed(1, 0.5, 0.75)), (seed(0, 0.5, 1.0), seed(1, 0.5, 0.875), seed(2, 0.0))
    shown = (("random", random), ("semi-hard", semi_hard), ("all", (seed(7, 0.5),)))
    packed = strategy_curves.differences(
        ("random", "semi-hard", "all"), shown, ("random", random), "map_at_r", "epochs", "dark"
    )
    (line,) = lines(packed).values()
    assert line["name"] == "semi-hard" and numbers(line["y"]) == [0.125, 0.3125]
    assert numbers(line["customdata"]) == [[0.0, 0.25], [0.125, 0.5]]
    assert json.loads(packed.figure)["layout"]["shapes"][0]["y0"] == 0


def test_until_a_seed_of_both_is_finished_those_that_both_have_begun_count() -> None:
    random, all_of_them = (seed(0, 0.25), seed(1, 0.5, finished=False)), (seed(1, 0.75, finished=False),)
    packed = strategy_curves.differences(
        ("random", "all"), (("all", all_of_them),), ("random", random), "map_at_r", "updates", "light"
    )
    assert numbers(lines(packed)["all"]["y"]) == [0.25]


def test_folds_of_a_seed_count_alike() -> None:
    folds = Recorded(0, True, (("[0.25, 0.5]", 2), ("[0.5, 1.0, 0.75]", 3)))
    packed = strategy_curves.curves(("a",), (("a", (folds,)),), "map_at_r", "updates", "light")
    assert numbers(lines(packed)["a"]["y"]) == [0.375, 0.75], "as far as both have come"
