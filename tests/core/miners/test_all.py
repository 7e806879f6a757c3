from __future__ import annotations

from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.miners import TripletMarginMiner

from core.miners import All
from tests.core.loops import batch, candidates, distance_table, rows_of, spelled_out, tied_batch, triplet_rows


def test_takes_every_triplet_of_the_batch() -> None:
    points, labels = tied_batch()
    taken = spelled_out(All()(candidates(distance_table(points), labels)), distance_table(points), labels)
    expected = list(triplet_rows(labels))
    assert len(expected) == sum(size * (size - 1) * (12 - size) for size in (5, 4, 2, 1))
    assert rows_of(taken) == expected


def test_takes_what_pytorch_metric_learning_takes() -> None:
    """Its "all" are the triplets within a margin; a huge margin leaves none out."""
    points, labels = batch()
    theirs = TripletMarginMiner(margin=1e9, type_of_triplets="all", distance=LpDistance(normalize_embeddings=False))(
        points, labels
    )
    taken = spelled_out(All()(candidates(distance_table(points), labels)), distance_table(points), labels)
    assert sorted(rows_of(taken)) == sorted(zip(*(rows.tolist() for rows in theirs), strict=True))
