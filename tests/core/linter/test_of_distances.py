"""Each rule at its edges: what it finds and what to do about it, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from core.distances import DISTANCES, Cosine, DotProduct, Euclidean, Manhattan, SquaredEuclidean
from core.distances.base import Distance
from core.encoders import CompactCnn
from core.experiment.experiment import Experiment
from core.linter import of_distances
from core.linter.findings import Rule
from core.losses import Contrastive, MarginBased, MultiSimilarity, NPair, Softmax, Triplet
from core.miners import All, BatchHard, DistanceWeighted, HardNegative, LiftedHardNegative, SemiHard

FREE, UNIT = CompactCnn(normalise=False), CompactCnn()
NORMALISED = {"encoder": {"normalise": True}}
Changes = Mapping[str, Mapping[str, Any]]


def changes_by(rule: Rule, experiment: Experiment) -> Changes | None:
    """What the finding would change; None where there is none."""
    finding = rule(experiment, [140] * 10)
    return None if finding is None else finding.changes


@pytest.mark.parametrize(
    ("distance", "encoder", "reach"),
    [(Euclidean(), UNIT, 2.0), (SquaredEuclidean(), UNIT, 4.0), (DotProduct(), UNIT, 2.0), (Cosine(), FREE, 2.0)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_margin_is_within_reach_of_the_differences_of_its_distance(
    distance: Distance, encoder: CompactCnn, reach: float
) -> None:
    for margin, changes in ((reach - 0.01, None), (reach, {"loss": {"margin": reach / 10}})):
        experiment = Experiment(loss=Triplet(margin=margin), distance=distance, encoder=encoder)
        assert changes_by(of_distances.margin_out_of_reach, experiment) == changes


def test_dimensions_lengthen_the_reach_of_manhattan() -> None:
    """16 for 64 of them: beyond every margin that is offered."""
    experiment = Experiment(loss=Triplet(margin=9.9), distance=Manhattan(), encoder=UNIT)
    assert changes_by(of_distances.margin_out_of_reach, experiment) is None


@pytest.mark.parametrize(("margin", "changes"), [(0.49, NORMALISED), (0.5, None), (9.0, None)])
def test_without_a_scale_a_small_margin_asks_for_next_to_nothing(margin: float, changes: Changes | None) -> None:
    experiment = Experiment(loss=Triplet(margin=margin), encoder=FREE)
    assert changes_by(of_distances.margin_out_of_reach, experiment) == changes
    assert changes_by(of_distances.margin_out_of_reach, Experiment(loss=Softmax(), encoder=FREE)) is None


@pytest.mark.parametrize(
    ("experiment", "changes"),
    [
        (Experiment(miner=SemiHard(margin=0.5)), {"miner": {"margin": 0.0}}),
        (Experiment(miner=SemiHard(margin=0.2)), None),
        (Experiment(miner=SemiHard(margin=0.0)), None),
        (Experiment(miner=SemiHard(margin=0.5), loss=Softmax()), None),
        (Experiment(miner=BatchHard()), None),
    ],
    ids=["another", "the same", "that of the loss", "a loss that mines nothing", "a miner without one"],
)
def test_miner_and_loss_have_one_margin(experiment: Experiment, changes: Changes | None) -> None:
    assert changes_by(of_distances.two_margins, experiment) == changes


@pytest.mark.parametrize(
    ("experiment", "changes"),
    [
        (Experiment(loss=MultiSimilarity(), encoder=FREE), {"distance": {"kind": "cosine"}}),
        (Experiment(loss=NPair(), encoder=FREE), None),
        (Experiment(loss=MultiSimilarity(), encoder=FREE, distance=Cosine()), None),
        (Experiment(loss=MultiSimilarity(), encoder=UNIT), None),
        (Experiment(loss=MultiSimilarity(), encoder=UNIT, distance=Manhattan()), {"distance": {"kind": "cosine"}}),
        (Experiment(loss=MultiSimilarity(), encoder=FREE, miner=All()), None),
        (Experiment(loss=Triplet(), encoder=FREE, distance=Manhattan()), None),
    ],
)
def test_miner_and_loss_compare_by_one_distance(experiment: Experiment, changes: Changes | None) -> None:
    assert changes_by(of_distances.two_distances, experiment) == changes


@pytest.mark.parametrize(
    ("experiment", "changes"),
    [
        (Experiment(loss=MultiSimilarity(), encoder=FREE), NORMALISED),
        (Experiment(loss=MultiSimilarity(), encoder=FREE, distance=Cosine()), None),
        (Experiment(loss=MultiSimilarity(), encoder=UNIT), None),
        (Experiment(loss=NPair(), encoder=FREE), None),
    ],
)
def test_what_is_trained_by_angle_is_judged_by_angle(experiment: Experiment, changes: Changes | None) -> None:
    assert changes_by(of_distances.angles_judged_by_lengths, experiment) == changes


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=DISTANCES)
def test_an_angle_is_no_length_and_orders_as_the_cosine(kind: type[Distance]) -> None:
    """Of embeddings of any length whatever ignores lengths judges by angle, and of those of unit length everything."""
    distance = kind()
    for encoder, is_judged_by_length in ((UNIT, False), (FREE, not distance.ignores_length)):
        experiment = Experiment(loss=MultiSimilarity(), encoder=encoder, miner=SemiHard(), distance=distance)
        rules = of_distances.angles_judged_by_lengths, of_distances.two_distances
        by_length, two = (changes_by(rule, experiment) is not None for rule in rules)
        assert by_length == is_judged_by_length
        assert two == (is_judged_by_length or not distance.orders_as_cosine)


@pytest.mark.parametrize(
    ("experiment", "changes"),
    [
        (Experiment(loss=NPair(), encoder=UNIT), {"encoder": {"normalise": False}}),
        (Experiment(loss=NPair(), encoder=FREE), None),
        (Experiment(loss=MarginBased(), encoder=FREE), NORMALISED),
        (Experiment(miner=DistanceWeighted(), encoder=FREE), NORMALISED),
        (Experiment(miner=DistanceWeighted(), encoder=FREE, loss=Softmax()), None),
        (Experiment(loss=MarginBased(), miner=DistanceWeighted(), encoder=UNIT), None),
        (Experiment(encoder=FREE), None),
    ],
)
def test_what_is_made_for_the_unit_sphere_is_trained_there(experiment: Experiment, changes: Changes | None) -> None:
    assert changes_by(of_distances.unit_length, experiment) == changes


@pytest.mark.parametrize(
    ("margin", "boundary", "upper", "changes"),
    [
        (0.2, 1.2, 1.4, None),
        (0.2, 1.0, 1.4, {"miner": {"upper": 1.2}}),
        (0.2, 1.2, 1.5, {"miner": {"upper": 1.4}}),
        (0.5, 3.0, 2.0, None),
        (0.5, 3.0, 3.5, {"miner": {"upper": 2.0}}),
    ],
)
def test_a_miner_draws_as_far_as_the_loss_pushes(
    margin: float, boundary: float, upper: float, changes: Changes | None
) -> None:
    loss, miner = MarginBased(margin=margin, boundary=boundary), DistanceWeighted(upper=upper)
    assert changes_by(of_distances.upper_cut, Experiment(loss=loss, miner=miner)) == changes
    assert changes_by(of_distances.upper_cut, Experiment(loss=Contrastive(), miner=miner)) is None
    assert changes_by(of_distances.upper_cut, Experiment(loss=loss)) is None


@pytest.mark.parametrize("miner", [BatchHard(), HardNegative(), LiftedHardNegative(), SemiHard()], ids=str)
def test_squares_push_the_nearest_negatives_least(miner: BatchHard | SemiHard) -> None:
    squared = Experiment(distance=SquaredEuclidean(), miner=miner)
    expected = None if isinstance(miner, SemiHard) else {"distance": {"kind": "euclidean"}}
    assert changes_by(of_distances.squared_and_hardest, squared) == expected
    assert changes_by(of_distances.squared_and_hardest, Experiment(miner=miner)) is None
    nothing_mined = Experiment(distance=SquaredEuclidean(), miner=miner, loss=Softmax())
    assert changes_by(of_distances.squared_and_hardest, nothing_mined) is None
