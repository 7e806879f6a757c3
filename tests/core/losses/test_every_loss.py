from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from core.batch.mined import Pairs, Triplets, pairs_within
from core.losses import (
    LOSSES,
    Angular,
    ArcFace,
    ASoftmax,
    Center,
    Circle,
    Contrastive,
    CosFace,
    GeneralisedLifted,
    InfoNce,
    LiftedStructured,
    Lmnn,
    MarginBased,
    MultiSimilarity,
    Nca,
    NPair,
    ProxyAnchor,
    Quadruplet,
    RankedList,
    Softmax,
    Triplet,
    TripletCenter,
    TupletMargin,
)
from core.losses.base import Loss
from tests.core.loops import all_pairs, all_triplets, batch, evaluated

VARIANTS: list[Loss] = [kind() for kind in LOSSES.values()] + [
    Triplet(shape="soft margin"),
    Triplet(margin=1.0),
    Contrastive(margin=3.0),
    Contrastive(margin=3.0, positive_margin=1.0, shape="linear", mean_over="active"),
    MarginBased(boundary_kind="shared", boundary=2.0, boundary_weight=0.1),
    MarginBased(boundary_kind="fixed", boundary=2.0),
    LiftedStructured(shape="hard"),
    GeneralisedLifted(margin=0.0),
    RankedList(boundary=2.5, temperature=0.0),
    MultiSimilarity(alpha=5.0, beta=8.0, base=0.1),
    Circle(margin=0.25, scale=2.0),
    Softmax(scale=16.0),
    Quadruplet(margin=1.0, pair_margin=1.0),
    NPair(l2_weight=0.0),
    TupletMargin(scale=3.0, slack=20.0),
    Angular(negatives="all others", n_pair_weight=1.0, angular_weight=2.0),
    Center(softmax_weight=0.0, centre_weight=1.0),
    Center(reduction="sum"),
    TripletCenter(margin=1.0, softmax_weight=0.0),
    TripletCenter(centres="batch mean"),
    TripletCenter(centres="running mean"),
    *(ASoftmax(multiple=multiple, annealing_start=0.0, annealing_floor=0.0) for multiple in (1, 2, 3, 4)),
    ArcFace(margin=1.2),
    InfoNce(positives="inside the logarithm"),
    InfoNce(positives="one pair at a time"),
    Nca(shape="logarithm", temperature=0.5),
    Lmnn(neighbours=1, margin=0.5, push=0.9),
]
# They look at the first two rows of a class, or draw.
WITH_AN_ORDER: tuple[type[Loss], ...] = (NPair, Angular, Quadruplet)
MINING = [loss for loss in VARIANTS if loss.consumes is not None]
# They add something to the mean over their terms.
ADDING: tuple[type[Loss], ...] = (MarginBased, Quadruplet)
# Directions and products change when the origin does.
OF_DISTANCES = [loss for loss in MINING if loss.compares == "distance"]

# All embeddings zero: the mean over the terms, from the formula with every distance 0. The batch of twelve has classes
# of 5, 4, 2 and 1: 34 ordered pairs of one class and 98 of two.
COLLAPSED: dict[Loss, float] = {
    Triplet(margin=0.2): 0.2,  # [0 - 0 + m]_+
    Triplet(shape="soft margin"): math.log(2),  # log(1 + e^0)
    Contrastive(margin=1.5): 1.125 * 98 / 132,  # 0 for one class, m^2 / 2 for two
    Contrastive(margin=1.5, shape="linear"): 1.5 * 98 / 132,  # m for two
    MarginBased(boundary=1.25): 1.45,  # margin + boundary; only the 98 negatives are above 0
    # (m + ln of the negatives of both ends)^2 / 2; a sample has 7, 8, 10 of them.
    LiftedStructured(): sum(n * (1 + math.log(2 * m)) ** 2 / 2 for n, m in ((20, 7), (12, 8), (2, 10))) / 34,
    LiftedStructured(shape="hard"): 0.5,  # m^2 / 2
    # m + ln of the positives + ln of the negatives, for eleven anchors
    GeneralisedLifted(): 1 + sum(k * math.log((k - 1) * m) for k, m in ((5, 7), (4, 8), (2, 10))) / 11,
    RankedList(): 1.2,  # the boundary, from the negatives
    # Cosines 0: ln(1 + n e^1) / 2 for n positives and ln(1 + m e^-25) / 50 for m negatives
    MultiSimilarity(): sum(
        k * (math.log(1 + (k - 1) * math.e) / 2 + math.log1p((12 - k) * math.exp(-25)) / 50) for k in (5, 4, 2, 1)
    )
    / 12,
    # Cosines 0: positives at gamma (1 + m)(1 - m), negatives at -gamma m^2, so ln n m + gamma (1 - 2 m^2); + 1 is lost
    Circle(): 80 * (1 - 2 * 0.4**2) + sum(k * math.log((k - 1) * (12 - k)) for k in (5, 4, 2)) / 11,
    Quadruplet(margin=0.2, pair_margin=0.1): 0.2 + 0.1,  # [0 - 0 + m]_+ in both sums
    NPair(): math.log(3),  # equal products with the positives of the three classes that have two samples
    TupletMargin(): sum(n * math.log(1 + m) for n, m in ((20, 7), (12, 8), (2, 10))) / 34,  # cosines and sines 0
    Angular(): math.log(3),  # e^0 for each of them; unit vectors at one point cost log(1 + 2 e^4) instead
    Softmax(): math.log(4),  # zero embeddings, equal logits of four classes
    Center(): math.log(4),  # and centres at zero, where they start
    Center(softmax_weight=0.0, centre_weight=1.0): 0.0,  # its optimum
    TripletCenter(centres="batch mean"): math.log(4) + 0.1 * 5,  # and lambda m, with all means in one place
    ASoftmax(): math.log(4),  # every logit has the factor |x| = 0
    ArcFace(): math.log(1 + 3 * math.exp(16 * math.sin(0.5))),  # cosines 0, the own one cos(pi/2 + m)
    CosFace(): math.log(1 + 3 * math.exp(16 * 0.35)),  # cosines 0, the own one -m
    # Each of four proxies: log(1 + n e^(alpha delta)) for its n samples, and for the 12 - n others.
    ProxyAnchor(): sum(math.log(1 + n * math.exp(3.2)) for n in (5, 4, 2, 1, 7, 8, 10, 11)) / 4,
    InfoNce(): math.log(11),  # eleven others, all alike, for each of the eleven anchors that have a positive
    InfoNce(positives="inside the logarithm"): math.log(11),  # likewise
    InfoNce(positives="one pair at a time"): (20 * math.log(8) + 12 * math.log(9) + 2 * math.log(11)) / 34,  # 1 + M
    # All of eleven others are as likely to be drawn, k - 1 of them of the own class.
    Nca(): sum(k * (1 - (k - 1) / 11) for k in (5, 4, 2)) / 11,
    Nca(shape="logarithm"): sum(k * math.log(11 / (k - 1)) for k in (5, 4, 2)) / 11,
    # mu m for each negative of every target neighbour, of which there are at most three of each anchor
    Lmnn(): 0.5 * sum(n * m for n, m in ((15, 7), (12, 8), (2, 10))) / 29,
}


def mined(loss: Loss, labels: Tensor) -> Pairs | Triplets | None:
    """Every pair or triplet of the batch, as the loss consumes it."""
    if loss.consumes is None:
        return None
    return all_triplets(labels) if loss.consumes is Triplets else all_pairs(labels)


def start(loss: Loss, dimension: int = 4) -> dict[str, Tensor]:
    learned = loss.learned(4, dimension, torch.Generator().manual_seed(3))
    return {name: tensor.double() for name, tensor in learned.items()}


def mean_loss(loss: Loss, points: Tensor, labels: Tensor, learned: Mapping[str, Tensor]) -> Tensor:
    return evaluated(loss, points, labels, mined(loss, labels), learned).objective


@pytest.mark.parametrize("loss", [loss for loss in VARIANTS if not isinstance(loss, WITH_AN_ORDER)], ids=str)
def test_the_order_of_the_batch_does_not_matter(loss: Loss) -> None:
    points, labels = batch()
    shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(1))
    before = mean_loss(loss, points, labels, start(loss))
    assert before > 0
    torch.testing.assert_close(mean_loss(loss, points[shuffled], labels[shuffled], start(loss)), before)


@pytest.mark.parametrize("loss", [loss for loss in VARIANTS if not loss.holds_weights], ids=str)
def test_gradients_equal_finite_differences(loss: Loss) -> None:
    points, labels = batch()
    learned = start(loss)
    rows = mined(loss, labels)

    def value(points: Tensor, *tensors: Tensor) -> Tensor:
        return evaluated(loss, points, labels, rows, dict(zip(learned, tensors, strict=True))).objective

    tensors = [tensor.requires_grad_() for tensor in (points, *learned.values())]
    assert torch.autograd.gradcheck(value, tensors)


@pytest.mark.parametrize("loss", VARIANTS, ids=str)
def test_a_rotation_of_the_space_does_not_matter(loss: Loss) -> None:
    """Rows that are learned live in the same space and turn with it."""
    points, labels = batch()
    turn = torch.linalg.qr(batch(seed=9, sizes=(4,))[0]).Q
    torch.testing.assert_close(turn @ turn.T, torch.eye(4, dtype=torch.float64))
    learned = start(loss)
    turned = {name: tensor @ turn if tensor.ndim == 2 else tensor for name, tensor in learned.items()}
    before = mean_loss(loss, points, labels, learned)
    assert before > 0 and not torch.allclose(points @ turn, points, atol=0.1)
    torch.testing.assert_close(mean_loss(loss, points @ turn, labels, turned), before)


@pytest.mark.parametrize("loss", OF_DISTANCES, ids=str)
def test_a_translation_does_not_matter_to_a_loss_of_distances(loss: Loss) -> None:
    points, labels = batch()
    moved = points + torch.tensor([5.0, -3.0, 2.0, 0.5], dtype=torch.float64)
    learned = start(loss)
    before = mean_loss(loss, points, labels, learned)
    assert before > 0
    torch.testing.assert_close(mean_loss(loss, moved, labels, learned), before)


@pytest.mark.parametrize("loss, expected", COLLAPSED.items(), ids=str)
def test_a_collapsed_batch_costs_the_known_constant(loss: Loss, expected: float) -> None:
    labels = batch()[1]
    value = mean_loss(loss, torch.zeros(len(labels), 4, dtype=torch.float64), labels, start(loss))
    assert float(value) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("loss", VARIANTS, ids=str)
def test_the_gradient_is_finite_where_points_coincide(loss: Loss) -> None:
    points, labels = batch()
    points[1:5] = points[0]
    points.requires_grad_()
    mean_loss(loss, points, labels, start(loss)).backward()
    assert points.grad is not None and bool(points.grad.isfinite().all())
    assert bool((points.grad != 0).any())


@pytest.mark.parametrize("loss", [loss for loss in VARIANTS if loss != LiftedStructured(shape="hard")], ids=str)
def test_the_gradient_between_close_points_is_right_in_float32(loss: Loss) -> None:
    """Beside that of the same points in float64, where those of a class are about 0.001 apart and classes 0.1: what is
    scaled to unit length is off by 1e-7 / 0.001. The hardest of nearly equal ones may be another in either."""
    offsets, labels = batch(dimension=16)
    heads = 1 + 0.1 * batch(seed=1, dimension=16)[0][labels]
    points = torch.nn.functional.normalize(heads + 0.001 * offsets).float()
    found, expected = gradient(loss, points, labels).double(), gradient(loss, points.double(), labels)
    assert (found - expected).norm() <= 2e-4 * expected.norm() and expected.norm() > 0


def gradient(loss: Loss, points: Tensor, labels: Tensor) -> Tensor:
    """(N, D) of the objective by the points, computed in their precision."""
    points.requires_grad_()
    learned = {name: tensor.to(points.dtype) for name, tensor in start(loss, points.shape[1]).items()}
    (found,) = torch.autograd.grad(mean_loss(loss, points, labels, learned), points)
    return found


@pytest.mark.parametrize("loss", MINING, ids=str)
def test_nothing_mined_gives_no_term_and_no_gradient(loss: Loss) -> None:
    points, labels = batch()
    points.requires_grad_()
    nothing = Triplets(*torch.zeros(3, 0, dtype=torch.int64))
    rows = nothing if loss.consumes is Triplets else pairs_within(nothing, len(labels))
    terms = evaluated(loss, points, labels, rows, start(loss))
    assert (terms.objective.item(), terms.count, terms.active) == (0.0, 0, 0)
    terms.objective.backward()
    assert points.grad is None or not bool(points.grad.any())


@pytest.mark.parametrize("loss", VARIANTS, ids=str)
def test_a_loss_is_pure(loss: Loss) -> None:
    points, labels = batch()
    learned = start(loss)
    before = [tensor.clone() for tensor in (points, labels, *learned.values())]
    first = mean_loss(loss, points, labels, learned)
    assert torch.equal(mean_loss(loss, points, labels, learned), first)
    assert all(map(torch.equal, before, (points, labels, *learned.values())))


@pytest.mark.parametrize("loss", [loss for loss in MINING if not isinstance(loss, ADDING)], ids=str)
def test_the_objective_is_the_mean_over_the_terms_that_it_says(loss: Loss) -> None:
    points, labels = batch()
    terms = evaluated(loss, points, labels, mined(loss, labels), start(loss))
    assert 0 < terms.active <= terms.count
    number = terms.active if loss.averages == "active" else terms.count
    torch.testing.assert_close(terms.objective * number, terms.total)


def test_means_over_the_active_and_over_all_are_told_apart() -> None:
    points, labels = batch()
    kinds: set[str] = set()
    for loss in MINING:
        terms = evaluated(loss, points, labels, mined(loss, labels), start(loss))
        if not isinstance(loss, ADDING) and terms.active < terms.count:
            kinds.add(loss.averages)
    assert kinds == {"active", "all"}, "else the test above takes one for the other"


@pytest.mark.parametrize("loss", [Triplet(0.2), Triplet(0.75), Quadruplet(0.5)], ids=str)
def test_no_triplet_is_active_beyond_the_margin_of_its_hardness(loss: Loss) -> None:
    """Two classes on a line: each negative is further than the positive by just more or just less than that margin."""
    for gap, is_active in ((loss.hardness_margin + 0.01, False), (loss.hardness_margin - 0.01, True)):
        places = torch.tensor([0.0, 1.0, 2.0 + gap, 3.0 + gap], dtype=torch.float64)
        labels = torch.tensor([0, 0, 1, 1])
        near = Triplets(*(torch.tensor(rows) for rows in ([1, 2], [0, 3], [2, 1])))
        terms = evaluated(loss, places[:, None], labels, near, start(loss, dimension=1))
        assert (terms.active, terms.count) == (2 * is_active, 2)
