from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from core.losses import Softmax
from tests.core.loops import batch, evaluated


def start(class_count: int = 4, dimension: int = 4) -> dict[str, torch.Tensor]:
    """Learned tensors in float64, the bias away from 0."""
    learned = Softmax().learned(class_count, dimension, torch.Generator().manual_seed(1))
    return {"weight": learned["weight"].double(), "bias": torch.arange(class_count).double() / 3}


def by_hand(
    points: np.ndarray, labels: list[int], weight: np.ndarray, bias: np.ndarray, scale: float
) -> tuple[list[float], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The value of each sample, and the gradients of their sum for points, weight and bias, one sample at a time."""
    values = []
    gradients = np.zeros_like(points), np.zeros_like(weight), np.zeros_like(bias)
    for row, (point, label) in enumerate(zip(points, labels, strict=True)):
        logits = [scale * sum(w * x for w, x in zip(weight[c], point, strict=True)) + bias[c] for c in range(len(bias))]
        total = sum(math.exp(logit) for logit in logits)
        values.append(math.log(total) - logits[label])
        for c, logit in enumerate(logits):
            slope = math.exp(logit) / total - (c == label)
            gradients[0][row] += slope * scale * weight[c]
            gradients[1][c] += slope * scale * point
            gradients[2][c] += slope
    return values, gradients


@pytest.mark.parametrize("scale", [1.0, 7.5])
def test_value_and_gradients_are_those_of_the_definition(scale: float) -> None:
    points, labels = batch()
    learned = start()
    values, gradients = by_hand(
        points.numpy(), labels.tolist(), learned["weight"].numpy(), learned["bias"].numpy(), scale
    )
    tensors = [tensor.requires_grad_() for tensor in (points, learned["weight"], learned["bias"])]
    terms = evaluated(Softmax(scale=scale), points, labels, None, learned)
    terms.total.backward()
    assert terms.total.item() == pytest.approx(sum(values))
    assert terms.objective.item() == pytest.approx(sum(values) / len(values))
    for tensor, gradient in zip(tensors, gradients, strict=True):
        torch.testing.assert_close(tensor.grad, torch.from_numpy(gradient))


def test_the_mean_is_the_cross_entropy_of_a_linear_layer() -> None:
    points, labels = batch()
    learned = start()
    layer = torch.nn.Linear(4, 4, dtype=torch.float64)
    layer.load_state_dict(learned)
    expected = torch.nn.CrossEntropyLoss()(layer(points), labels)
    torch.testing.assert_close(evaluated(Softmax(), points, labels, None, learned).objective, expected)


def test_the_scale_multiplies_the_product_and_not_the_bias() -> None:
    points, labels = batch()
    learned = start()
    sharpened = evaluated(Softmax(scale=3.0), points, labels, None, learned).objective
    torch.testing.assert_close(sharpened, evaluated(Softmax(), 3 * points, labels, None, learned).objective)


def test_the_layer_starts_from_the_generator_with_rows_of_about_length_one() -> None:
    first, again = (Softmax().learned(50, 64, torch.Generator().manual_seed(5)) for _ in range(2))
    assert first["weight"].shape == (50, 64) and torch.equal(first["bias"], torch.zeros(50))
    assert torch.equal(first["weight"], again["weight"])
    assert first["weight"].norm(dim=1).mean() == pytest.approx(1, abs=0.1)
