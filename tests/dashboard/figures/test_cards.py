from __future__ import annotations

import pytest

from core.batch.four_samples import curves_over_distance
from core.losses import LOSSES
from dashboard import palette
from dashboard.figures.cards import loss_picture
from dashboard.palette import Theme

CURVES = {name: curves_over_distance(kind().curve) for name, kind in LOSSES.items() if kind().has_curve}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("loss", CURVES)
def test_value_and_gradient_of_both_pairs_are_drawn_over_the_distance(loss: str, theme: Theme) -> None:
    curves = CURVES[loss]
    traces = loss_picture(curves, theme).data
    drawn = [(list(trace.y), trace.xaxis, trace.line.color, trace.line.dash) for trace in traces]
    positive, negative = palette.POSITIVE[theme], palette.NEGATIVE[theme]
    assert drawn == [
        (list(curves["pull"]), "x", positive, "solid"),
        (list(curves["pull_gradient"]), "x2", positive, "solid"),
        (list(curves["push"]), "x", negative, "dash"),
        (list(curves["push_gradient"]), "x2", negative, "dash"),
    ]
    assert all(list(trace.x) == list(curves["distance"]) for trace in traces)


def test_each_panel_bears_its_title() -> None:
    titles = loss_picture(CURVES["triplet"], "light").layout.annotations
    assert [(title.text, title.xref) for title in titles] == [("loss", "x domain"), ("gradient", "x2 domain")]
