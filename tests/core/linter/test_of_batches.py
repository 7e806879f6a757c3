"""Each rule on batches at its edges, with the shares counted by drawing batches."""

from __future__ import annotations

import re

import pytest
import torch

from core.encoders import CompactCnn
from core.experiment.experiment import Experiment
from core.experiment.splits import ByIdentity, BySample
from core.linter import of_batches
from core.losses import Angular, Contrastive, NPair, Softmax, Triplet
from core.losses.base import Loss
from core.miners import All, SemiHard
from core.miners.base import Miner
from core.samplers import NPairs, PByK, Shuffled

FREE = CompactCnn(normalise=False)
SMALL = Shuffled(batch_size=16)
MANY = [5] * 1000


def drawn(counts: list[int], epochs: int = 40) -> tuple[float, float]:
    """The share of batches of SMALL without a triplet, and with at most one class of two samples."""
    labels = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    generator = torch.Generator().manual_seed(0)
    batches = [rows for _ in range(epochs) for rows in SMALL.batches(labels, generator) if len(rows) == 16]
    sizes = [labels[rows].unique(return_counts=True)[1] for rows in batches]
    without_triplet = sum(len(size) < 2 or int(size.max()) < 2 for size in sizes)
    without_two_pairs = sum(int((size > 1).sum()) < 2 for size in sizes)
    return without_triplet / len(sizes), without_two_pairs / len(sizes)


def share_in(reason: str) -> float:
    found = re.match(r"(\d+)%", reason)
    assert found is not None
    return int(found[1]) / 100


@pytest.mark.parametrize("counts", [[5] * 100, [30] * 40])
def test_shares_without_a_triplet_or_two_pairs_are_those_of_drawn_batches(counts: list[int]) -> None:
    without_triplet, without_two_pairs = drawn(counts)
    one = of_batches.batches_without_a_triplet(Experiment(sampler=SMALL), counts)
    two = of_batches.batches_without_two_pairs(Experiment(loss=NPair(), encoder=FREE, sampler=SMALL), counts)
    angular = Angular(negatives="all others")
    three = of_batches.batches_without_two_pairs(Experiment(loss=angular, sampler=SMALL), counts)
    assert two is not None and share_in(two.reason) == pytest.approx(without_two_pairs, abs=0.03)
    if without_triplet > 0.03:
        assert one is not None and share_in(one.reason) == pytest.approx(without_triplet, abs=0.03)
        assert three is not None and share_in(three.reason) == share_in(one.reason) < share_in(two.reason)


@pytest.mark.parametrize(
    ("loss", "miner", "said"),
    [
        (Triplet(), SemiHard(), "they teach nothing"),
        (Contrastive(), SemiHard(), "they teach nothing"),
        (Contrastive(), All(), "they only push apart, or only pull together"),
    ],
)
def test_a_loss_of_all_pairs_learns_something_without_a_triplet(loss: Loss, miner: Miner, said: str) -> None:
    finding = of_batches.batches_without_a_triplet(Experiment(loss=loss, miner=miner, sampler=SMALL), MANY)
    assert finding is not None and finding.reason.endswith(f"{said}.")


def test_batches_are_filled_with_what_the_classes_have() -> None:
    found = of_batches.batches_without_a_triplet(Experiment(sampler=SMALL), [3] * 400)
    assert found is not None
    assert found.changes == {"sampler": {"kind": "p-by-k", "classes_per_batch": 10, "samples_per_class": 3}}
    found = of_batches.batches_without_two_pairs(Experiment(loss=NPair(), sampler=Shuffled(batch_size=4)), [9] * 12)
    assert found is not None and found.changes == {"sampler": {"kind": "n-pairs", "classes_per_batch": 12}}


@pytest.mark.parametrize(
    ("experiment", "counts"),
    [
        (Experiment(sampler=PByK()), [140] * 10),
        (Experiment(loss=Softmax(), sampler=SMALL), MANY),
        (Experiment(sampler=SMALL), [5000]),
        (Experiment(sampler=PByK(classes_per_batch=20)), [140] * 10),
    ],
    ids=["full batches", "a loss that mines nothing", "one class", "a sampler that cannot serve"],
)
def test_what_is_well_or_said_elsewhere_is_left_alone(experiment: Experiment, counts: list[int]) -> None:
    assert of_batches.batches_without_a_triplet(experiment, counts) is None
    assert of_batches.batches_without_two_pairs(experiment, counts) is None


def test_two_pairs_are_asked_for_by_those_alone_who_compare_them() -> None:
    assert of_batches.batches_without_two_pairs(Experiment(sampler=SMALL), MANY) is None
    full = Experiment(loss=NPair(), encoder=FREE, sampler=NPairs())
    assert of_batches.batches_without_two_pairs(full, [40] * 50) is None


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([140], "only one class, so there is no negative pair"),
        ([1] * 10, "only one sample of each class, so there is no positive pair"),
        ([1], "only one class"),
        ([1, 2], None),
        ([], None),
    ],
)
def test_a_training_set_holds_both_kinds_of_pairs(counts: list[int], said: str | None) -> None:
    found = of_batches.nothing_to_compare(Experiment(), counts)
    assert (found is None) == (said is None)
    if found is not None:
        assert said is not None and said in found.reason and not found.mend and not found.changes


@pytest.mark.parametrize(
    ("experiment", "unused"),
    [
        (Experiment(loss=NPair(), sampler=PByK(samples_per_class=8)), "6 of 8 samples are unused"),
        (Experiment(loss=Angular(), sampler=PByK(samples_per_class=3)), "1 of 3 samples are unused"),
        (Experiment(loss=NPair(), sampler=PByK(samples_per_class=2)), None),
        (Experiment(loss=NPair(), sampler=NPairs()), None),
        (Experiment(loss=Triplet(), sampler=PByK()), None),
    ],
)
def test_a_loss_of_one_pair_leaves_no_sample_unused(experiment: Experiment, unused: str | None) -> None:
    found = of_batches.more_than_one_pair(experiment, [140] * 10)
    assert (found and unused and unused in found.reason) if unused else found is None
    assert found is None or found.changes == {"sampler": {"kind": "n-pairs", "classes_per_batch": 10}}


@pytest.mark.parametrize(
    ("experiment", "classes", "found"),
    [
        (Experiment(split=BySample()), 50, True),
        (Experiment(split=BySample()), 49, False),
        (Experiment(split=ByIdentity()), 5000, False),
    ],
)
def test_many_identities_are_not_judged_where_all_were_trained_on(
    experiment: Experiment, classes: int, found: bool
) -> None:
    finding = of_batches.known_identities(experiment, [5] * classes)
    assert (finding is not None) == found
    assert finding is None or (finding.changes == {"split": {"kind": "by-identity"}} and "All 50 " in finding.reason)
