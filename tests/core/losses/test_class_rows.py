"""Rows of classes, a classifier and cosines, one sample and one class at a time."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from core.losses.class_rows import (
    class_rows,
    class_sums,
    classifier,
    cosines,
    cross_entropies,
    cross_entropies_with,
    own_scores,
)
from tests.core.loops import batch

CLASSES, DIMENSION = 4, 5


def drawn(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def entropy(scores: list[float], own: int) -> float:
    """-log of the softmax of one of the scores."""
    return math.log(sum(math.exp(score) for score in scores)) - scores[own]


def test_rows_have_about_length_one_and_are_those_of_the_generator() -> None:
    rows = class_rows(500, 64, torch.Generator().manual_seed(3))
    assert rows.shape == (500, 64) and float(rows.norm(dim=1).mean()) == pytest.approx(1, abs=0.02)
    assert float(rows.norm(dim=1).std()) < 0.15
    assert torch.equal(rows, class_rows(500, 64, torch.Generator().manual_seed(3)))
    assert not torch.equal(rows, class_rows(500, 64, torch.Generator().manual_seed(4)))


def test_a_classifier_starts_without_a_bias() -> None:
    start = classifier(CLASSES, DIMENSION, torch.Generator().manual_seed(3))
    assert set(start) == {"weight", "bias"} and not start["bias"].any()
    assert torch.equal(start["weight"], class_rows(CLASSES, DIMENSION, torch.Generator().manual_seed(3)))


def test_cross_entropies_are_those_of_a_linear_layer() -> None:
    points, labels = batch(dimension=DIMENSION)
    learned = {"weight": drawn(CLASSES, DIMENSION), "bias": drawn(CLASSES, seed=2)}
    weight, bias = learned["weight"].tolist(), learned["bias"].tolist()
    expected = []
    for point, label in zip(points.tolist(), labels.tolist(), strict=True):
        scores = [sum(x * w for x, w in zip(point, row, strict=True)) + b for row, b in zip(weight, bias, strict=True)]
        expected.append(entropy(scores, label))
    assert cross_entropies(points, labels, learned).tolist() == pytest.approx(expected)


def test_cosines_are_of_directions_alone_and_zero_for_a_zero_vector() -> None:
    points, rows = drawn(6, DIMENSION), drawn(CLASSES, DIMENSION, seed=2)
    points[2] = 0
    expected = [
        [
            sum(x * y for x, y in zip(point, row, strict=True)) / (math.hypot(*point) * math.hypot(*row) or 1.0)
            for row in rows.tolist()
        ]
        for point in points.tolist()
    ]
    torch.testing.assert_close(cosines(points, rows), torch.tensor(expected, dtype=torch.float64))
    torch.testing.assert_close(cosines(1e6 * points, 1e-6 * rows), cosines(points, rows))


def test_the_own_score_is_that_of_the_label() -> None:
    scores, labels = drawn(6, CLASSES), torch.tensor([0, 3, 1, 1, 2, 0])
    assert own_scores(scores, labels).tolist() == [scores[row][label].item() for row, label in enumerate(labels)]


def test_an_own_score_may_be_replaced_before_all_are_scaled() -> None:
    scores, labels = drawn(6, CLASSES), torch.tensor([0, 3, 1, 1, 2, 0])
    own = torch.linspace(-1, 1, 6, dtype=torch.float64)
    expected = []
    for row, (label, instead) in enumerate(zip(labels.tolist(), own.tolist(), strict=True)):
        scaled = [7 * (instead if column == label else score) for column, score in enumerate(scores[row].tolist())]
        expected.append(entropy(scaled, label))
    assert cross_entropies_with(scores, labels, own, 7.0).tolist() == pytest.approx(expected)


def test_classes_are_summed_and_counted_the_absent_ones_as_zero() -> None:
    points, labels = drawn(5, 2), torch.tensor([3, 1, 3, 3, 1])
    sums, counts = class_sums(points, labels, 5)
    torch.testing.assert_close(sums[3], points[0] + points[2] + points[3])
    torch.testing.assert_close(sums[1], points[1] + points[4])
    assert not sums[[0, 2, 4]].any() and counts.tolist() == [[0], [2], [0], [3], [0]]
