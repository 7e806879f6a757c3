"""What rates are worth against the definition, one identity and one couple of blocks at a time."""

from itertools import combinations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from core.evidence.effective_numbers import (
    PRIOR_GENUINE,
    PRIOR_IMPOSTOR,
    equivalent_sizes,
    genuine_numbers,
    impostor_numbers,
    kish,
)
from core.verification.weighted_curve import IDENTITIES, PAIRS
from tests.core.evidence.test_identity_counts import points_of
from tests.core.identity_pairs import identity_pairs

# Of every identity with a genuine pair, and of every two identities: pairs and the share that is accepted.
OfIdentity = dict[int, tuple[int, float]]
OfBlock = dict[tuple[int, ...], tuple[int, float]]
SIZES = (1, 2, 5, 3, 1, 7, 4, 6, 9, 2, 3, 5, 1, 4, 3)
EDGES = np.linspace(0, 12, 25)


def rates_of(points: np.ndarray, labels: np.ndarray, threshold: float) -> tuple[OfIdentity, OfBlock]:
    """Of every identity with a genuine pair, and of every two identities: (pairs, share accepted)."""
    accepted = {}
    for a, b in combinations(range(len(labels)), 2):
        both = tuple(sorted((int(labels[a]), int(labels[b]))))
        apart = float(np.sqrt(np.square(points[a] - points[b]).sum()))
        accepted.setdefault(both, []).append(apart <= threshold)
    found = {both: (len(which), sum(which) / len(which)) for both, which in accepted.items()}
    return {k[0]: v for k, v in found.items() if k[0] == k[1]}, {k: v for k, v in found.items() if k[0] != k[1]}


def genuine_by_hand(of_identity: OfIdentity, by: str) -> tuple[float, float]:
    """Effective number and degrees of freedom, unbounded."""
    count, total = len(of_identity), sum(pairs for pairs, _ in of_identity.values())
    mean = sum(rate for _, rate in of_identity.values()) / count
    excess = possible = tells = tells_squared = fourths = squares = 0.0
    for pairs, rate in of_identity.values():
        size = next(n for n in range(2, 50) if n * (n - 1) // 2 == pairs)
        weight = 1 - 2 / size
        deviation = (rate - mean) ** 2 / (mean * (1 - mean))
        excess += weight * (deviation * count / (count - 1) - 1 / pairs)
        possible += weight * (1 - 1 / pairs)
        tells, tells_squared = tells + weight, tells_squared + weight**2
        squares, fourths = squares + weight * deviation, fourths + (weight * deviation) ** 2
    informing = tells**2 / tells_squared
    correlation = (informing * min(max(excess / possible, 0), 1) + PRIOR_GENUINE) / (informing + PRIOR_GENUINE)
    variance = 0.0
    for pairs, _ in of_identity.values():
        weight = pairs / total if by == PAIRS else 1 / count
        variance += weight**2 * (correlation + (1 - correlation) / pairs)
    return 1 / variance, min(2 / (fourths / squares**2 - 1 / informing), informing)


def impostor_by_hand(of_block: OfBlock, by: str) -> tuple[float, float]:
    """The same of the blocks, over all couples of them."""
    names = sorted({name for both in of_block for name in both})
    count, total = len(names), sum(pairs for pairs, _ in of_block.values())
    mean = sum(rate for _, rate in of_block.values()) / len(of_block)
    weights = {both: pairs / total if by == PAIRS else 1 / len(of_block) for both, (pairs, _) in of_block.items()}
    products, couples, weight_products = 0.0, 0, 0.0
    for one, two in combinations(of_block, 2):
        if set(one) & set(two):
            products += (of_block[one][1] - mean) * (of_block[two][1] - mean)
            weight_products += 2 * weights[one] * weights[two]
            couples += 1
    single = mean * (1 - mean)
    found = min(max(products / couples * count / (count - 3) / single, 0), 0.5)
    correlation = (count * found + PRIOR_IMPOSTOR / 2) / (count + PRIOR_IMPOSTOR)
    spread = sum((rate - mean) ** 2 for _, rate in of_block.values()) / len(of_block) / single
    alike = min(max(spread, 2 * correlation), 1)
    own = [sum(of_block[both][1] - mean for both in of_block if name in both) ** 2 for name in names]
    freedom = 2 / max(sum(x * x for x in own) / sum(own) ** 2 - 1 / count, 2 / count)
    squares = sum(weight**2 for weight in weights.values())
    return 1 / (correlation * weight_products + alike * squares), min(freedom, max(count / 3 - 1, 1))


@pytest.mark.parametrize("by", [PAIRS, IDENTITIES])
def test_numbers_are_those_written_out(by: str) -> None:
    points, labels = points_of(SIZES, seed=5)
    pairs, seen = identity_pairs(points, labels, EDGES), 0
    genuine, impostor = pairs.genuine_numbers(by), pairs.impostor_numbers(by)
    _, weights, _ = pairs.weights(by)
    for place in (2, 3, 4, 5, 6):
        of_identity, of_block = rates_of(points, labels, EDGES[place + 1])
        if len({rate for _, rate in of_identity.values()}) == 1:
            continue
        for found, (number, freedom), entirely in (
            (genuine, genuine_by_hand(of_identity, by), kish(weights)),
            (impostor, impostor_by_hand(of_block, by), 2 / float(np.square(pairs.weights(by)[0]).sum())),
        ):
            if np.isfinite(found.freedom[place]):
                assert_allclose([found.pairs[place], found.freedom[place]], [number, freedom], rtol=1e-5)
                seen += 1
            else:
                assert_allclose(found.pairs[place], entirely, rtol=1e-5)
                assert stats.t.ppf(0.975, freedom) ** 2 / number > stats.norm.ppf(0.975) ** 2 / entirely
    assert seen >= 2


def test_kishs_number_is_that_of_his_formula() -> None:
    """100 identities with one pair and one with 19,900: 1.01 effective ones. The impostor ends of one with 200 samples
    and 100 with 2: 8.6."""
    assert_allclose(kish(np.array([19_900.0] + [1.0] * 100)), 1.01, atol=0.0005)
    sizes = np.array([200.0] + [2.0] * 100)
    assert_allclose(kish(sizes * (sizes.sum() - sizes)), 8.6, atol=0.05)
    assert kish(np.zeros(3)) == 0


def test_sizes_come_back_from_their_pairs() -> None:
    sizes = np.arange(2, 300)
    assert_allclose(equivalent_sizes(sizes * (sizes - 1) / 2), sizes)


def test_equal_sizes_have_the_variance_of_the_identities_rates() -> None:
    """The cluster-robust one: with as many identities that what is added to them does not count."""
    generator = np.random.default_rng(0)
    chance = generator.beta(1, 4, size=4000)
    rejected = generator.binomial(10, chance)
    found = genuine_numbers(10 - rejected[None], np.full(4000, 10), np.full(4000, 1 / 4000))
    rates = rejected / 10
    expected = rates.mean() * (1 - rates.mean()) / (rates.var(ddof=1) / 4000)
    assert_allclose(found.pairs[0], expected, rtol=0.01)


def test_the_identity_that_makes_the_rate_does_not_hide_its_own_variance() -> None:
    """All residuals but its own are small, and its own is 0: the rate is still worth no more than what others say."""
    accepted = np.array([[19_000] + [20, 40, 45, 30, 41, 10, 44, 35, 25, 43]])
    pairs = np.array([19_900] + [45] * 10)
    found = genuine_numbers(accepted, pairs, pairs / pairs.sum())
    assert found.pairs[0] < 10


def test_nothing_is_known_of_identities_with_one_pair_each_but_that_they_are_as_many() -> None:
    accepted = np.array([[1] * 90 + [0] * 10])
    found = genuine_numbers(accepted, np.ones(100), np.full(100, 0.01))
    assert_allclose(found.pairs, 100) and np.isinf(found.freedom).all()


def test_rates_without_an_error_are_worth_the_identities() -> None:
    found = genuine_numbers(np.full((1, 20), 10), np.full(20, 10), np.full(20, 0.05))
    assert_allclose(found.pairs, 20)
    blocks, sizes = np.full(20, 19), np.ones(20)
    weights = sizes * 19 / 190
    found = impostor_numbers(np.zeros((1, 20)), np.zeros(1), blocks, weights, 1 / 190)
    assert_allclose(found.pairs, 10)
    assert_allclose(found.linear, 1 - 2 / 20 / (4 / 20), rtol=1.0)
