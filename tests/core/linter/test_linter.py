from __future__ import annotations

from dataclasses import replace

import pytest

from core.datasets import Strokes
from core.distances import DISTANCES, Cosine, DotProduct, Manhattan, SquaredEuclidean
from core.distances.base import Distance
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


def test_margin_without_a_scale() -> None:
    free = Experiment(encoder=FREE)
    assert [finding.rule for finding in lint(free, TEN)] == ["margin without a scale"]
    assert lint(replace(free, loss=Triplet(margin=1.0)), TEN) == []


def test_what_is_made_for_the_unit_sphere() -> None:
    rules = [finding.rule for finding in lint(Experiment(miner=DistanceWeighted(), encoder=FREE), TEN)]
    assert "made for the unit sphere" in rules


def test_a_margin_is_within_reach_of_the_differences_of_its_distance() -> None:
    """Unit length, 64 dimensions: products from -1 to 1, Manhattan to 16; cosines need no unit length."""
    for distance, encoder, reach in (
        (DotProduct(), CompactCnn(), 2.0),
        (Manhattan(), CompactCnn(), 16.0),
        (Cosine(), FREE, 2.0),
    ):
        for margin in (reach - 0.1, reach) if reach < 10 else (9.9,):
            experiment = Experiment(loss=Triplet(margin=margin), distance=distance, encoder=encoder)
            rules = [finding.rule for finding in lint(experiment, TEN)]
            assert ("margin out of reach" in rules) == (margin >= reach)
    assert not lint(Experiment(loss=Triplet(margin=0.2), distance=Cosine(), encoder=FREE), TEN)


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=DISTANCES)
def test_an_angle_is_no_length_and_orders_as_the_cosine(kind: type[Distance]) -> None:
    """Of embeddings of any length whatever ignores lengths judges by angle, and of those of unit length everything."""
    distance = kind()
    for encoder, is_judged_by_length in ((CompactCnn(), False), (FREE, not distance.ignores_length)):
        experiment = Experiment(loss=MultiSimilarity(), encoder=encoder, miner=SemiHard(), distance=distance)
        rules = {finding.rule for finding in lint(experiment, TEN)}
        assert ("trained by angle, judged by length" in rules) == is_judged_by_length
        assert ("two distances" in rules) == (is_judged_by_length or not distance.orders_as_cosine)
