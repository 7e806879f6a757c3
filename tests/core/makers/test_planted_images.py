"""What is planted is what it is called: copies, nearly copies, the same pixels in disorder."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets import Digits, Images
from core.datasets.pictograms import Pictograms
from core.makers.planted_images import (
    KINDS,
    exact_copies,
    planted_images,
    saved_copies,
    strange_images,
)
from tests.core.heads import vectors

ROWS = np.array([3, 40, 41])


@pytest.fixture(params=["grey", "in colour"])
def pixels(request: pytest.FixtureRequest) -> np.ndarray:
    images = (Digits() if request.param == "grey" else Pictograms(identities=20)).load()
    assert isinstance(images, Images)
    return images.pixels


def test_copies_are_equal_and_saved_ones_nearly(pixels: np.ndarray, rng: np.random.Generator) -> None:
    np.testing.assert_array_equal(exact_copies(pixels, ROWS, rng), pixels[ROWS])
    saved = saved_copies(pixels, ROWS, rng)
    assert saved.shape == pixels[ROWS].shape and saved.dtype == np.uint8
    away = np.abs(saved.astype(float) - pixels[ROWS]).mean(axis=tuple(range(1, saved.ndim)))
    others = np.abs(pixels[ROWS].astype(float) - pixels[ROWS + 5]).mean(axis=tuple(range(1, saved.ndim)))
    assert (away > 0).all() and (away < others / 3).all()


def test_strange_images_keep_their_pixels_and_nothing_else(pixels: np.ndarray, rng: np.random.Generator) -> None:
    for strange, image in zip(strange_images(pixels, ROWS, rng), pixels[ROWS], strict=True):
        assert not np.array_equal(strange, image)
        before, after = (one.reshape(-1, *image.shape[2:]).tolist() for one in (image, strange))
        assert sorted(before) == sorted(after)


def test_planted_images_stand_at_the_end_with_the_labels_of_their_sources() -> None:
    images, labels = Pictograms(identities=20).load(), Pictograms(identities=20).labels()[::-1].copy()
    assert isinstance(images, Images)
    probe = np.arange(10, 70)
    planting = planted_images(images, labels, probe, 0.05, seed=2)
    count = len(labels)
    assert planting.kinds.tolist() == [kind for kind in KINDS for _ in range(3)]
    assert np.isin(planting.sources, probe).all()
    np.testing.assert_array_equal(planting.images.pixels[:count], images.pixels)
    np.testing.assert_array_equal(planting.images.labels, np.concatenate([labels, labels[planting.sources]]))
    copies = planting.images.pixels[count:][planting.kinds == "exact copies"]
    np.testing.assert_array_equal(copies, images.pixels[planting.sources[planting.kinds == "exact copies"]])
    assert planting.images.groups is None, "nobody drew the planted ones"
    again = planted_images(images, labels, probe, 0.05, seed=2)
    np.testing.assert_array_equal(again.images.pixels, planting.images.pixels)


def test_at_least_one_of_each_kind_is_planted() -> None:
    images = Digits().load()
    assert len(planted_images(images, images.labels, np.arange(9), 0.02, seed=0).kinds) == len(KINDS)


def test_vectors_are_refused() -> None:
    with pytest.raises(ValueError, match=r"images must be planted among images, got vectors\. Choose a set of them\."):
        planted_images(vectors(), vectors().labels, np.arange(9), 0.1, seed=0)
