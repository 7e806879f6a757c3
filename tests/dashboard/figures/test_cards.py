from __future__ import annotations

import json

import pytest

from core.losses import LOSSES
from dashboard import palette
from dashboard.figures.cards import TITLES, loss_picture
from dashboard.palette import Theme
from tests.imports import ROOT

CURVES: dict[str, dict[str, list[float]]] = json.loads((ROOT / "assets" / "curves.json").read_text())
DRAWN = CURVES.keys() & LOSSES.keys()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("loss", sorted(DRAWN))
def test_value_and_gradient_of_both_pairs_are_drawn_over_the_distance(loss: str, theme: Theme) -> None:
    curves = CURVES[loss]
    traces = loss_picture(curves, theme).data
    drawn = [(list(trace.y), trace.xaxis, trace.line.color, trace.line.dash) for trace in traces]
    positive, negative = palette.POSITIVE[theme], palette.NEGATIVE[theme]
    assert drawn == [
        (curves["pull"], "x", positive, "solid"),
        (curves["pull_gradient"], "x2", positive, "solid"),
        (curves["push"], "x", negative, "dash"),
        (curves["push_gradient"], "x2", negative, "dash"),
    ]
    assert all(list(trace.x) == curves["distance"] for trace in traces)


def test_each_panel_bears_its_title() -> None:
    assert len(DRAWN) > 10
    titles = loss_picture(CURVES["triplet"], "light").layout.annotations
    assert [(title.text, title.xref) for title in titles] == [*zip(TITLES, ("x domain", "x2 domain"), strict=True)]
