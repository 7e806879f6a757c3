"""The card of a network in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.admission.models import AskedModel, admit_model
from dashboard.train.network_card import made_of, rule_in_words, say_size, sentence
from tests.core.brought_models import brought
from tests.core.exported_weights import exported
from tests.core.models.made import network


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def test_a_network_of_images(tmp_path: Path) -> None:
    card = brought(tmp_path, title="a *b*.onnx", order="BGR", mean=(0.5,), deviation=(0.1, 0.2, 0.3))
    assert sentence(card) == r"**a \*b\*\.onnx**: images of 5 x 6, blue, green, red, become 4 numbers."
    assert rule_in_words(card) == (
        "From values of 0 to 1 the mean (0.5) is taken away, and the rest divided by 0.1, 0.2, 0.3: as you said."
    )
    said = made_of(card)
    assert "operator set 20, 360 weights; 2 operators: Flatten 1, MatMul 1" in said
    assert r"Takes x \[count, 3, 6, 5\]; gives embedding \[count, 4\]." in said and "one sample" not in said


def test_a_part_and_what_nobody_said(tmp_path: Path) -> None:
    said = rule_in_words(brought(tmp_path, part=(0.1, 0.0, 0.9, 1.0)))
    assert "nobody said so" in said and "only the part 0.1, 0, 0.9, 1 is taken" in said


def test_a_network_of_vectors_that_takes_one_at_a_time(tmp_path: Path) -> None:
    card = brought(tmp_path, network((1, 90)))
    assert sentence(card) == r"**mine\.onnx**: vectors of 90 numbers become 4."
    assert "It takes one sample at a time." in made_of(card)


def test_weights_of_metric_lab(tmp_path: Path) -> None:
    card = admit_model(AskedModel(exported(tmp_path)[0]))
    assert made_of(card).startswith(r"Weights of Metric Lab (compact\-cnn) of 0.1 MB")
    assert "as the file says" in rule_in_words(card) and say_size(12_345_678) == "12.3 MB"
