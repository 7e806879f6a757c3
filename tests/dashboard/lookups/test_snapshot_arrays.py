"""Arrays of a snapshot are those of its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.runs.run_folder import Run
from dashboard.lookups import snapshot_arrays
from tests.dashboard.large_runs import large_run


@pytest.mark.parametrize("step", [0, 20])
def test_every_array_is_that_of_the_file(step: int, name: str, run: Run) -> None:
    arrays = run.snapshot(step)
    np.testing.assert_array_equal(snapshot_arrays.layout(name, step), arrays["map"])
    np.testing.assert_array_equal(snapshot_arrays.threshold_edges(name, step), run.threshold_edges(step))
    assert snapshot_arrays.snapshot(name, step).keys() == arrays.keys()


def test_points_are_what_the_distance_compares(name: str, run: Run) -> None:
    prepared = run.experiment().distance.prepared(run.snapshot(20, "embeddings")["embeddings"])
    np.testing.assert_array_equal(snapshot_arrays.points(name, 20), prepared)
    assert (snapshot_arrays.points(name, 0) != prepared).any()


def test_what_is_shown_is_the_map_or_one_made_here(name: str, run: Run, root: Path) -> None:
    np.testing.assert_array_equal(snapshot_arrays.shown_layout(name, 20), run.snapshot(20, "map")["map"])
    brought = large_run(root, 90).folder.name
    made = snapshot_arrays.shown_layout(brought, 0)
    assert made.shape == (90, 2) and np.ptp(made) > 1
