from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from core.samplers import HardClasses
from core.samplers.hard_classes import nearest_together
from core.training.learner import Learner
from tests.core.trainings import TRAININGS, material

LABELS = torch.arange(120) % 6
ON_A_LINE = torch.tensor([[0.0], [10.0], [1.0], [11.5], [2.5], [30.0]])


def by_loop(centres: np.ndarray, first: int, count: int) -> list[int]:
    """Greedy: the class of the least mean distance to those chosen joins them."""
    chosen = [first]
    while len(chosen) < count:
        left = [number for number in range(len(centres)) if number not in chosen]
        means = [np.mean([np.linalg.norm(centres[number] - centres[other]) for other in chosen]) for number in left]
        chosen.append(left[int(np.argmin(means))])
    return chosen


@pytest.mark.parametrize("count", [2, 3, 7])
def test_each_class_that_joins_is_the_nearest_to_those_before(count: int) -> None:
    centres = torch.randn(7, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for first in range(7):
        expected = by_loop(centres.numpy(), first, count)
        assert nearest_together(torch.cdist(centres, centres), first, count) == expected


def test_a_batch_holds_classes_whose_centres_are_near() -> None:
    sampler = HardClasses(classes_per_batch=3, samples_per_class=2)
    batches = list(sampler.batches(LABELS, torch.Generator().manual_seed(0), ON_A_LINE))
    groups = [LABELS[rows].view(3, 2).unbind(1) for rows in batches]
    assert len(batches) == 20 and all(torch.equal(*pair) for pair in groups), "two samples of each class"
    met = {frozenset(first.tolist()) for first, _ in groups}
    assert met == {frozenset({0, 2, 4}), frozenset({1, 3, 4}), frozenset({5, 3, 1})}


def test_every_class_is_first_before_any_is_again() -> None:
    sampler = HardClasses(classes_per_batch=2, samples_per_class=2)
    firsts = [int(LABELS[rows[0]]) for rows in sampler.batches(LABELS, torch.Generator().manual_seed(0), ON_A_LINE)]
    assert sorted(firsts[:6]) == sorted(firsts[6:12]) == list(range(6))
    assert any(one != other for one, other in pairwise(firsts))


def test_classes_at_one_place_are_still_different_classes() -> None:
    sampler = HardClasses(classes_per_batch=6, samples_per_class=2)
    for rows in sampler.batches(LABELS, torch.Generator().manual_seed(0), torch.zeros(6, 2)):
        assert len(LABELS[rows].unique()) == 6


@pytest.mark.parametrize("centres, given", [(None, "none"), (torch.zeros(5, 2), "5")])
def test_missing_centres_are_named(centres: torch.Tensor | None, given: str) -> None:
    with pytest.raises(ValueError, match=f"there must be 6 class centres, got {given}"):
        list(HardClasses().batches(LABELS, torch.Generator(), centres))
    with pytest.raises(ValueError, match=r"at most the number of training classes \(3\), got 4"):
        HardClasses().check(class_count=3, sample_count=500)


def test_the_centres_of_training_are_the_mean_embeddings_of_its_classes() -> None:
    experiment = TRAININGS["hard classes"]
    learner = Learner(experiment, material(experiment), "cpu")
    before = {name: tensor.clone() for name, tensor in learner.encoder.state_dict().items()}
    centres = learner.class_centres()
    with torch.no_grad():
        embeddings = learner.experiment.encoder.embed(learner.encoder.eval(), learner.training_images)
    expected = torch.stack([embeddings[learner.labels == label].mean(0) for label in range(10)])
    torch.testing.assert_close(centres, expected)
    assert all(torch.equal(tensor, before[name]) for name, tensor in learner.encoder.state_dict().items())
