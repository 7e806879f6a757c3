from __future__ import annotations

import json

import numpy as np
import pytest

from core.handover.vector_scaling import VectorScaling

RULE = VectorScaling((1.0, -2.0, 0.5), 4.0)


def test_each_number_loses_its_mean_and_all_are_divided_by_one_scale() -> None:
    vectors = np.random.default_rng(0).normal(size=(5, 3))
    expected = [[(value - mean) / 4 for value, mean in zip(row, RULE.mean, strict=True)] for row in vectors.tolist()]
    found = RULE.values_of(vectors)
    assert found.shape == (5, 3, 1, 1) and found.dtype == np.float32
    np.testing.assert_allclose(found[:, :, 0, 0], expected, rtol=1e-6)


def test_it_is_read_as_it_was_written() -> None:
    assert VectorScaling.read(json.loads(json.dumps(RULE.written()))) == RULE
    assert RULE.written()["kind"] == "vectors" and RULE.written()["numbers"] == RULE.numbers == 3


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        (np.zeros((2, 4)), "must have 3 numbers each"),
        (np.zeros(3), r"must have 3 numbers each, .* got \(3,\)"),
        (np.array([[0, np.nan, 1]]), "must be finite"),
    ],
)
def test_other_vectors_are_refused(vectors: np.ndarray, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RULE.values_of(vectors)


@pytest.mark.parametrize("written", [{}, {"mean": [1.0]}, {"mean": 3, "scale": 1.0}, {"mean": [[1]], "scale": 1.0}])
def test_what_is_damaged_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="preprocessing of vectors must say mean and scale, got .* Export"):
        VectorScaling.read(written)


@pytest.mark.parametrize(("mean", "scale"), [((), 1.0), ((1.0,), 0.0), ((1.0,), -1.0), ((float("nan"),), 1.0)])
def test_a_scale_must_be_above_zero_and_means_be_there(mean: tuple[float, ...], scale: float) -> None:
    with pytest.raises(ValueError, match="must have a finite mean for each number and a scale above 0"):
        VectorScaling(mean, scale)
