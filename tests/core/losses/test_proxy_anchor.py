from __future__ import annotations

import math

import pytest
import torch
from pytorch_metric_learning.losses import ProxyAnchorLoss
from torch import Tensor

from core.losses import ProxyAnchor
from tests.core.class_loops import Row, assert_equals, cosine, learned_by
from tests.core.loops import batch, evaluated


def log_of_one_and_sum(exponents: list[Tensor]) -> Tensor:
    return torch.stack([torch.tensor(1.0, dtype=torch.float64), *(e.exp() for e in exponents)]).sum().log()


@pytest.mark.parametrize("sizes", [(5, 4, 2, 1), (5, 0, 2, 1), (6, 0, 0, 0)], ids=str)
def test_value_and_gradients_are_those_of_the_definition(sizes: tuple[int, ...]) -> None:
    """Also where classes are absent from the batch, down to one alone."""
    points, labels = batch(sizes=sizes)
    loss = ProxyAnchor(alpha=4.0, delta=0.1)
    present = len(set(labels.tolist()))

    def by_hand(points: list[Row], labels: list[int], learned: dict[str, list[Row]]) -> list[Tensor]:
        values = []
        for j, proxy in enumerate(learned["proxies"]):
            scores = [cosine(point, proxy) for point in points]
            own = [-4.0 * (s - 0.1) for s, label in zip(scores, labels, strict=True) if label == j]
            other = [4.0 * (s + 0.1) for s, label in zip(scores, labels, strict=True) if label != j]
            pull = log_of_one_and_sum(own) / present
            push = log_of_one_and_sum(other) / len(learned["proxies"])
            values.append((pull + push) * len(learned["proxies"]))  # so that the sum of both means is a mean
        return values

    assert_equals(loss, by_hand, points, labels, learned_by(loss))


@pytest.mark.parametrize("sizes", [(5, 4, 2, 1), (5, 0, 2, 1)], ids=str)
def test_it_equals_pytorch_metric_learning(sizes: tuple[int, ...]) -> None:
    points, labels = batch(sizes=sizes)
    learned = learned_by(ProxyAnchor())
    theirs = ProxyAnchorLoss(num_classes=4, embedding_size=4, margin=0.1, alpha=32)
    theirs.proxies = torch.nn.Parameter(learned["proxies"].clone())
    their_points = points.clone().requires_grad_()
    their_value = theirs(their_points, labels)
    their_value.backward()
    proxies = learned["proxies"].requires_grad_()
    points.requires_grad_()
    value = evaluated(ProxyAnchor(), points, labels, None, learned).objective
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(points.grad, their_points.grad)
    torch.testing.assert_close(proxies.grad, theirs.proxies.grad)


def test_large_exponents_do_not_overflow() -> None:
    """alpha (s + delta) = 256 x 2 = 512, whose exponential is infinite in float32."""
    points, labels = torch.tensor([[1.0, 0.0], [1.0, 0.0]], requires_grad=True), torch.tensor([0, 1])
    learned = {"proxies": torch.tensor([[-1.0, 0.0], [1.0, 0.0]])}
    value = evaluated(ProxyAnchor(alpha=256.0, delta=1.0), points, labels, None, learned).objective
    value.backward()
    # Pulls 512 and log 2, pushes log 2 and 512, each pair halved.
    assert value.item() == pytest.approx(512 + math.log(2))
    assert points.grad is not None and bool(points.grad.isfinite().all())


def test_proxies_learn_at_their_own_rate() -> None:
    assert ProxyAnchor(proxy_rate=0.3).learning_rates() == {"proxies": 0.3}
