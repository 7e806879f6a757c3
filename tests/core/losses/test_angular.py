"""The angular loss against its definition, against the angle it comes from, and against pytorch-metric-learning, which
takes all rows of other classes as negatives and makes anchor and positive unit vectors, so it gets unit vectors."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from pytorch_metric_learning.losses import AngularLoss

from core.losses import Angular, NPair
from core.losses.class_pairs import class_pairs
from tests.core.loops import batch, evaluated

VARIANTS = [
    Angular(angle=angle, negatives=negatives, l2_weight=0.0)
    for angle in (36.0, 45.0, 55.0)
    for negatives in ("other positives", "all others")
]


def exponent(a: np.ndarray, p: np.ndarray, n: np.ndarray, angle: float) -> float:
    steepness = math.tan(math.radians(angle)) ** 2
    return 4 * steepness * float((a + p) @ n) - 2 * (1 + steepness) * float(a @ p)


def by_hand(points: np.ndarray, labels: list[int], loss: Angular) -> tuple[list[float], np.ndarray]:
    """The value of each anchor, and the gradient of their sum, one negative at a time."""
    steepness = math.tan(math.radians(loss.angle)) ** 2
    rows = [[row for row, of in enumerate(labels) if of == label] for label in sorted(set(labels))]
    pairs = [(of_class[0], of_class[1]) for of_class in rows if len(of_class) > 1]
    candidates = [p for _, p in pairs] if loss.negatives == "other positives" else range(len(labels))
    values, gradient = [], np.zeros_like(points)
    for a, p in pairs:
        negatives = [n for n in candidates if labels[n] != labels[a]]
        parts = [math.exp(exponent(points[a], points[p], points[n], loss.angle)) for n in negatives]
        values.append(math.log(1 + sum(parts)))
        for n, part in zip(negatives, parts, strict=True):
            weight = part / (1 + sum(parts))
            gradient[a] += weight * (4 * steepness * points[n] - 2 * (1 + steepness) * points[p])
            gradient[p] += weight * (4 * steepness * points[n] - 2 * (1 + steepness) * points[a])
            gradient[n] += weight * 4 * steepness * (points[a] + points[p])
    return values, gradient


@pytest.mark.parametrize("loss", VARIANTS, ids=str)
def test_value_and_gradient_are_those_of_the_definition(loss: Angular) -> None:
    points, labels = batch()
    points = points * 0.15
    values, gradient = by_hand(points.numpy(), labels.tolist(), loss)
    assert len(values) == 3 and any(0.1 < math.exp(-value) < 0.9 for value in values), "neither flat nor straight"
    points.requires_grad_()
    terms = evaluated(loss, points, labels, None)
    terms.objective.backward()
    assert (terms.count, terms.total.item()) == (3, pytest.approx(sum(values)))
    assert terms.objective.item() == pytest.approx(sum(values) / 3)
    torch.testing.assert_close(points.grad, torch.from_numpy(gradient / 3))


@pytest.mark.parametrize("angle", [36.0, 40.0, 45.0])
@pytest.mark.parametrize("sizes", [(5, 4, 2, 1), (2, 2, 2, 2)])
def test_on_unit_vectors_it_equals_that_of_pytorch_metric_learning(sizes: tuple[int, ...], angle: float) -> None:
    points, labels = batch(sizes=sizes)
    points = torch.nn.functional.normalize(points)
    their_points = points.clone().requires_grad_()
    pairs = class_pairs(labels)
    theirs = AngularLoss(alpha=angle)(
        torch.nn.functional.normalize(their_points), labels, indices_tuple=(*pairs, *pairs)
    )
    theirs.backward()
    points.requires_grad_()
    loss = Angular(angle=angle, negatives="all others", l2_weight=0.0)
    ours = evaluated(loss, torch.nn.functional.normalize(points), labels, None).objective
    ours.backward()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(points.grad, their_points.grad)


def test_pytorch_metric_learning_normalises_anchors_and_positives_alone() -> None:
    """What the card says of it: on embeddings of free length its negatives keep theirs."""
    points, labels = batch()
    pairs, found = class_pairs(labels), {}
    theirs = AngularLoss(alpha=40.0)(points, labels, indices_tuple=(*pairs, *pairs))
    unit = torch.nn.functional.normalize(points)
    for name, negatives in (("negatives as they are", points), ("both sides", unit)):
        values = []
        for a, p in zip(*(rows.tolist() for rows in pairs), strict=True):
            others = [negatives[n].numpy() for n in range(len(labels)) if labels[n] != labels[a]]
            values.append(
                math.log(1 + sum(math.exp(exponent(unit[a].numpy(), unit[p].numpy(), n, 40.0)) for n in others))
            )
        found[name] = sum(values) / len(values)
    assert float(theirs) == pytest.approx(found["negatives as they are"])
    assert float(theirs) != pytest.approx(found["both sides"], rel=0.05)


@pytest.mark.parametrize("angle", [36.0, 45.0, 55.0])
def test_the_products_are_the_triangle_up_to_the_squared_lengths(angle: float) -> None:
    """|a - p|^2 - 4 t |n - c|^2 = f + (1 - t) (|a|^2 + |p|^2) - 4 t |n|^2, and 2 - 6 t is the rest on unit vectors."""
    steepness = math.tan(math.radians(angle)) ** 2
    for seed in range(5):
        a, p, n = batch(seed)[0][:3].numpy()
        triangle = ((a - p) ** 2).sum() - 4 * steepness * ((n - (a + p) / 2) ** 2).sum()
        lengths = (1 - steepness) * (a @ a + p @ p) - 4 * steepness * (n @ n)
        assert triangle == pytest.approx(exponent(a, p, n, angle) + lengths)
        a, p, n = (vector / np.linalg.norm(vector) for vector in (a, p, n))
        triangle = ((a - p) ** 2).sum() - 4 * steepness * ((n - (a + p) / 2) ** 2).sum()
        assert triangle == pytest.approx(exponent(a, p, n, angle) + 2 - 6 * steepness)


@pytest.mark.parametrize("angle", [30.0, 45.0])
def test_the_triangle_is_at_its_bound_where_the_negative_sees_the_pair_under_the_angle(angle: float) -> None:
    """n above the middle at the height |a - p| / (2 tan): there |a - p|^2 = 4 tan^2 |n - c|^2."""
    height = 1 / math.tan(math.radians(angle))
    a, p, n = np.array([-1.0, 0.0]), np.array([1.0, 0.0]), np.array([0.0, height])
    steepness = math.tan(math.radians(angle)) ** 2
    assert ((a - p) ** 2).sum() == pytest.approx(4 * steepness * ((n - (a + p) / 2) ** 2).sum())


def test_collapsed_unit_vectors_cost_more_than_zero_vectors() -> None:
    """log(1 + (M - 1) e^(6 t - 2)), which is log(1 + 3 e^4) for four classes at 45 degrees, against log 4."""
    labels, point = torch.arange(4).repeat_interleave(2), torch.tensor([[0.6, 0.8]], dtype=torch.float64)
    loss = Angular(l2_weight=0.0)
    assert float(evaluated(loss, point.expand(8, 2), labels, None).objective) == pytest.approx(
        math.log(1 + 3 * math.exp(4))
    )
    assert float(evaluated(loss, 0 * point.expand(8, 2), labels, None).objective) == pytest.approx(math.log(4))


def test_the_sum_with_the_n_pair_loss_is_the_weighted_sum() -> None:
    points, labels = batch()
    both = evaluated(Angular(angular_weight=2.0, n_pair_weight=1.0), points, labels, None)
    alone = evaluated(Angular(l2_weight=0.0), points, labels, None)
    n_pair = evaluated(NPair(), points, labels, None)
    torch.testing.assert_close(both.objective, n_pair.objective + 2 * alone.objective)
    torch.testing.assert_close(both.total, n_pair.total + 2 * alone.total)


@pytest.mark.parametrize("negatives", ["other positives", "all others"])
@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0]], ids=str)
def test_a_batch_without_a_pair_or_without_a_negative_teaches_nothing(labels: list[int], negatives: str) -> None:
    points = torch.randn(len(labels), 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
    terms = evaluated(Angular(negatives=negatives, l2_weight=0.0), points, torch.tensor(labels), None)
    terms.objective.backward()
    assert terms.objective.item() == 0 and terms.active == 0
    assert points.grad is not None and not bool(points.grad.any())
