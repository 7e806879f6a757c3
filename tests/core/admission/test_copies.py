from __future__ import annotations

import numpy as np
import pytest

from core.admission.copies import LEAST_COSINE, copies_in, difference_hashes, equal_rows, lengths_of
from core.datasets.images import Images
from core.datasets.vectors import Vectors


def vectors(values: np.ndarray) -> Vectors:
    return Vectors(values.astype(np.float32), np.arange(len(values)) % 2, ("a", "b"))


def images(pixels: np.ndarray) -> Images:
    return Images(pixels, np.arange(len(pixels)) % 2, ("a", "b"))


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_first_of_equal_rows_is_found(dtype: type) -> None:
    values = np.random.default_rng(0).integers(0, 3, (5000, 2, 3)).astype(dtype)
    known: dict[bytes, int] = {}
    expected = [known.setdefault(row.tobytes(), number) for number, row in enumerate(values)]
    assert equal_rows(values).tolist() == expected and len(known) < 1000


def test_zero_has_no_sign() -> None:
    assert equal_rows(np.array([[0.0, 1.0], [-0.0, 1.0]], np.float32)).tolist() == [0, 0]


def test_near_vectors_are_those_of_a_plain_loop_over_cosines() -> None:
    generator = np.random.default_rng(1)
    centres = generator.normal(size=(50, 8)) * generator.uniform(0.01, 100, (50, 1))
    values = np.repeat(centres, 4, axis=0) * generator.uniform(0.5, 2, (200, 1))
    values += (
        generator.normal(size=values.shape)
        * np.linalg.norm(values, axis=1)[:, None]
        * np.tile([0, 0, 4e-4, 1], 50)[:, None]
    )
    values[7], values[11] = values[3], 0
    points = vectors(values)
    copies = copies_in(points)
    wide = points.values.astype(np.float64)
    wide /= np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-30)
    expected = [
        [i, j]
        for i in range(200)
        for j in range(i + 1, 200)
        if i != 11 and j != 11 and copies.first[i] == i and copies.first[j] == j and wide[i] @ wide[j] > LEAST_COSINE
    ]
    assert copies.near.tolist() == expected and copies.is_whole and 50 <= len(expected) < 150
    assert copies.first[7] == 3


@pytest.mark.parametrize("count", [1, 2])
def test_one_vector_or_only_zeros_have_no_near_ones(count: int) -> None:
    assert copies_in(Vectors(np.zeros((count, 3), np.float32), np.zeros(count, np.int64), ("a",))).near.shape == (0, 2)


def test_images_that_were_saved_again_nearly_equal_themselves() -> None:
    smooth = np.repeat(np.repeat(noise(20, 4, 4), 6, axis=1), 6, axis=2)
    again = np.clip(smooth.astype(int) + np.random.default_rng(2).integers(-3, 4, smooth.shape), 0, 255)
    copies = copies_in(images(np.concatenate([smooth, again.astype(np.uint8), smooth[:2]])))
    assert set(map(tuple, copies.near.tolist())) == {(number, number + 20) for number in range(20)}
    assert copies.first[40:].tolist() == [0, 1]


@pytest.mark.parametrize("height, width", [(8, 9), (64, 64), (30, 50), (9, 256)])
@pytest.mark.parametrize("colours", [(), (3,)])
def test_a_hash_says_where_means_grow_to_the_right(height: int, width: int, colours: tuple[int, ...]) -> None:
    pixels = noise(3, height, width, *colours)
    for image, word in zip(pixels, difference_hashes(pixels).tolist(), strict=True):
        grey = image.astype(float) if not colours else image.mean(axis=2, dtype=float)
        rows = [row * height // 8 for row in range(9)]
        columns = [column * width // 9 for column in range(10)]
        means = [[grey[rows[r] : rows[r + 1], columns[c] : columns[c + 1]].mean() for c in range(9)] for r in range(8)]
        signs = [means[r][c + 1] - means[r][c] > 2 for r in range(8) for c in range(8)]
        assert [bool(word >> place & 1) for place in range(64)] == signs and 5 < sum(signs) < 60


def test_small_images_still_have_a_hash() -> None:
    assert len(difference_hashes(noise(2, 8, 8))) == 2


def test_lengths_are_of_float64() -> None:
    values = np.array([[3.0, 4.0], [0.0, 0.0], [1e30, 0.0]], np.float32)
    assert lengths_of(values) == pytest.approx([5, 0, 1e30])
