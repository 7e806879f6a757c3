from __future__ import annotations

import math
from collections import Counter

import pytest
import torch
from pytorch_metric_learning.miners import DistanceWeightedMiner
from pytorch_metric_learning.utils import loss_and_miner_utils
from scipy.stats import chisquare
from torch import Tensor

from core.batch.euclidean import euclidean_matrix
from core.miners import DistanceWeighted
from core.miners.distance_weighted import inverse_density
from tests.core.loops import candidates, rows_of, triplet_rows

DIMENSIONS = [2, 3, 8, 128, 512]
DRAWS = 2000


def row_of_distances(places: list[float], positives: int) -> tuple[Tensor, Tensor]:
    """A batch whose first row is as far as said from its negatives; the rest of the table is 1 throughout."""
    count = 1 + positives + len(places)
    distances = torch.ones(count, count, dtype=torch.float64).fill_diagonal_(0)
    distances[0, 1 + positives :] = torch.tensor(places, dtype=torch.float64)
    return distances, torch.tensor([0] * (1 + positives) + [1] * len(places))


def negatives_of_the_first_row(places: list[float], dimension: int) -> list[int]:
    """How often each of them is drawn."""
    positives = 100
    distances, labels = row_of_distances(places, positives)
    drawn: Counter[int] = Counter()
    for seed in range(DRAWS // positives):
        taken = DistanceWeighted()(candidates(distances, labels, dimension=dimension, seed=seed))
        drawn.update(taken.negative[taken.anchor == 0].tolist())
    return [drawn[1 + positives + place] for place in range(len(places))]


def inverse_density_by_hand(distance: float, dimension: int, lower: float) -> float:
    """1 / q(d) from the formula of the paper."""
    distance = max(distance, lower)
    return 1 / (distance ** (dimension - 2) * (1 - distance**2 / 4) ** ((dimension - 3) / 2))


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_frequencies_equal_the_closed_form(dimension: int) -> None:
    """Places so close together that even in 512 dimensions more than one is drawn; two that the cuts change."""
    spread = 0.5 / max(dimension, 4)
    places = [0.3, *(0.5 + spread * step for step in range(1, 7)), 1.39, 1.41]
    counts = negatives_of_the_first_row(places, dimension)
    weights = [inverse_density_by_hand(place, dimension, 0.5) if place < 1.4 else 0.0 for place in places]
    expected = [DRAWS * weight / sum(weights) for weight in weights]
    assert sum(counts) == DRAWS and counts[-1] == 0
    frequent = [number for number, value in enumerate(expected) if value >= 5]
    assert len(frequent) >= 4
    rest = set(range(len(places))) - set(frequent)
    observed = [counts[number] for number in frequent] + [sum(counts[number] for number in rest)]
    wanted = [expected[number] for number in frequent] + [sum(expected[number] for number in rest)]
    if wanted[-1] < 1e-6:
        assert observed.pop() == 0
        wanted.pop()
    assert chisquare(observed, wanted, sum_check=False).pvalue > 1e-3


def test_in_two_dimensions_near_is_less_likely_only_by_the_root_and_in_three_the_weight_is_one_over_d() -> None:
    distances = torch.tensor([0.5, 1.0, 1.3, 1.9], dtype=torch.float64)
    torch.testing.assert_close(inverse_density(distances, 2, 0.5).exp(), (1 - distances.square() / 4).sqrt())
    torch.testing.assert_close(inverse_density(distances, 3, 0.5).exp(), 1 / distances)


@pytest.mark.parametrize("dimension, nats", [(8, 4.7), (32, 22), (64, 45), (128, 91.7), (512, 370)])
def test_the_weight_at_the_lower_cut_over_that_at_the_upper_cut(dimension: int, nats: float) -> None:
    """From log q(d) = (n - 2) log d + (n - 3) / 2 log(1 - d^2 / 4) at 0.5 and 1.4."""
    near, far = inverse_density(torch.tensor([0.5, 1.4], dtype=torch.float64), dimension, 0.5).tolist()
    assert near - far == pytest.approx(nats, rel=0.015)


@pytest.mark.parametrize("dimension", [8, 128, 512])
def test_the_weight_is_least_where_the_density_has_its_mode(dimension: int) -> None:
    distances = torch.linspace(0.5, 1.99, 10_001, dtype=torch.float64)
    least = float(distances[inverse_density(distances, dimension, 0.5).argmin()])
    assert least == pytest.approx(math.sqrt(2 * (dimension - 2) / (dimension - 2.5)), abs=1e-3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_weights_are_finite_up_to_the_other_side_of_the_sphere(dimension: int, dtype: torch.dtype) -> None:
    distances, labels = row_of_distances([0.0, 1e-9, 1.0, 1.9999999, 2.0, 2.0000002, 7.0], 2)
    for miner in (DistanceWeighted(), DistanceWeighted(lower=0.0, upper=10.0)):
        taken = miner(candidates(distances.to(dtype), labels, dimension=dimension))
        weights = miner.weights(candidates(distances.to(dtype), labels, dimension=dimension))
        assert bool(weights.isfinite().all()) and float(weights[0].max()) == 1.0
        assert len(taken.anchor) and taken.effective_negatives >= 0.999


def test_many_dimensions_leave_no_row_without_weight() -> None:
    """Log weights span 370 nats; scaled by the largest of the whole batch most rows would be 0 in single precision."""
    generator = torch.Generator().manual_seed(0)
    points = torch.nn.functional.normalize(torch.randn(64, 512, generator=generator), dim=1)
    points[1] = points[0] + 0.01  # one close pair of two classes
    seen = candidates(euclidean_matrix(points), torch.arange(64) % 8, dimension=512)
    assert bool((DistanceWeighted().weights(seen).amax(1) == 1).all())
    assert len(DistanceWeighted()(seen).anchor) == 64 * 7


def test_anchors_whose_negatives_all_lie_beyond_the_upper_cut_draw_among_all_with_equal_chances() -> None:
    counts = negatives_of_the_first_row([1.4, 1.5, 1.6, 1.9], 128)
    assert sum(counts) == DRAWS
    assert chisquare(counts).pvalue > 1e-3


def test_every_pair_draws_by_itself() -> None:
    distances, labels = row_of_distances([1.0, 1.0], 40)
    rows = rows_of(DistanceWeighted()(candidates(distances, labels, dimension=8)))
    assert [row[:2] for row in rows] == sorted({(a, p) for a, p, _ in triplet_rows(labels)})
    assert len({n for a, _, n in rows if a == 0}) == 2


def test_the_effective_number_says_how_far_it_is_from_the_hardest_negative() -> None:
    labels = torch.tensor([0, 0] + [1] * 10)
    distances = torch.ones(12, 12, dtype=torch.float64).fill_diagonal_(0)
    equal = DistanceWeighted()(candidates(distances, labels, dimension=128)).effective_negatives
    assert equal == pytest.approx((2 * 10 + 10 * 2) / 12)
    distances[:2, 2] = distances[2, :2] = 0.6
    one = DistanceWeighted()(candidates(distances, labels, dimension=128)).effective_negatives
    assert one == pytest.approx((2 * 1 + 1 * 2 + 9 * 2) / 12, rel=1e-3)


def test_chances_equal_those_of_pytorch_metric_learning(monkeypatch: pytest.MonkeyPatch) -> None:
    """In few dimensions, where its scaling by the whole batch does no harm; its weights are caught on the way."""
    caught: list[Tensor] = []
    monkeypatch.setattr(
        loss_and_miner_utils,
        "get_random_triplet_indices",
        lambda labels, ref_labels, weights: caught.append(weights) or (torch.zeros(0, dtype=torch.int64),) * 3,
    )
    generator = torch.Generator().manual_seed(0)
    points = torch.nn.functional.normalize(torch.randn(24, 8, dtype=torch.float64, generator=generator), dim=1)
    labels = torch.arange(24) % 4
    DistanceWeightedMiner()(points, labels)
    weights = DistanceWeighted().weights(candidates(euclidean_matrix(points), labels, dimension=8))
    ours = weights / weights.sum(1, keepdim=True)
    assert bool((ours > 0).any(1).all()) and bool((ours == 0).any(1).all())
    torch.testing.assert_close(ours, caught[0])
