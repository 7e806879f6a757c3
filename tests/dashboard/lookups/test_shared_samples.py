"""The same sample has the same id in every run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.datasets import DATASETS
from core.runs.run_folder import Run
from dashboard.lookups import runs
from dashboard.lookups.shared_samples import SharedSamples, shared_samples
from tests.dashboard.made_runs import EXPERIMENT, made_run


def one_snapshot(root: Path, **changes: object) -> str:
    return made_run(root, replace(EXPERIMENT, **changes), pulls=(0.5,)).folder.name


def test_runs_of_one_probe_share_its_rows(name: str) -> None:
    found = shared_samples(("digits-softmax", "digits-batch-hard"))
    assert found.is_same and found.count == len(runs.labels("digits-softmax"))
    np.testing.assert_array_equal(found.ids[1], np.arange(found.count))


def test_of_smaller_probes_the_same_rows_of_the_data_are_the_same(run: Run, root: Path, name: str) -> None:
    few = one_snapshot(root, schedule=replace(EXPERIMENT.schedule, probe_points=120))
    found = shared_samples((run.folder.name, few))
    assert not found.is_same
    kept = [set(runs.run_of(one).probe()["rows"].tolist()) for one in (run.folder.name, few)]
    assert found.count == len(kept[0] & kept[1]) > 0
    mine, theirs = found.rows(0, 1)
    labels = runs.labels(run.folder.name), runs.labels(few)
    np.testing.assert_array_equal(labels[0][mine], labels[1][theirs])


def test_other_data_has_no_sample_in_common(run: Run, root: Path, name: str) -> None:
    other = one_snapshot(root, dataset=DATASETS["strokes"]())
    found = shared_samples((run.folder.name, other))
    assert found.count == 0 and not found.are_enough(0, 1)
    assert not set(found.ids[0].tolist()) & set(found.ids[1].tolist())


def test_two_samples_are_too_few_to_lay_a_map_by() -> None:
    found = SharedSamples((np.array([1, 2, 5]), np.array([5, 1, 9])))
    assert found.count == 2 and not found.are_enough(0, 1) and found.are_enough(0, 0)
    one, other = found.rows(0, 1)
    assert one.tolist() == [0, 2] and other.tolist() == [1, 0]
