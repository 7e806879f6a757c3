from __future__ import annotations

import shutil

import numpy as np
import pytest

from core.datasets.admitted import folder_of
from core.datasets.brought import Brought
from core.datasets.images import Images
from tests.core.heads import brought, vectors


def test_what_was_admitted_is_read_back_whatever_it_is() -> None:
    samples = vectors()
    found = brought(samples).load()
    assert type(found) is type(samples) and found.digest == samples.digest
    np.testing.assert_array_equal(found.values, samples.values)
    images = Images(np.zeros((4, 2, 3), np.uint8), np.array([0, 0, 1, 1]), ("a", "b"))
    assert isinstance(brought(images, "cats.zip").load(), Images)


def test_it_is_called_what_whoever_brought_it_calls_it() -> None:
    dataset = brought(vectors(1), "voices, spring")
    assert dataset.title == "voices, spring" and dataset.absence == "" and not dataset.needs_download


def test_before_anything_is_brought_it_says_so() -> None:
    dataset = Brought()
    assert dataset.title == "brought" and "Bring images or embeddings first" in dataset.absence
    with pytest.raises(ValueError, match="brought must be given data of yours, got none"):
        dataset.load()


def test_what_is_gone_from_the_store_is_told_and_has_no_title_any_more() -> None:
    dataset = brought(vectors(2), "gone.npz")
    shutil.rmtree(folder_of(dataset.data))
    assert dataset.title == "brought" and "must have been admitted here" in dataset.absence
    with pytest.raises(ValueError, match="must have been admitted here, got none. Bring its files again."):
        dataset.load()


@pytest.mark.parametrize("name", ["../secrets", "a" * 31, "A" * 32])
def test_what_is_no_id_is_refused(name: str) -> None:
    assert "must be the id of an admitted data set" in Brought(name).absence
    with pytest.raises(ValueError, match="must be the id of an admitted data set"):
        Brought(name).read()
