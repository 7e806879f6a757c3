"""The triplets of an anchor are those of the definition, counted in the snapshot's own embeddings."""

from __future__ import annotations

import numpy as np

from core.runs.run_folder import Run
from dashboard.lookups import anchor_triplets

ANCHOR = 17


def by_hand(run: Run, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances of the anchor to its positives and to its negatives."""
    points, labels = run.snapshot(step, "embeddings")["embeddings"].astype(np.float64), run.probe()["labels"]
    apart, others = np.linalg.norm(points - points[ANCHOR], axis=1), np.arange(len(points)) != ANCHOR
    is_same = labels == labels[ANCHOR]
    return apart[is_same & others], apart[~is_same]


def test_all_triplets_of_the_anchor_are_counted(name: str, run: Run) -> None:
    found = anchor_triplets.triplets(name, 0, ANCHOR)
    near, far = by_hand(run, 0)
    hard = int((far[None] < near[:, None]).sum())
    assert found.total == len(near) * len(far) and found.hard == hard > 0
    np.testing.assert_allclose(np.sort(found.to_positives), np.sort(near), rtol=1e-5)


def test_the_counts_of_the_whole_set_are_those_of_the_worker(name: str, run: Run) -> None:
    counts, last = anchor_triplets.triplet_counts(name, 20), run.snapshots()[-1]
    assert (counts.hard, counts.total) == (last.hard, last.triplets)
    np.testing.assert_array_equal(counts.semi_hard, run.snapshot(20)["semi_hard_counts"])


def test_the_first_anchor_is_one_of_the_images_and_stays(name: str) -> None:
    first = anchor_triplets.first_anchor(name, 20)
    assert 0 <= first < 300 and first == anchor_triplets.first_anchor(name, 20)


def test_both_figures_are_of_the_snapshot_and_the_anchor(name: str) -> None:
    for draw in (anchor_triplets.triplet_map, anchor_triplets.triplet_plane):
        figures = [draw(name, step, anchor, "light").figure for step, anchor in ((20, ANCHOR), (10, ANCHOR), (20, 18))]
        assert len(set(figures)) == 3
