from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.admission.data_owners import add_owner
from core.datasets.admitted import DataCard, write_admitted
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors
from dashboard.entrance import rights
from dashboard.entrance.visitors import Visitor
from dashboard.lookups.admitted_data import EXAMPLES, card_of, examples, own_cards


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    examples.clear()


def kept(samples: Samples, kind: str) -> str:
    card = DataCard(
        id=samples.digest[:32],
        kind=kind,
        title=kind,
        created="2026-11-30T00:00:00+00:00",
        count=samples.count,
        class_names=samples.class_names,
    )
    return write_admitted(samples, card).name


def images(classes: int, each: int) -> Images:
    pixels = np.arange(classes * each, dtype=np.uint8)[:, None, None] + np.zeros((1, 4, 4), np.uint8)
    return Images(pixels, np.arange(classes).repeat(each), tuple(map(str, range(classes))))


@pytest.mark.parametrize(
    "classes, each, shown",
    [
        (20, 2, [2 * number for number in range(EXAMPLES)]),
        (3, 2, [0, 2, 4, 1, 3, 5]),
        (1, 1, [0]),
    ],
)
def test_examples_are_one_of_each_identity_and_then_others(classes: int, each: int, shown: list[int]) -> None:
    url = examples(kept(images(classes, each), "images"))
    strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("L"))
    assert strip.shape == (4, 4 * len(shown)) and strip[0, ::4].tolist() == shown


def test_vectors_have_no_pictures() -> None:
    assert examples(kept(Vectors(np.eye(3, dtype=np.float32), np.arange(3), ("a", "b", "c")), "vectors")) == ""


def test_sets_are_seen_by_those_who_brought_them_and_by_a_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    name = kept(images(2, 2), "images")
    add_owner(name, "one")
    for visitor, is_seen in (
        (None, True),
        (Visitor("one", "Ada"), True),
        (Visitor("two", "Bob"), False),
        (Visitor("three", "Eve", is_teacher=True), True),
    ):
        monkeypatch.setattr(rights, "now", lambda visitor=visitor: visitor)
        assert (card_of(name) is not None) == is_seen and len(own_cards()) == is_seen
    assert card_of("0" * 32) is None and card_of("../..") is None
