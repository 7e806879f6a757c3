"""The pictures of the three questions hold the numbers that they are given, every one."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from core.statistics.criterion_ladder import Ladder
from core.statistics.three_answers import OTHERS, GroupTable
from dashboard import palette
from dashboard.figures.questions import LONGEST, NAMED, clustering, ladder, ranking, rejection
from dashboard.palette import Theme

THEMES: tuple[Theme, ...] = ("light", "dark")
EDGES = np.linspace(0, 2, 61)


def words(figure: go.Figure) -> list[str]:
    return [one.text for one in figure.layout.annotations]


def hills(**replaced: Any) -> go.Figure:
    positive, negative = np.zeros((2, 60), int)
    positive[10:20], negative[15:50] = 4, 9
    values = {"thresholds": (0.6, 0.5), "named": " (Cosine)", "theme": "light"} | replaced
    return rejection(EDGES, positive, negative, **values)


def test_bars_are_shares_of_all_queries_over_equal_steps() -> None:
    right = np.array([1, 0, 0, 0, 0, 0, 0, 0, 2, 7])
    (bars,) = ranking(right, "light").data
    assert bars.x.tolist() == [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]
    assert bars.y == pytest.approx([10, 0, 0, 0, 0, 0, 0, 0, 20, 70]) and bars.customdata[9].tolist() == [90, 100, 7]
    assert ranking(np.zeros(10, int), "dark").data[0].y.sum() == 0


@pytest.mark.parametrize("theme", THEMES)
def test_both_hills_are_whole_and_each_threshold_is_a_line_with_its_name(theme: Theme) -> None:
    figure = hills(theme=theme)
    positive, negative = figure.data
    assert positive.y.sum() == pytest.approx(1) and negative.y.sum() == pytest.approx(1)
    assert (positive.line.color, negative.line.color) == (palette.POSITIVE[theme], palette.NEGATIVE[theme])
    assert [line.x0 for line in figure.layout.shapes] == [0.6, 0.5] and words(figure) == ["EER", "FAR 1 %"]
    assert figure.layout.xaxis.range == pytest.approx((EDGES[10], EDGES[50]))
    assert figure.layout.xaxis.title.text == "distance (Cosine)"


def test_a_threshold_that_there_is_not_has_no_line() -> None:
    figure = hills(thresholds=(0.6, float("nan")))
    assert len(figure.layout.shapes) == 1 and words(figure) == ["EER"]


def test_each_class_is_a_row_and_what_is_put_together_says_so() -> None:
    counts = np.array([[3, 1, 0], [0, 2, 2]])
    figure = clustering(GroupTable(np.array([0, 1]), np.array([4, 0, OTHERS]), counts), ["a<b", "x" * 40], "light")
    (cells,) = figure.data
    assert np.allclose(cells.z, [[0.75, 0.25, 0], [0, 0.5, 0.5]]) and cells.customdata.tolist() == counts.tolist()
    assert figure.layout.xaxis.ticktext == ("others",) and figure.layout.xaxis.tickvals == (2,)
    assert figure.layout.yaxis.ticktext == ("a&lt;b", "x" * (LONGEST - 1) + "…") and cells.text[1][0] == "x" * 40


def test_many_classes_have_no_names_beside_them() -> None:
    count = NAMED + 1
    table = GroupTable(np.arange(count), np.arange(2), np.ones((count, 2), int))
    figure = clustering(table, [str(number) for number in range(count)], "dark")
    assert not figure.layout.yaxis.ticktext and figure.layout.yaxis.title.text == "classes"


def test_a_claim_has_a_bar_and_its_share_in_words() -> None:
    figure = ladder(Ladder(200, 190, 50, 25, 0.9), "light")
    assert figure.data[0].x.tolist() == [95, 25, 12.5] and list(figure.data[0].customdata) == [190, 50, 25]
    assert [one.rsplit(" ", 2)[1] for one in words(figure)] == ["95.0", "25.0", "12.5"]
    assert "of 200 anchors" in figure.data[0].hovertemplate
    assert ladder(Ladder(0, 0, 0, 0, float("nan")), "dark").data[0].x.tolist() == [0, 0, 0]
