import numpy as np
import pytest

from core.datasets.vectors import Vectors


def vectors_of(values: np.ndarray) -> Vectors:
    return Vectors(values, np.arange(len(values)) % 2, ("a", "b"))


def test_says_how_many_there_are_and_how_long() -> None:
    vectors = vectors_of(np.ones((5, 3), np.float32))
    assert (vectors.count, vectors.dimension, vectors.class_count) == (5, 3, 2)


def test_the_digest_tells_values_apart() -> None:
    values = np.ones((4, 3), np.float32)
    other = values.copy()
    other[3, 2] = np.nextafter(np.float32(1), np.float32(2))
    assert vectors_of(values).digest == vectors_of(values.copy()).digest != vectors_of(other).digest


@pytest.mark.parametrize(
    "values, message",
    [
        (np.ones((4, 3)), r"vectors must be \(N, D\) of type float32, got \(4, 3\) of type float64"),
        (np.ones(4, np.float32), r"got \(4,\) of type float32"),
        (np.ones((4, 0), np.float32), r"got \(4, 0\) of type float32"),
        (np.array([[1, 2], [3, np.inf]], np.float32), "vectors must be finite, got one that is not in row 1"),
        (np.array([[1, np.nan], [3, 4]], np.float32), "vectors must be finite, got one that is not in row 0"),
    ],
)
def test_what_are_no_finite_vectors_is_refused(values: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        vectors_of(values)
