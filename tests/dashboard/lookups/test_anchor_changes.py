"""What strategies have changed at each sample, as far as it is measured."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.comparison.anchor_changes import FIRST_ALONE, SECOND_ALONE, changed
from core.jobs.measure_anchors import measured
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups import anchor_changes, runs
from dashboard.lookups.anchor_changes import changes, is_measuring, map_of, trained
from tests.dashboard.changed_samples import changed_comparison


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many runs a process is asked to measure, which none is."""
    counts: list[int] = []
    monkeypatch.setattr(anchor_changes, "_have_measured", lambda name, missing: counts.append(len(missing)))
    return counts


def test_what_is_measured_is_read_for_every_two(empty_store: Store, asked: list[int]) -> None:
    comparison = changed_comparison(empty_store.root)
    found = changes(comparison, "semi-hard", "random")
    expected = changed(
        *(
            {
                seed: measured(empty_store.root, Run(empty_store.folder(run_id)))
                for seed, run_id in trained(comparison, one)
            }
            for one in ("semi-hard", "random")
        )
    )
    assert found is not None and np.array_equal(found.first, expected.first) and found.seeds == (0, 1)
    assert found.counts == expected.counts and found.counts[FIRST_ALONE] and found.counts[SECOND_ALONE]
    turned = changes(comparison, "random", "semi-hard")
    assert turned is not None and turned.counts[FIRST_ALONE] == found.counts[SECOND_ALONE] and not asked


def test_only_the_runs_of_the_two_are_measured_by_another_process_once(empty_store: Store, asked: list[int]) -> None:
    comparison = changed_comparison(empty_store.root, is_measured=False)
    for _ in range(3):
        assert changes(comparison, "semi-hard", "random") is None and not is_measuring(comparison)
    assert changes(comparison, "all", "random") is None and asked == [4, 2]


def test_a_process_measures_them(empty_store: Store) -> None:
    comparison = changed_comparison(empty_store.root, seeds=1, is_measured=False)
    assert changes(comparison, "semi-hard", "random") is None and is_measuring(comparison)
    assert anchor_changes._measuring[comparison.id].wait(timeout=120) == 0
    found = changes(comparison, "semi-hard", "random")
    assert found is not None and found.by_chance is None and not is_measuring(comparison)


def test_runs_that_are_gone_or_not_finished_do_not_count(empty_store: Store, asked: list[int]) -> None:
    comparison = changed_comparison(empty_store.root)
    empty_store.delete(comparison.runs_of("random")[0])
    assert [seed for seed, _ in trained(comparison, "random")] == [1]
    found = changes(comparison, "semi-hard", "random")
    assert found is not None and found.seeds == (1,)
    empty_store.delete(comparison.runs_of("random")[1])
    assert changes(comparison, "semi-hard", "random") is None and not asked


def test_the_map_is_drawn_once_and_has_the_names_of_classes(empty_store: Store) -> None:
    comparison = changed_comparison(empty_store.root)
    names = "semi-hard", "random"
    both = trained(comparison, names[0]), trained(comparison, names[1])
    run_id = both[0][0][1]
    packed = map_of(run_id, 0, names, both, "light")
    ringed = map_of(run_id, 0, names, both, "light", sample=5)
    assert ringed.digest == packed.digest and ringed.figure is packed.figure
    assert not packed.frames and [frame[0] for frame in ringed.frames] == ["5"]
    (words,) = [one for one in json.loads(packed.figure)["data"] if one.get("mode") == "text"]
    shown = {runs.class_names(run_id)[label] for label in runs.labels(run_id)}
    assert set(words["text"]) == shown and len(words["text"]) == len(shown)
