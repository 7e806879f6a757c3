from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.distances import SquaredEuclidean
from core.encoders import CompactCnn
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.losses import LOSSES, Softmax, Triplet
from core.miners import BatchHard
from core.statistics.spectrum import spectrum
from core.training.collapse import collapse_constant, cures, diagnose

HARDEST = Experiment(miner=BatchHard(), schedule=Schedule(learning_rate=0.1))
LABELS = np.repeat(np.arange(10), 20)


def on_sphere(points: np.ndarray) -> dict[str, float]:
    return spectrum(points / np.linalg.norm(points, axis=1, keepdims=True), LABELS)


def cloud(seed: int = 0) -> np.ndarray:
    """Ten classes of twenty in 64 dimensions, each around a direction of its own."""
    generator = np.random.default_rng(seed)
    return generator.normal(size=(10, 64))[LABELS] + 0.5 * generator.normal(size=(200, 64))


HEALTHY = on_sphere(cloud())


def test_a_healthy_space_raises_no_alarm() -> None:
    assert diagnose(HEALTHY, HEALTHY, 10, HARDEST) is None


@pytest.mark.parametrize(
    "points, kind, says",
    [
        (np.ones(64) + 0.01 * cloud(), "total", "all embeddings have nearly become one point"),
        (np.eye(64)[LABELS] + 0.001 * cloud(), "class", "each class has nearly become one point"),
        (cloud() * ([1.0] * 2 + [0.01] * 62), "dimensional", "of 64 dimensions"),
    ],
    ids=["total", "class", "dimensional"],
)
def test_every_kind_is_named_with_its_evidence(points: np.ndarray, kind: str, says: str) -> None:
    found = diagnose(on_sphere(points), HEALTHY, 10, HARDEST)
    assert found is not None and found.kind == kind
    assert says in found.sentence and len(found.evidence) == 1


def test_two_dimensions_are_not_too_few_for_an_encoder_of_two() -> None:
    flat = replace(HARDEST, encoder=CompactCnn(dimension=2))
    numbers = on_sphere(cloud()[:, :2])
    assert numbers["effective_rank"] < 2.1
    assert diagnose(numbers, HEALTHY, 10, flat) is None


@pytest.mark.parametrize("rank, alarmed", [(12.0, False), (8.1, False), (7.8, True), (3.0, True)])
def test_many_classes_need_no_dimension_each(rank: float, alarmed: bool) -> None:
    """240 of them have 2^7.9 as their number; a healthy training of as many identities fills 12 to 15 of 64."""
    found = diagnose(HEALTHY | {"effective_rank": rank}, HEALTHY | {"effective_rank": 45.0}, 240, HARDEST)
    assert (found is not None and found.kind == "dimensional") == alarmed


def test_a_loss_at_its_constant_is_evidence_and_never_the_verdict() -> None:
    """A triplet loss starts near its margin."""
    assert diagnose(HEALTHY, HEALTHY, 10, HARDEST, recent_loss=0.2) is None
    one_point = on_sphere(np.ones(64) + 0.01 * cloud())
    told = diagnose(one_point, HEALTHY, 10, HARDEST, recent_loss=0.2)
    assert told is not None and "when all embeddings are equal" in told.evidence[-1]
    elsewhere = diagnose(one_point, HEALTHY, 10, HARDEST, recent_loss=0.5)
    assert elsewhere is not None and len(elsewhere.evidence) == 1


def test_embeddings_of_free_length_are_judged_by_their_start() -> None:
    free = replace(HARDEST, encoder=CompactCnn(normalise=False))
    first, shrunk = spectrum(40 * cloud(), LABELS), spectrum(cloud(), LABELS)
    assert diagnose(shrunk, shrunk, 10, free) is None
    assert getattr(diagnose(shrunk, first, 10, free), "kind", None) == "total"


@pytest.mark.parametrize(
    "experiment, expected",
    [
        (Experiment(), 0.2),
        (HARDEST, 0.2),
        (Experiment(loss=Triplet(shape="soft margin")), np.log(2)),
    ],
    ids=["hinge", "hardest", "soft margin"],
)
def test_the_constant_is_what_the_loss_gives_for_equal_embeddings(experiment: Experiment, expected: float) -> None:
    assert collapse_constant(experiment) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_a_constant(name: str) -> None:
    assert np.isfinite(collapse_constant(Experiment.suited(LOSSES[name]())))


@pytest.mark.parametrize("kind", ["total", "class", "dimensional"])
def test_every_cure_changes_something_and_says_why(kind: str) -> None:
    worst = replace(HARDEST, distance=SquaredEuclidean(), encoder=CompactCnn(normalise=False))
    offered = cures(kind, worst)
    assert len(offered) >= 3
    for cure in offered:
        assert worst.changed(cure.changes) != worst and cure.why.endswith(".")


def test_no_cure_is_offered_that_is_already_in_place() -> None:
    titles = [cure.title for cure in cures("total", HARDEST)]
    assert "Semi-hard triplets" in titles and "Unit length" not in titles
    assert "Semi-hard triplets" not in [cure.title for cure in cures("total", Experiment(loss=Softmax()))]


def test_the_first_cure_of_an_absurd_rate_is_a_lower_one() -> None:
    first: Any = cures("total", HARDEST)[0]
    assert HARDEST.changed(first.changes).schedule.learning_rate == 0.001
