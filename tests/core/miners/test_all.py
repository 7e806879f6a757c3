from __future__ import annotations

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import ContrastiveLoss
from pytorch_metric_learning.miners import TripletMarginMiner
from pytorch_metric_learning.reducers import DoNothingReducer

from core.batch.mined import Pairs, as_consumed
from core.losses import LOSSES, Contrastive, MarginBased
from core.losses.base import Loss
from core.miners import All, SoftWeighting
from core.miners.base import Miner
from tests.core.loops import (
    all_pairs,
    batch,
    candidates,
    distance_table,
    evaluated,
    rows_of,
    tied_batch,
    triplet_rows,
)

OF_PAIRS: list[Loss] = [kind() for kind in LOSSES.values() if kind.consumes is Pairs]
OF_PAIRS += [Contrastive(margin=3.0, shape="linear", mean_over="active"), MarginBased(boundary_kind="fixed")]
# One pair of one class and four single samples: 2 ordered positive and 28 negative pairs, 8 of them with a triplet.
SPARSE = (2, 1, 1, 1, 1)


def pairs_for(loss: Loss, miner: Miner, points: torch.Tensor, labels: torch.Tensor) -> Pairs:
    distances = distance_table(points.detach())
    taken = as_consumed(miner(candidates(distances, labels)), loss.consumes, distances, labels)
    assert isinstance(taken, Pairs)
    return taken


def test_takes_every_triplet_of_the_batch() -> None:
    points, labels = tied_batch()
    taken = All()(candidates(distance_table(points), labels)).triplets(distance_table(points), labels)
    expected = list(triplet_rows(labels))
    assert len(expected) == sum(size * (size - 1) * (12 - size) for size in (5, 4, 2, 1))
    assert rows_of(taken) == expected


def test_takes_what_pytorch_metric_learning_takes() -> None:
    """Its "all" are the triplets within a margin; a huge margin leaves none out."""
    points, labels = batch()
    theirs = TripletMarginMiner(margin=1e9, type_of_triplets="all", distance=LpDistance(normalize_embeddings=False))(
        points, labels
    )
    taken = All()(candidates(distance_table(points), labels)).triplets(distance_table(points), labels)
    assert sorted(rows_of(taken)) == sorted(zip(*(rows.tolist() for rows in theirs), strict=True))


@pytest.mark.parametrize("miner", [All(), SoftWeighting()], ids=str)
@pytest.mark.parametrize("loss", OF_PAIRS, ids=str)
@pytest.mark.parametrize("sizes", [SPARSE, (5, 4, 2, 1), (1, 1, 1), (3,)], ids=str)
def test_a_loss_of_pairs_sees_every_pair(loss: Loss, miner: Miner, sizes: tuple[int, ...]) -> None:
    """Of rows that are in no triplet too: the value and gradient over pairs listed one by one."""
    points, labels = batch(sizes=sizes)
    points.requires_grad_()
    learned = loss.learned(len(sizes), points.shape[1], torch.Generator().manual_seed(0))
    learned = {name: tensor.double() for name, tensor in learned.items()}
    mined = pairs_for(loss, miner, points, labels)
    assert [int(mask.sum()) for mask in mined] == [int(mask.sum()) for mask in all_pairs(labels)]
    found, expected = (evaluated(loss, points, labels, pairs, learned) for pairs in (mined, all_pairs(labels)))
    assert (found.count, found.active) == (expected.count, expected.active)
    torch.testing.assert_close(found.objective, expected.objective)
    torch.testing.assert_close(
        *(torch.autograd.grad(terms.objective, points, allow_unused=True)[0] for terms in (found, expected))
    )


@pytest.mark.parametrize("shape", ["linear", "quadratic"])
def test_contrastive_on_a_batch_of_few_pairs_is_that_of_pytorch_metric_learning(shape: str) -> None:
    """It looks at all pairs where it is given no miner; its linear values by pair, or half their squares, averaged over
    all 30."""
    points, labels = batch(sizes=SPARSE)
    theirs = ContrastiveLoss(
        pos_margin=0.0,
        neg_margin=3.0,
        distance=LpDistance(normalize_embeddings=False),
        reducer=DoNothingReducer(),
    )(points, labels)
    values = torch.cat([theirs["pos_loss"]["losses"], theirs["neg_loss"]["losses"]])
    loss = Contrastive(margin=3.0, shape=shape)
    terms = evaluated(loss, points, labels, pairs_for(loss, All(), points, labels))
    assert len(values) == terms.count == 30
    torch.testing.assert_close(terms.objective, (values if shape == "linear" else values.square() / 2).mean())


def test_shuffled_batches_of_many_classes_lose_no_pair() -> None:
    """120 classes of 20, batches of 80: all 80 x 79 ordered pairs, where pairs of triplets alone are half of them."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(120).repeat_interleave(20)[torch.randperm(2400, generator=generator)[:80]]
    points = torch.randn(80, 4, dtype=torch.float64, generator=generator)
    mined = pairs_for(Contrastive(), All(), points, labels)
    in_triplets = mined.negative & mined.positive.any(1, keepdim=True)
    assert int(mined.positive.sum() + mined.negative.sum()) == 80 * 79
    assert 0.3 < int(in_triplets.sum()) / int(mined.negative.sum()) < 0.7
