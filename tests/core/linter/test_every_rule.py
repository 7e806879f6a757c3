from __future__ import annotations

import pytest

from core.datasets import Strokes
from core.distances import SquaredEuclidean
from core.encoders import CompactCnn
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.experiment.schedule import Schedule
from core.linter import RULES, lint
from core.losses import (
    LOSSES,
    Angular,
    ASoftmax,
    Center,
    Contrastive,
    MarginBased,
    MultiSimilarity,
    NPair,
    ProxyAnchor,
    Triplet,
)
from core.losses.base import Loss
from core.miners import BatchHard, DistanceWeighted, SemiHard
from core.samplers import PByK, Shuffled

FREE = CompactCnn(normalise=False)
TEN = [140] * 10
MANY = [5] * 1000

# One experiment for every rule, in the order of the rules.
CASES: dict[str, tuple[Experiment, list[int]]] = {
    "an empty band": (Experiment(loss=Triplet(margin=0.0)), TEN),
    "no gap to ask for": (Experiment(loss=Triplet(margin=0.0), miner=SemiHard(dialect="PML easy-hard")), TEN),
    "no part has a weight": (Experiment.suited(Angular(angular_weight=0.0)), TEN),
    "positives out of reach": (Experiment.suited(Contrastive(positive_margin=2.0)), TEN),
    "margin out of reach": (Experiment(loss=Contrastive(margin=2.0)), TEN),
    "two margins": (Experiment(miner=SemiHard(margin=0.5)), TEN),
    "two distances": (Experiment(loss=MultiSimilarity(), encoder=FREE, miner=SemiHard()), TEN),
    "trained by angle, judged by length": (Experiment.suited(MultiSimilarity(), encoder=FREE), TEN),
    "N-pair on the unit sphere": (Experiment.suited(NPair(), encoder=CompactCnn()), TEN),
    "batches without a triplet": (Experiment(sampler=Shuffled(batch_size=16)), MANY),
    "batches without two pairs": (Experiment.suited(NPair(), sampler=Shuffled(batch_size=16)), MANY),
    "nothing to compare": (Experiment(), [1] * 10),
    "the miner's upper cut": (Experiment(loss=MarginBased(boundary=1.0), miner=DistanceWeighted()), TEN),
    "centre loss alone": (Experiment.suited(Center(softmax_weight=0.0)), TEN),
    "A-softmax without annealing": (Experiment.suited(ASoftmax(annealing_start=0.0)), TEN),
    "an activation on the embedding": (Experiment(encoder=CompactCnn(activation="relu")), TEN),
    "more than one pair of a class": (Experiment(loss=NPair(), encoder=FREE, sampler=PByK()), TEN),
    "judged on known identities": (Experiment(dataset=Strokes(), sampler=PByK()), [20] * 100),
    "learned tensors that stand still": (Experiment.suited(ProxyAnchor(proxy_rate=0.0001)), TEN),
    "squared distances and hardest negatives": (Experiment(distance=SquaredEuclidean(), miner=BatchHard()), TEN),
    "hardest triplets at full speed": (Experiment(miner=BatchHard(), schedule=Schedule(learning_rate=0.1)), TEN),
}


def test_there_is_a_case_for_every_rule() -> None:
    assert len(CASES) == len(RULES) == 21
    for rule, (experiment, counts) in zip(RULES, CASES.values(), strict=True):
        assert rule(experiment, counts) is not None, rule.__name__


@pytest.mark.parametrize("name", CASES)
def test_every_finding_names_its_rule_its_reason_and_its_mend(name: str) -> None:
    experiment, counts = CASES[name]
    found = {finding.rule: finding for finding in lint(experiment, counts)}
    assert name in found and found[name].reason.endswith(".")
    assert bool(found[name].mend) == bool(found[name].changes)


@pytest.mark.parametrize("name", [name for name in CASES if name != "nothing to compare"])
def test_the_mend_mends(name: str) -> None:
    """Applied one after another, they leave nothing to say."""
    experiment, counts = CASES[name]
    for _ in range(4):
        for finding in lint(experiment, counts)[:1]:
            changed = experiment.changed(finding.changes)
            assert changed != experiment and finding.rule not in {other.rule for other in lint(changed, counts)}
            experiment = changed
    assert lint(experiment, counts) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_is_found_fault_with(preset: str) -> None:
    experiment = PRESETS[preset].experiment
    counts = [8] * 40 if experiment.split.name == "by-identity" else TEN
    assert lint(experiment, counts) == []


@pytest.mark.parametrize("kind", LOSSES.values(), ids=LOSSES)
def test_no_loss_is_found_fault_with_as_it_wants_to_be_trained(kind: type[Loss]) -> None:
    assert [finding.rule for finding in lint(Experiment.suited(kind()), TEN)] == []
