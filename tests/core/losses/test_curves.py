"""The curves that cards draw in numpy are those of the losses themselves, whatever values are typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from core.batch.four_samples import curves_over_distance
from core.losses import LOSSES, Contrastive, Triplet, TripletCenter
from core.losses.base import Loss
from core.makers.loss_curves import loss_curves
from core.params import Param, params_of

EVERY = 4  # places of a curve from one that is compared to the next
KINKS = 2  # places at which one of the two sees the one side of a kink and the other its other side


def other_values(declared: Param) -> Iterator[Any]:
    """All other choices, and numbers on both sides of the default."""
    if declared.choices:
        yield from (choice for choice in declared.choices if choice != declared.default)
    elif isinstance(declared.default, float):
        low, high, default = declared.low or 0.0, declared.high or 0.0, declared.default
        yield from {min(max(value, low), high) for value in (default * 0.45, default * 1.6, default + 0.3)} - {default}


DRAWN = {name: kind for name, kind in LOSSES.items() if kind().has_curve}
VARIANTS = [kind() for kind in DRAWN.values()] + [
    kind(**{declared.name: value})
    for kind in DRAWN.values()
    for declared in params_of(kind)
    for value in other_values(declared)
]
# Where every hinge is above 0 the squares of the two centres cancel in the mean.
VARIANTS += [TripletCenter(margin=0.3, centres=centres) for centres in ("learned", "batch mean")]


@pytest.mark.parametrize("loss", VARIANTS, ids=str)
def test_the_numpy_formula_gives_the_value_and_the_slope_of_the_loss(loss: Loss) -> None:
    drawn, own = curves_over_distance(loss.curve), loss_curves(loss, EVERY)
    drawn = {name: values[::EVERY] for name, values in drawn.items()}
    own = {name: np.array(values) for name, values in own.items()}
    for name in ("distance", "pull", "push"):
        np.testing.assert_allclose(drawn[name], own[name], rtol=1e-3, atol=1e-6, err_msg=name)
    for name in ("pull_gradient", "push_gradient"):
        scale = max(1.0, float(np.abs(own[name]).max()))
        is_off = np.abs(drawn[name] - own[name]) > 1e-3 * scale
        assert is_off.sum() <= KINKS, (name, drawn["distance"][is_off], drawn[name][is_off], own[name][is_off])


def turns(values: np.ndarray) -> int:
    """How often a curve turns from rising to falling or back."""
    steps = np.diff(values)
    directions = np.sign(steps[np.abs(steps) > 1e-9 * max(1.0, float(np.abs(values).max()))])
    return int((directions[1:] != directions[:-1]).sum())


@pytest.mark.parametrize("kind", DRAWN.values(), ids=DRAWN)
def test_no_curve_zigzags(kind: type[Loss]) -> None:
    """It may turn once: a sample that moves away from its positive moves away from negatives, too."""
    curves = curves_over_distance(kind().curve)
    assert turns(curves["pull"]) <= 1 and turns(curves["push"]) <= 1


@pytest.mark.parametrize("mean_over", ["active", "all"])
def test_the_triplet_s_curves_rise_and_fall_once_and_for_all(mean_over: str) -> None:
    """A mean over the active terms alone would fall whenever one more of four triplets becomes active."""
    curves = curves_over_distance(Triplet(mean_over=mean_over).curve)
    assert (np.diff(curves["pull"]) >= 0).all() and (np.diff(curves["push"]) <= 0).all()
    assert curves["pull"][0] == 0 < curves["pull"][-1] and curves["push"][-1] == 0 < curves["push"][0]


def test_the_triplet_loss_answers_as_its_formula_says() -> None:
    """Both samples of class 0 are anchors; their negatives are at a right angle, seen from the first."""
    curves = curves_over_distance(Triplet(margin=0.35).curve)
    distance = curves["distance"]
    to_negative = np.sqrt(2 - (1 - distance**2 / 2))  # from the second sample; from the first it is 1
    of_first, of_second = np.maximum(distance - 1 + 0.35, 0), np.maximum(distance - to_negative + 0.35, 0)
    # the four triplets of class 1, whose positive is 0 away, cost nothing
    np.testing.assert_allclose(curves["pull"], (2 * of_first + 2 * of_second) / 8, atol=1e-12)
    assert of_second.any() and not of_second.all()


def test_a_margin_that_is_typed_moves_the_curve() -> None:
    near, far = (curves_over_distance(Contrastive(margin=margin).curve) for margin in (0.5, 1.5))
    reach = [curves["distance"][curves["push"] > curves["push"].min()].max() for curves in (near, far)]
    assert reach[0] < 0.6 and reach[1] > 1.4
