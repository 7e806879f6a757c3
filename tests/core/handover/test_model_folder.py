"""model.json and decide.py: the formula of every distance, and when a pair is accepted."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.distances import DISTANCES, Mahalanobis
from core.distances.base import Distance
from core.evidence.calibration import Calibrated
from core.handover import decide
from core.handover.model_folder import (
    DECIDE,
    MODEL,
    calibration_values,
    decide_source,
    threshold_values,
    write_model,
)
from core.verification.goals import Far, Hand
from tests.core.reports import of_embeddings
from tests.core.scipy_distances import VARIANTS

OF_TWO_POINTS = [distance for distance in VARIANTS if distance.in_numpy is not None]


def made(source: str) -> dict[str, Any]:
    defined: dict[str, Any] = {"__name__": "decide"}
    exec(compile(source, DECIDE, "exec"), defined)
    return defined


@pytest.mark.parametrize("distance", OF_TWO_POINTS, ids=str)
def test_the_distance_is_that_of_core(distance: Distance) -> None:
    points = np.random.default_rng(1).normal(size=(40, 7)).astype(np.float32)
    prepared = distance.prepared(points)
    expected = np.diagonal(distance.between(prepared[:-1], prepared[1:]))
    found = made(decide_source(distance))["distance"]
    np.testing.assert_allclose(found(points[:-1], points[1:]), expected, rtol=1e-6, atol=1e-7)
    assert float(found(points[0], points[1])) == pytest.approx(expected[0], rel=1e-6, abs=1e-7)


def test_only_the_formula_differs() -> None:
    ours = Path(decide.__file__).read_text()
    assert decide_source(DISTANCES["euclidean"]()) == ours
    changed = set(decide_source(DISTANCES["cosine"]()).splitlines()) ^ set(ours.splitlines())
    assert len(changed) == 2 and all(line.startswith("    return ") for line in changed)
    ast.parse(decide_source(DISTANCES["minkowski"](p=3.5)))


def test_a_distance_of_the_whole_set_leaves_decide_out(tmp_path: Path) -> None:
    said = write_model(tmp_path, {"format": 1}, Mahalanobis())
    assert said.startswith("decide.py is left out. a decision on two images must be by a distance that two embeddings")
    assert [file.name for file in tmp_path.iterdir()] == [MODEL]
    assert write_model(tmp_path, {"format": 1}, DISTANCES["cosine"]()) == "" and (tmp_path / DECIDE).exists()


def test_the_threshold_leaves_room_for_rounding_and_says_its_goal() -> None:
    card, _ = of_embeddings(Far(0.02))
    values = threshold_values(card)
    assert values["value"] == card["threshold_elsewhere"] > values["chosen"] == card["threshold"]
    assert values["goal"] == {"kind": "far", "max_false_accept_rate": 0.02} and "2 %" in values["goal_in_words"]
    assert threshold_values(None) == {"value": None, "accepts_nobody": False, "accept_when": "distance <= value"}
    nobody, _ = of_embeddings(Hand(-1.0))
    assert threshold_values(nobody)["accepts_nobody"]


def test_the_calibration_stands_at_the_middles_of_the_bins() -> None:
    edges = np.array([0.0, 0.5, 2.0])
    kept = calibration_values(Calibrated(np.array([0.9, 0.1]), np.array([1.0, 1 / 3])), edges)
    assert kept == {"genuine_share": 0.5, "distances": [0.25, 1.25], "platt": [0.9, 0.1], "isotonic": [1.0, 0.333333]}
    assert calibration_values(None, edges) is None


@pytest.mark.parametrize("distance", OF_TWO_POINTS, ids=str)
def test_vectors_are_decided_by_the_same_distance(distance: Distance) -> None:
    points = np.random.default_rng(1).normal(size=(40, 7)).astype(np.float32)
    of_images, of_vectors = made(decide_source(distance)), made(decide_source(distance, of_vectors=True))
    np.testing.assert_array_equal(
        of_vectors["distance"](points[:-1], points[1:]), of_images["distance"](points[:-1], points[1:])
    )
    assert "vector_of" in of_vectors and "pixels_of" not in of_vectors


def test_the_script_is_that_of_what_the_encoder_takes(tmp_path: Path) -> None:
    write_model(tmp_path, {"preprocessing": {"kind": "vectors"}}, DISTANCES["euclidean"]())
    assert "vector_of" in (tmp_path / DECIDE).read_text()
    with pytest.raises(ValueError, match="a decision on two vectors must be by a distance that two embeddings alone"):
        decide_source(Mahalanobis(), of_vectors=True)
