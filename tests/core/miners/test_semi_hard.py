from __future__ import annotations

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.miners import TripletMarginMiner
from torch import Tensor

from core.batch.mined import Pairs, Triplets
from core.miners import SemiHard
from core.miners.semi_hard_rules import DIALECTS, DRAWN
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


@pytest.mark.parametrize("dialect", list(DIALECTS)[1:])
def test_a_dialect_takes_what_its_rule_takes_at_the_margin_of_the_miner_or_of_the_loss(dialect: str) -> None:
    points, labels = batch()
    for miner, margin in ((SemiHard(dialect=dialect), 0.75), (SemiHard(margin=0.3, dialect=dialect), 0.3)):
        seen = (candidates(distance_table(points), labels, margin=0.75, seed=4) for _ in range(2))
        found, expected = miner(next(seen)), DIALECTS[dialect](next(seen), margin)
        assert isinstance(found, Pairs | Triplets) and isinstance(expected, type(found))
        assert found[0].numel() and all(map(torch.equal, found[:2], expected[:2]))
        assert miner.is_random == (dialect in DRAWN)
