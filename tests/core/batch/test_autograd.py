from __future__ import annotations

import inspect

import pytest
import torch

from core.batch import autograd
from core.batch.mined import NOTHING, Band, Pairs
from core.batch.pair_sums import hinge_sums, lifted_sums, row_sums
from core.batch.triplet_sums import triplet_sums
from tests.core.loops import batch, distance_table
from tests.imports import ROOT, imported_by, loaded_by, python_files

FUNCTIONS = [kind for _, kind in inspect.getmembers(autograd, inspect.isclass) if kind.__module__ == autograd.__name__]


def test_nobody_loads_the_functions_before_computing() -> None:
    name = autograd.__name__
    users = {file for file in python_files("core") if name in imported_by(file)}
    assert len(users) >= 3
    assert not [str(file.relative_to(ROOT)) for file in users if name in loaded_by(file)]


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_every_function_says_what_it_gives_and_has_a_gradient_of_its_own(kind: type[torch.autograd.Function]) -> None:
    assert len(FUNCTIONS) == 6 and issubclass(kind, torch.autograd.Function)
    assert kind.__doc__ and {"forward", "backward"} <= set(vars(kind))


def test_what_takes_no_pair_adds_up_to_nothing_with_a_gradient_of_zero() -> None:
    points, labels = batch()
    distances = distance_table(points).requires_grad_()
    none = torch.zeros_like(distances, dtype=torch.bool)
    ends = torch.zeros(len(labels), dtype=distances.dtype)
    sums = (
        hinge_sums(distances, Pairs(none, none), 0.0, 1.0, is_squared=False),
        lifted_sums(distances, none, ends, is_hard=False),
        triplet_sums(distances, labels, Pairs(none, none), 0.2),
        triplet_sums(distances, torch.zeros_like(labels), Band(0.0, 0.2), 0.2),
    )
    assert [(float(total.detach()), count, active) for total, count, active in sums] == 4 * [(0.0, 0, 0)]
    rows = row_sums(distances, Pairs(none, none), 1.0, -1.0)
    assert bool((rows.positive_log == NOTHING).all()) and not bool(rows.has_positive.any() | rows.has_negative.any())
    whole = sum((total for total, _, _ in sums), rows.positive_log.exp().sum() + rows.negative_mean.sum())
    (gradient,) = torch.autograd.grad(whole, distances)
    assert torch.equal(gradient, torch.zeros_like(gradient))
