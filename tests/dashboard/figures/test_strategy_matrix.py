"""The matrix of a comparison: each cell says what its row is beside its column."""

from __future__ import annotations

import numpy as np

from core.comparison.differences import Comparison
from core.evidence.seeded_differences import BETTER, OPEN, SeededDifference
from dashboard.figures.strategy_matrix import height_of, strategy_matrix

NAMES = ["semi-hard", "random <b>"]


def difference(value: float, half: float) -> SeededDifference:
    return SeededDifference(value, value - half, value + half, 0.95, 3, 40)


def words(figure: object) -> dict[tuple[int, int], str]:
    return {(note.y, note.x): note.text for note in figure.layout.annotations}


def test_each_cell_reads_from_its_row_and_the_diagonal_is_a_strategy_by_itself() -> None:
    levels = {NAMES[0]: difference(0.7, 0.01), NAMES[1]: difference(0.65, 0.02)}
    pair = Comparison(NAMES[0], NAMES[1], difference(0.05, 0.02), BETTER)
    figure = strategy_matrix(NAMES, levels, [pair], "light")
    told = words(figure)
    assert told[0, 1] == "+0.050<br>+0.030 to +0.070<br>better"
    assert told[1, 0] == "-0.050<br>-0.070 to -0.030<br>worse"
    assert told[0, 0] == "<b>0.700</b><br>0.690 to 0.710"
    ground = np.array(figure.data[0].z)
    assert ground[0, 1] == 1 and ground[1, 0] == -1 and np.isnan(ground[0, 0])
    assert list(figure.layout.xaxis.ticktext) == ["semi-hard", "random &lt;b&gt;"], "a name is no markup"
    assert height_of(4) > height_of(2) > 100


def test_what_is_open_is_so_both_ways_and_an_end_that_nobody_knows_is_not_shown() -> None:
    levels = dict.fromkeys(NAMES, SeededDifference(0.7, -np.inf, np.inf, 0.95, 1, 0))
    pair = Comparison(NAMES[0], NAMES[1], SeededDifference(0.05, -np.inf, np.inf, 0.95, 1, 0), OPEN)
    figure = strategy_matrix(NAMES, levels, [pair], "dark")
    told = words(figure)
    assert told[0, 1] == "+0.050<br>no interval<br>not distinguishable" and told[1, 0].endswith("not distinguishable")
    assert np.array(figure.data[0].z)[0, 1] == 0 == np.array(figure.data[0].z)[1, 0]
