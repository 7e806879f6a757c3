from __future__ import annotations

from collections import defaultdict

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import MarginLoss
from torch import Tensor

from core.batch.mined import Pairs, pairs_within
from core.losses import MarginBased
from tests.core.loops import all_pairs, batch, distance_table, evaluated, rows_of, triplet_rows, triplets_of
from tests.core.pair_loops import Found, assert_agree, columns_of, pairs_of, through_distances

BOUNDARIES = torch.tensor([2.0, 2.5, 3.0, 1.5], dtype=torch.float64)


def by_hand(
    distances: list[list[float]], mined: Pairs, margin: float, of_each: list[float]
) -> tuple[Found, list[float]]:
    """The terms, and the derivative of their sum by the boundary of each anchor."""
    positives, negatives = columns_of(mined.positive), columns_of(mined.negative)
    values, slopes, boundary_slopes = [], defaultdict(float), [0.0] * len(of_each)
    for i, boundary in enumerate(of_each):
        for columns, y in ((positives[i], 1), (negatives[i], -1)):
            for j in columns:
                values.append(max(0.0, margin + y * (distances[i][j] - boundary)))
                if values[-1] > 0:
                    slopes[i, j] += y
                    boundary_slopes[i] -= y
    return Found(values, slopes), boundary_slopes


def learned_of(loss: MarginBased) -> dict[str, Tensor]:
    if loss.boundary_kind == "per class":
        return {"boundary": BOUNDARIES.clone().requires_grad_()}
    return {"boundary": BOUNDARIES[:1].clone().requires_grad_()} if loss.boundary_kind == "shared" else {}


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize("boundary", ["per class", "shared", "fixed"])
def test_value_and_gradient_are_those_of_the_definition(boundary: str, is_some: bool) -> None:
    loss = MarginBased(boundary_kind=boundary, boundary=2.2)
    points, labels = batch()
    mined, learned = pairs_of(labels, is_some), learned_of(loss)
    of_each = [2.2 if boundary == "fixed" else float(BOUNDARIES[k if boundary == "per class" else 0]) for k in labels]
    found, boundary_slopes = by_hand(distance_table(points).tolist(), mined, loss.margin, of_each)
    gradient = through_distances(points.numpy(), found.slopes)
    terms = assert_agree(loss, found, gradient, points, labels, mined, **learned)
    assert terms.active < terms.count
    if learned:
        expected = torch.zeros_like(learned["boundary"])
        for label, slope in zip(labels.tolist(), boundary_slopes, strict=True):
            expected[label if boundary == "per class" else 0] += slope / terms.active
        torch.testing.assert_close(learned["boundary"].grad, expected.detach())


def test_a_boundary_moves_by_active_negatives_less_active_positives() -> None:
    points, labels = batch()
    mined, distances = all_pairs(labels), distance_table(points)
    boundary = BOUNDARIES.clone().requires_grad_()
    evaluated(MarginBased(), points, labels, mined, {"boundary": boundary}).total.backward()
    assert boundary.grad is not None
    for label, slope in enumerate(boundary.grad.tolist()):
        near = (labels == label)[:, None] & mined.negative & (distances < BOUNDARIES[label] + 0.2)
        far = (labels == label)[:, None] & mined.positive & (distances > BOUNDARIES[label] - 0.2)
        assert slope == int(near.sum()) - int(far.sum()) != 0


def test_the_weight_of_the_boundary_counts_once_for_every_pair() -> None:
    points, labels = batch()
    mined = pairs_of(labels, is_some=True)
    slopes = []
    for weight in (0.0, 0.5):
        boundary = BOUNDARIES.clone().requires_grad_()
        terms = evaluated(MarginBased(boundary_weight=weight), points, labels, mined, {"boundary": boundary})
        (terms.objective * terms.active).backward()
        assert boundary.grad is not None
        slopes.append(boundary.grad)
    taken = (mined.positive | mined.negative).sum(1).double()
    pairs = torch.zeros(4, dtype=torch.float64).index_add(0, labels, taken)
    torch.testing.assert_close(slopes[1] - slopes[0], 0.5 * pairs)


@pytest.mark.parametrize("boundary", ["per class", "shared"])
def test_it_equals_that_of_pytorch_metric_learning_where_no_pair_comes_twice(boundary: str) -> None:
    """Theirs counts a pair once for every triplet, so each of these triplets has pairs of its own."""
    points, labels = batch()
    used: set[tuple[int, int]] = set()
    rows = []
    for a, p, n in triplet_rows(labels):
        if not {(a, p), (a, n)} & used:
            used |= {(a, p), (a, n)}
            rows.append((a, p, n))
    triplets = triplets_of(rows)
    assert len(rows) > 20 and rows_of(triplets) == rows
    loss = MarginBased(boundary_kind=boundary)
    learned = learned_of(loss)
    theirs = MarginLoss(
        num_classes=4 if boundary == "per class" else None,
        learn_beta=True,
        distance=LpDistance(normalize_embeddings=False),
    )
    theirs.beta.data = learned["boundary"].detach().clone()
    their_points, our_points = points.clone().requires_grad_(), points.clone().requires_grad_()
    their_value = theirs(their_points, labels, indices_tuple=tuple(triplets[:3]))
    value = evaluated(loss, our_points, labels, pairs_within(triplets, len(labels)), learned).objective
    their_value.backward()
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(our_points.grad, their_points.grad)
    torch.testing.assert_close(learned["boundary"].grad, theirs.beta.grad)


def test_the_boundary_is_learned_at_its_own_rate() -> None:
    generator = torch.Generator()
    loss = MarginBased(boundary_rate=0.05, boundary=0.9)
    assert torch.equal(loss.learned(7, 64, generator)["boundary"], torch.full((7,), 0.9))
    assert loss.learning_rates() == {"boundary": 0.05}
    assert MarginBased(boundary_kind="shared").learned(7, 64, generator)["boundary"].shape == (1,)
    fixed = MarginBased(boundary_kind="fixed")
    assert (fixed.learned(7, 64, generator), fixed.learning_rates()) == ({}, {})


def test_a_triplet_is_hard_up_to_the_gap_between_both_ends_of_the_boundary() -> None:
    assert MarginBased(margin=0.3).hardness_margin == 0.6
