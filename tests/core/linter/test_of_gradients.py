"""Settings that train nothing, found by trying: one batch for every loss, each of its extremes and every miner.

A step is taken where a term is above 0; what never takes one, or only with a gradient of 0, must be a finding, and what
takes one must not be called idle.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from core.distances import Euclidean
from core.experiment.experiment import Experiment
from core.linter import lint
from core.losses import LOSSES, Angular, Circle, Contrastive, LiftedStructured, NPair, Triplet
from core.losses.base import Batch, Loss
from core.miners import MINERS, All, BatchHard, SemiHard
from core.miners.base import Candidates, Miner
from core.miners.semi_hard_rules import DIALECTS
from core.params import Declared, params_of
from core.samplers import ClassBalanced, HardClasses, NPairs, PByK, Ratio, Shuffled
from core.samplers.base import Sampler

IDLE = {"an empty band", "no gap to ask for", "no part has a weight"}
OUT_OF_REACH = "positives out of reach"  # the negatives may still be pushed
CLASSES, PER_CLASS, DIMENSION = 8, 4, 8
TEN = [140] * 10


def extremes(kind: type[Declared]) -> list[Declared]:
    """The member as it is and with each parameter at every end or choice, and, where it has several weights or margins,
    with each two of them at 0."""
    declared = params_of(kind)
    ends = {one.name: one.choices or (one.low, one.high) for one in declared}
    found = [kind(), *(replace(kind(), **{name: value}) for name, values in ends.items() for value in values)]
    lowest = {one.name: one.low for one in declared if one.low == 0.0}
    found += [replace(kind(), **{first: 0.0, second: 0.0}) for first in lowest for second in lowest if first < second]
    return list(dict.fromkeys(found))


def batch(seed: int, counts: list[int] | None = None) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(CLASSES).repeat_interleave(PER_CLASS if counts is None else torch.tensor(counts))
    points = torch.randn(len(labels), DIMENSION, generator=generator, dtype=torch.float64)
    return torch.nn.functional.normalize(points).requires_grad_(), labels


def trains(loss: Loss, miner: Miner, points: Tensor, labels: Tensor, classes: int = CLASSES) -> bool:
    """Whether an update with this batch moves anything."""
    generator = torch.Generator().manual_seed(0)
    learned = {
        name: start.double().requires_grad_() for name, start in loss.learned(classes, DIMENSION, generator).items()
    }
    matrix = Euclidean().matrix(points)
    mined = None
    if loss.consumes is not None:
        taken = miner(Candidates(matrix.detach(), labels, loss.hardness_margin, DIMENSION, generator))
        mined = loss.as_consumed(taken, matrix.detach(), labels)
    terms = loss(Batch(points, labels, matrix, learned, generator), mined)
    if not terms.active:
        return False
    moved = torch.autograd.grad(terms.objective, [points, *learned.values()], allow_unused=True)
    return any(gradient is not None and bool(gradient.any()) for gradient in moved)


LOSS_VARIANTS = [loss for kind in LOSSES.values() for loss in extremes(kind)]
# The miners that may take nothing, and two that never do.
MINER_VARIANTS = [
    *(SemiHard(dialect=dialect) for dialect in DIALECTS),
    *(SemiHard(dialect=dialect, margin=0.5) for dialect in ("all in band", "PML easy-hard", "Quaterion")),
    All(),
    BatchHard(),
]


@pytest.mark.parametrize("name", LOSSES)
def test_what_trains_nothing_is_found_and_nothing_else(name: str) -> None:
    batches, idle = [batch(seed) for seed in range(2)], 0
    for loss in (loss for loss in LOSS_VARIANTS if loss.name == name):
        for miner in MINER_VARIANTS if loss.consumes is not None else MINER_VARIANTS[:1]:
            moves = any(trains(loss, miner, *drawn) for drawn in batches)
            rules = {finding.rule for finding in lint(Experiment.suited(loss, miner=miner), TEN)}
            if moves:
                assert not rules & IDLE, f"{loss} with {miner} moves"
            else:
                assert rules & {*IDLE, OUT_OF_REACH}, f"{loss} with {miner} moves nothing"
            idle += not moves
    has_idle = {
        "triplet",
        "quadruplet",
        "margin-based",
        "lifted-structured",
        "generalised-lifted",
        "ranked-list",
        "lmnn",
    }
    assert (idle > 0) == (name in has_idle | {"angular", "center", "triplet-center", "contrastive"})


@pytest.mark.parametrize("kind", MINERS.values(), ids=MINERS)
def test_no_extreme_of_a_miner_trains_nothing(kind: type[Miner]) -> None:
    for miner in extremes(kind):
        assert isinstance(miner, Miner)
        for loss in (Triplet(), Contrastive(), Circle(), LiftedStructured()):
            assert any(trains(loss, miner, *batch(seed)) for seed in range(3)), f"{loss} with {miner}"


STARVED = {"batches without a triplet", "batches without two pairs"}
LONELY = [1] * 30 + [4, 4]  # nearly all classes have a single sample
SAMPLED: list[tuple[Sampler, list[int]]] = [
    (Shuffled(batch_size=16), [5] * 200),
    (Shuffled(batch_size=4), [20] * 6),
    (ClassBalanced(batch_size=6), [5] * 12),
    (ClassBalanced(batch_size=20), [40] * 4),
    (PByK(classes_per_batch=2, samples_per_class=2), [5] * 12),
    (PByK(classes_per_batch=4, samples_per_class=2), LONELY),
    (HardClasses(classes_per_batch=3, samples_per_class=2), LONELY),
    (Ratio(batch_size=8, negatives_per_positive=1.0), [5] * 12),
    (Ratio(batch_size=6, negatives_per_positive=14.0), [9] * 20),  # parts of 2, 1, 1, 1, 1
    (NPairs(classes_per_batch=2), LONELY),
]
# Those that need a pair and a negative, that need two pairs, and one that learns from any pair.
TRIED: list[Loss] = [Triplet(shape="soft margin"), NPair(), Angular(), Angular(negatives="all others"), Contrastive()]


@pytest.mark.parametrize("sampler, counts", SAMPLED, ids=str)
def test_batches_that_teach_nothing_are_found(sampler: Sampler, counts: list[int]) -> None:
    """Random embeddings for 30 batches of the sampler: where more than a tenth of them move nothing there is a finding
    (one or two may be an accident), and where one says that they teach nothing some do."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    centres, drawn = torch.randn(len(counts), 4, generator=generator), []
    while len(drawn) < 30:
        drawn += sampler.batches(labels, generator, centres)
    points = torch.randn(len(labels), DIMENSION, generator=generator, dtype=torch.float64).requires_grad_()
    for loss in TRIED:
        experiment = Experiment.suited(loss, sampler=sampler, miner=All())
        said = [finding.reason for finding in lint(experiment, counts) if finding.rule in STARVED]
        idle = [not trains(loss, All(), points[rows], labels[rows], len(counts)) for rows in drawn[:30]]
        assert sum(idle) <= 0.1 * len(idle) or said, f"{loss}: {sum(idle)} batches move nothing"
        assert any(idle) or not any("teach nothing" in reason for reason in said), f"{loss}: all move, {said}"
