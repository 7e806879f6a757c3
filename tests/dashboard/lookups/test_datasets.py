"""What the Train page shows of a data set before anything is trained."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.datasets import Digits, Strokes
from core.datasets.pictograms import Pictograms
from core.experiment.splits import ByIdentity, BySample
from dashboard.lookups import datasets
from tests.core.heads import brought, vectors


def test_one_row_of_images_has_one_of_each_class() -> None:
    kind, content = datasets.example_strip(Digits().described()).split(",")
    assert kind == "data:image/png;base64"
    strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))
    images = Digits().load()
    height, width = images.pixels.shape[1:3]
    assert strip.shape[0] >= height and strip.shape[1] >= 10 * width
    firsts = [images.pixels[np.flatnonzero(images.labels == label)] for label in range(10)]
    assert strip.max() == max(first.max() for first in firsts)


def test_classes_are_counted_in_the_training_set() -> None:
    source, split = Strokes(identities=20, samples_per_identity=4), ByIdentity()
    rows = split.split(source.labels()).training_rows
    counts = datasets.class_counts(source.described(), split.described())
    assert sum(counts) == len(rows) and set(counts) == {4} and len(counts) < 20


def test_nothing_is_counted_where_the_images_are_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Digits, "needs_download", True)
    assert datasets.class_counts(Digits().described(), BySample().described()) == []


def test_data_that_do_not_load_are_left_to_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source: Digits) -> np.ndarray:
        raise ValueError("no images")

    monkeypatch.setattr(Digits, "labels", broken)
    assert datasets.class_counts(Digits().described(), BySample().described()) == []


def test_a_split_that_the_data_lack_a_column_for_says_which() -> None:
    digits, pictograms = Digits().described(), Pictograms(identities=20).described()
    assert datasets.lacks(digits, "split", ByIdentity().described()) == ""
    assert "by-time must have the time of each sample" in datasets.lacks(digits, "split", {"kind": "by-time"})
    assert datasets.lacks(pictograms, "split", {"kind": "by-group"}) == ""
    assert "the session of each sample" in datasets.lacks(
        pictograms, "split", {"kind": "by-group", "column": "session"}
    )


def test_vectors_lack_the_pixels_that_an_augmentation_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    described = brought(vectors()).described()
    said = datasets.lacks(described, "augmentation", {"kind": "turns-and-shifts"})
    assert said.startswith("augmentation must be untouched for vectors") and "got turns-and-shifts" in said
    assert datasets.lacks(described, "augmentation", {"kind": "untouched"}) == ""
    assert datasets.lacks(Digits().described(), "augmentation", {"kind": "turns-and-shifts"}) == ""
