"""What losses learn by class is kept with every map, where a reader can look at it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.experiment.experiment import Experiment
from core.jobs.train_run import record
from core.losses import LOSSES, MarginBased, TripletCenter
from core.losses.base import Loss
from core.runs.run_folder import Run
from core.training.prototypes import NEAREST, Prototypes, places

LEARNED = [
    LOSSES["center"](),
    LOSSES["proxy-anchor"](),
    TripletCenter(centres="learned"),
    MarginBased(),
    MarginBased(boundary_kind="shared"),
]


def test_a_place_is_the_middle_of_the_nearest_by_a_loop() -> None:
    generator = np.random.default_rng(0)
    embeddings, layout = generator.normal(size=(40, 3)), generator.normal(size=(40, 2))
    points = generator.normal(size=(4, 3))
    for point, place in zip(points, places(points, embeddings, layout), strict=True):
        apart = [(np.linalg.norm(point - other), row) for row, other in enumerate(embeddings)]
        rows = [row for _, row in sorted(apart)[:NEAREST]]
        np.testing.assert_allclose(place, np.mean([layout[row] for row in rows], axis=0), rtol=1e-6)


def test_a_class_without_a_point_on_the_map_has_no_place() -> None:
    found = Prototypes(np.array([2, 5]), points=np.eye(2)).arrays(np.eye(2), np.array([5, 5]), np.eye(2))
    assert found["landmark_classes"].tolist() == [5]
    assert found["landmark_places"].shape == (1, 2)


def recorded(folder: Path, loss: Loss) -> Run:
    suited = Experiment.suited(loss)
    run = Run.create(folder / "run", replace(suited, schedule=replace(suited.schedule, epochs=1, probe_points=100)))
    record(run, wait_for_umap=False)
    return run


@pytest.mark.parametrize("loss", LEARNED, ids=str)
def test_every_map_keeps_what_the_loss_has_learned_by_then(tmp_path: Path, loss: Loss) -> None:
    run = recorded(tmp_path, loss)
    maps = [run.prototypes(line.step) for line in run.maps()]
    name = "boundaries" if isinstance(loss, MarginBased) else "landmark_places"
    assert all(name in kept for kept in maps)
    assert np.abs(maps[0][name] - maps[-1][name]).max() > 0
    classes = maps[0]["boundary_classes" if isinstance(loss, MarginBased) else "landmark_classes"].tolist()
    assert classes == ([-1] if "shared" in str(loss) else list(range(10)))


def test_a_loss_that_learns_nothing_by_class_keeps_nothing(tmp_path: Path) -> None:
    assert recorded(tmp_path, LOSSES["triplet"]()).prototypes(0) == {}
