"""Bars on trained results hold as a mean over seeds: one unlucky seed is told, and a lucky one does not save them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.preset_rows import quality_rows


def results(*recalls: float, precision: float = 0.69, eer: float = 0.1) -> list[dict[str, Any]]:
    beside = {
        "raw pixels": {"recall_at_1": 0.78, "map_at_r": 0.3},
        "PCA": {"recall_at_1": 0.8, "map_at_r": 0.4},
    }
    return [{"recall_at_1": recall, "map_at_r": precision, "eer": eer, "baselines": beside} for recall in recalls]


def test_one_unlucky_seed_is_told_and_does_not_fail() -> None:
    """The gains measured on one processor: 0.0500, 0.0480, 0.0590, 0.0570, 0.0595."""
    gained, _ = quality_rows("fashion", results(0.83, 0.828, 0.839, 0.837, 0.8395))
    assert gained["ours"] == pytest.approx(0.0547) and gained["holds"]
    assert gained["what"] == "fashion: Recall@1 gained, mean of 5 seeds, worst 0.0480"


def test_one_lucky_seed_does_not_save_the_mean() -> None:
    gained, precision = quality_rows("fashion", results(0.88, 0.81, 0.81, 0.81, 0.81))
    assert gained["ours"] == pytest.approx(0.044) and not gained["holds"]
    assert precision["ratio"] == pytest.approx(2.3) and precision["holds"]


def test_digits_are_judged_by_both_numbers() -> None:
    recall, precision = quality_rows("digits", results(0.992, 0.985))
    assert recall["holds"] and not precision["holds"] and precision["peer"] == 0.9


def test_pictograms_are_judged_beside_raw_pixels_and_pca() -> None:
    beside_raw, beside_pca = quality_rows("pictograms", results(0.9, 0.9, precision=0.57))
    assert beside_raw["ratio"] == pytest.approx(1.9) and beside_raw["holds"]
    assert beside_pca["ratio"] == pytest.approx(1.425) and not beside_pca["holds"]


def test_faces_are_judged_by_what_they_gain_and_by_their_errors() -> None:
    gained, errors = quality_rows("faces", [*results(0.9, precision=0.41, eer=0.08), *results(0.9, precision=0.41)])
    assert gained["ours"] == pytest.approx(0.11) and gained["holds"]
    assert errors["ours"] == pytest.approx(0.09) and errors["holds"] and errors["what"].endswith("worst 0.1000")
