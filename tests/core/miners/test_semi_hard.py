from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import pytest
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.miners import BatchEasyHardMiner, TripletMarginMiner
from torch import Tensor

from core.batch.mined import Pairs
from core.miners import SemiHard
from tests.core.loops import batch, candidates, distance_table, rows_of, tied_batch, triplet_rows


def taken(distances: Tensor, labels: Tensor, margin: float, miner: SemiHard | None = None) -> list[tuple[int, ...]]:
    miner = miner or SemiHard()
    return rows_of(miner(candidates(distances, labels, margin=margin)).triplets(distances, labels))


@pytest.mark.parametrize("squared, margin", [(False, 2.0), (True, 3.0)])
def test_takes_the_band_of_the_definition_ties_included(squared: bool, margin: float) -> None:
    """Whole numbers: a negative as far as the positive is taken, one exactly a margin further is not."""
    points, labels = tied_batch()
    distances = distance_table(points, squared)
    expected, nearest, furthest = [], 0, 0
    for a, p, n in triplet_rows(labels):
        gap = float(distances[a, n] - distances[a, p])
        nearest, furthest = nearest + (gap == 0), furthest + (gap == margin)
        if 0 <= gap < margin:
            expected.append((a, p, n))
    assert nearest and furthest, "the case must hold ties at both ends of the band"
    assert 0 < len(expected) < len(list(triplet_rows(labels)))
    assert taken(distances, labels, margin) == expected


def test_semi_hard_negatives_are_further_than_the_positive() -> None:
    points, labels = batch()
    distances = distance_table(points)
    rows = taken(distances, labels, 0.5)
    assert rows
    assert all(distances[a, n] > distances[a, p] for a, p, n in rows)


def test_takes_what_pytorch_metric_learning_takes_away_from_ties() -> None:
    """Its band is open below and closed above, ours the other way round: equal without ties."""
    points, labels = batch()
    theirs = TripletMarginMiner(
        margin=0.7, type_of_triplets="semihard", distance=LpDistance(normalize_embeddings=False)
    )(points, labels)
    rows = taken(distance_table(points), labels, 0.7)
    assert rows and sorted(rows) == sorted(zip(*(rows.tolist() for rows in theirs), strict=True))


def test_the_margin_is_that_of_the_loss_unless_the_miner_has_its_own() -> None:
    points, labels = batch()
    distances = distance_table(points)
    narrow, wide = taken(distances, labels, 0.2), taken(distances, labels, 1.0)
    assert len(narrow) < len(wide)
    assert taken(distances, labels, 0.2, SemiHard(margin=1.0)) == wide
    assert taken(distances, labels, 1.0, SemiHard(margin=0.2)) == narrow


def rows(dialect: str, distances: Tensor, labels: Tensor, margin: float, seed: int = 0) -> list[tuple[int, ...]]:
    return rows_of(SemiHard(dialect=dialect)(candidates(distances, labels, margin=margin, seed=seed)))


def pairs_with_negatives(labels: Tensor) -> Iterator[tuple[int, int, list[int]]]:
    """Every ordered positive pair, with the negatives of its anchor."""
    numbers = labels.tolist()
    for a, label in enumerate(numbers):
        negatives = [n for n, other in enumerate(numbers) if other != label]
        for p, other in enumerate(numbers):
            if other == label and p != a and negatives:
                yield a, p, negatives


def nearest(distances: Tensor, a: int, rows: list[int]) -> int:
    return min(rows, key=lambda n: (float(distances[a, n]), n))


def furthest(distances: Tensor, a: int, rows: list[int]) -> int:
    return max(rows, key=lambda n: (float(distances[a, n]), -n))


TIED = [tied_batch(seed) for seed in range(3)]


@pytest.mark.parametrize("points, labels", TIED)
def test_facenet_takes_the_nearest_negative_inside_the_band_for_every_positive_pair(
    points: Tensor, labels: Tensor
) -> None:
    distances = distance_table(points, squared=True)
    expected, pairs = [], 0
    for a, p, negatives in pairs_with_negatives(labels):
        inside = [n for n in negatives if distances[a, p] < distances[a, n] < distances[a, p] + 3]
        pairs += 1
        if inside:
            expected.append((a, p, nearest(distances, a, inside)))
    assert 0 < len(expected) < pairs
    assert rows("FaceNet", distances, labels, 3.0) == expected


@pytest.mark.parametrize("points, labels", TIED)
def test_wu_and_tensorflow_take_the_nearest_negative_beyond_the_positive_or_else_the_furthest(
    points: Tensor, labels: Tensor
) -> None:
    distances = distance_table(points)
    expected, without = [], 0
    for a, p, negatives in pairs_with_negatives(labels):
        beyond = [n for n in negatives if distances[a, n] > distances[a, p]]
        without += not beyond
        expected.append((a, p, nearest(distances, a, beyond) if beyond else furthest(distances, a, negatives)))
    assert 0 < without < len(expected)
    assert rows("Wu-TF", distances, labels, 0.2) == expected


def test_siamese_triplet_draws_one_negative_of_the_band_for_every_positive_pair_in_one_order() -> None:
    points, labels = batch()
    distances = distance_table(points)
    inside = {
        (a, p): [n for n in negatives if distances[a, p] < distances[a, n] < distances[a, p] + 1]
        for a, p, negatives in pairs_with_negatives(labels)
        if a < p
    }
    inside = {pair: negatives for pair, negatives in inside.items() if negatives}
    drawn = Counter(row for seed in range(500) for row in rows("siamese-triplet", distances, labels, 1.0, seed))
    assert set(drawn) == {(a, p, n) for (a, p), negatives in inside.items() for n in negatives}
    for (a, p), negatives in inside.items():
        counts = [drawn[a, p, n] for n in negatives]
        assert sum(counts) == 500
        assert all(abs(count - 500 / len(counts)) < 5 * math.sqrt(500 / len(counts)) for count in counts)
    assert max(map(len, inside.values())) >= 3


def test_rdml_draws_one_positive_per_anchor_and_a_negative_of_the_band_or_else_any() -> None:
    points, labels = batch()
    distances = distance_table(points)
    expected: dict[tuple[int, int], set[int]] = {}
    without = 0
    for a, p, negatives in pairs_with_negatives(labels):
        inside = {n for n in negatives if distances[a, p] < distances[a, n] < distances[a, p] + 1}
        without += not inside
        expected[a, p] = inside or set(negatives)
    assert 0 < without < len(expected)
    drawn: dict[tuple[int, int], set[int]] = {}
    for seed in range(500):
        found = rows("RDML", distances, labels, 1.0, seed)
        assert [a for a, _, _ in found] == sorted({a for a, _ in expected})
        for a, p, n in found:
            drawn.setdefault((a, p), set()).add(n)
    assert drawn == expected


@pytest.mark.parametrize("points, labels", TIED)
@pytest.mark.parametrize("dialect", ["PML easy-hard", "TF-Similarity"])
def test_the_negative_lies_beyond_the_furthest_positive_or_else_is_none_or_the_furthest(
    dialect: str, points: Tensor, labels: Tensor
) -> None:
    distances = distance_table(points)
    expected, without = [], 0
    for a in sorted({a for a, _, _ in pairs_with_negatives(labels)}):
        positives = [p for first, p, _ in pairs_with_negatives(labels) if first == a]
        negatives = next(negatives for first, _, negatives in pairs_with_negatives(labels) if first == a)
        p = furthest(distances, a, positives)
        beyond = [n for n in negatives if distances[a, n] > distances[a, p]]
        without += not beyond
        if beyond or dialect == "TF-Similarity":
            expected.append((a, p, nearest(distances, a, beyond) if beyond else furthest(distances, a, negatives)))
    assert without and len(expected) > without
    assert rows(dialect, distances, labels, 0.2) == expected


@pytest.mark.parametrize("seed", range(3))
def test_easy_hard_takes_what_pytorch_metric_learning_takes(seed: int) -> None:
    points, labels = batch(seed)
    theirs = BatchEasyHardMiner("hard", "semihard", distance=LpDistance(normalize_embeddings=False))(points, labels)
    anchor, positive, _, negative = (rows.tolist() for rows in theirs)
    found = rows("PML easy-hard", distance_table(points), labels, 0.2)
    assert found and sorted(found) == sorted(zip(anchor, positive, negative, strict=True))


@pytest.mark.parametrize("points, labels", TIED)
def test_quaterion_compares_pairs_across_anchors(points: Tensor, labels: Tensor) -> None:
    distances = distance_table(points, squared=True)
    positives = [(a, p) for a, p, _ in pairs_with_negatives(labels)]
    negatives = sorted({(a, n) for a, _, n in triplet_rows(labels)} | {(n, a) for a, _, n in triplet_rows(labels)})
    expected_positives, expected_negatives = set(), set()
    for pair in positives:
        for other in negatives:
            if distances[pair] < distances[other] < distances[pair] + 2:
                expected_positives.add(pair)
                expected_negatives.add(other)
    mined = SemiHard(dialect="Quaterion")(candidates(distances, labels, margin=2.0))
    assert isinstance(mined, Pairs)
    assert set(map(tuple, mined.positive.nonzero().tolist())) == expected_positives
    assert set(map(tuple, mined.negative.nonzero().tolist())) == expected_negatives
    assert 0 < len(expected_negatives) < len(negatives)
