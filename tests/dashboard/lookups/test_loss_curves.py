"""The picture of a loss is that of the values that are typed, drawn once; recorded where it needs torch."""

from __future__ import annotations

import json

import pytest

from core.losses import LOSSES, Triplet
from dashboard.lookups import loss_curves


def drawn(loss: object) -> list[object]:
    packed = loss_curves.picture(loss, "light")  # type: ignore[arg-type]
    assert packed is not None
    return [trace["y"] for trace in json.loads(packed.figure)["data"]]


def test_a_picture_is_drawn_once_for_its_values_and_follows_them() -> None:
    assert loss_curves.picture(Triplet(), "light") is loss_curves.picture(Triplet(), "light")
    assert drawn(Triplet(margin=0.1)) != drawn(Triplet(margin=0.4))


@pytest.mark.parametrize("name", [name for name, kind in LOSSES.items() if not kind.has_curve])
def test_a_loss_without_a_curve_of_its_own_has_the_recorded_one_or_none(name: str) -> None:
    there = "pull" in loss_curves.recorded().get(name, {})
    assert (loss_curves.picture(LOSSES[name](), "dark") is not None) is there
