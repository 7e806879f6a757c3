from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from core.distances import Hamming
from core.experiment.prepared_data import prepare
from core.losses import MultiSimilarity
from core.training.loop import train
from tests.core.pairwise import assert_equals_loop
from tests.core.trainings import SMALL, material, steps


def test_equals_the_share_of_signs_that_differ() -> None:
    assert_equals_loop(Hamming(), lambda x, y: sum((a < 0) != (b < 0) for a, b in zip(x, y, strict=True)) / len(x))


def test_two_rows_of_opposite_signs_differ_in_all_bits() -> None:
    found = Hamming().matrix(torch.tensor([[1.0, -2.0, 0.0, -0.0], [-1.0, 2.0, -3.0, -4.0], [5.0, -1.0, 1.0, -9.0]]))
    assert found.tolist() == [[0.0, 1.0, 0.25], [1.0, 0.0, 0.75], [0.25, 0.75, 0.0]]


def test_a_loss_of_distances_is_refused_without_a_gradient() -> None:
    with pytest.raises(ValueError, match="distance must have a gradient for triplet, .* got hamming. Choose another"):
        prepare(replace(SMALL, distance=Hamming()))


def test_a_loss_of_cosines_may_choose_its_pairs_by_signs() -> None:
    experiment = replace(SMALL, distance=Hamming(), loss=MultiSimilarity())
    experiment = replace(experiment, schedule=replace(SMALL.schedule, epochs=1))
    assert any(step.active_share for step in steps(train(experiment, material(experiment))))
