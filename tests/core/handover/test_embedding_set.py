"""What a set of embeddings to take away says of itself, and what is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.core.taken_home import NAMES, embedding_set


def test_every_point_has_the_name_of_its_class() -> None:
    points = embedding_set()
    assert points.names == [NAMES[label] for label in points.labels] and len(set(points.names)) == 4


def test_embeddings_lie_in_one_piece_as_float32() -> None:
    points = embedding_set()
    assert not points.embeddings.flags.c_contiguous
    for layout in (points.embeddings, points.embeddings.astype(np.float64), points.embeddings[::-1, ::2]):
        plain = replace(points, embeddings=layout).plain
        assert plain.flags.c_contiguous and plain.dtype == np.float32
        np.testing.assert_array_equal(plain, layout.astype(np.float32))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_refused_with_its_row(value: float) -> None:
    embeddings = embedding_set().embeddings.copy()
    embeddings[7, 2] = value
    with pytest.raises(ValueError, match="must be finite, got one that is not in row 7"):
        replace(embedding_set(), embeddings=embeddings)


@pytest.mark.parametrize("shape", [(0, 5), (12, 0), (12,)])
def test_what_is_no_set_of_rows_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"embeddings must be \(N, D\), got"):
        replace(embedding_set(), embeddings=np.zeros(shape, np.float32))
