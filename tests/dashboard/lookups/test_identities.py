"""What is known of each identity at a threshold is that of the points whose pairs report."""

from __future__ import annotations

import numpy as np
import pytest

from core.runs.run_folder import Run
from core.thresholds.identity_errors import identity_errors
from core.thresholds.identity_thresholds import best_thresholds
from core.verification.protocols import OTHERS, SAME, parts
from dashboard.lookups import identities


def test_errors_and_thresholds_are_of_the_half_that_reports(many: Run, name: str) -> None:
    labels, distance = many.probe()["labels"], many.experiment().distance
    points = distance.prepared(many.snapshot(20, "embeddings")["embeddings"])
    half = parts(labels, 2) == 1
    errors, found = identities.judged(many.folder.name, 20, OTHERS, 0.9)
    expected = identity_errors(points[half], labels[half], 0.9, distance)
    np.testing.assert_array_equal(errors.false_accepts, expected.false_accepts)
    assert errors.false_accepts.sum() > 0 and len(found.names()) == len(errors.identities) == 20
    own = identities.own_thresholds(many.folder.name, 20, OTHERS)
    np.testing.assert_array_equal(own, best_thresholds(points[half], labels[half], distance))
    names = many.record().known_data.class_names
    assert identities.names_of(many.folder.name, errors) == [names[label] for label in errors.identities]


def test_the_figure_is_of_the_threshold(name: str) -> None:
    figures = {identities.figure(name, 20, SAME, threshold, "light").figure for threshold in (0.5, 0.9)}
    assert len(figures) == 2


@pytest.mark.parametrize(
    ("classes", "learned", "expected"),
    [
        (np.array([7, 4, 9]), np.array([0.7, 0.4, 0.9]), [0.4, np.nan, 0.9]),
        (np.array([-1]), np.array([1.25]), [1.25] * 3),
    ],
)
def test_a_boundary_belongs_to_the_class_that_learned_it(
    classes: np.ndarray, learned: np.ndarray, expected: list[float], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {"boundary_classes": classes, "boundaries": learned}
    monkeypatch.setattr(Run, "prototypes", lambda run, step: kept if step == 20 else {})
    found = identities.learned_boundaries(name, 20, np.array([4, 5, 9]))
    np.testing.assert_array_equal(found, expected)
    assert identities.learned_boundaries(name, 10, np.array([4, 5, 9])) is None
