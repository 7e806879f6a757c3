"""Lines and bands of strategies: what is drawn of several seeds, of one, and beside a baseline."""

from __future__ import annotations

import numpy as np
import pytest

from core.comparison.curves import OVER, Series, band_over_seeds
from dashboard.figures.strategy_curves import Drawn, strategy_curves
from dashboard.figures.strategy_looks import looks_of

NAMES = ["semi-hard", "random <b>"]
STEPS = np.array([0.0, 1.0, 2.0])


def drawn(name: str, *seeds: list[float]) -> Drawn:
    series = [Series(STEPS[: len(of)], np.array(of)) for of in seeds]
    return Drawn(name, looks_of(NAMES, "light")[name], band_over_seeds(series), series)


def test_a_strategy_has_a_line_a_band_and_its_seeds_in_one_colour() -> None:
    one = drawn(NAMES[0], [0.1, 0.2, 0.4], [0.3, 0.4, 0.8])
    figure = strategy_curves([one], "MAP@R", "updates", "light")
    band, first, second, line = figure.data
    assert line.name == NAMES[0] and line.mode == "lines+markers"
    np.testing.assert_allclose(line.y, [0.2, 0.3, 0.6], rtol=1e-6)
    np.testing.assert_allclose(band.y, [0.3, 0.4, 0.8, 0.4, 0.2, 0.1], rtol=1e-6)
    assert band.fillcolor == one.look.faint and {of.line.color for of in (first, second, line)} == {one.look.colour}
    assert line.line.dash == one.look.dash and line.marker.symbol == one.look.symbol
    assert "customdata[0]" in line.hovertemplate and figure.layout.yaxis.title.text == "MAP@R"


def test_one_seed_is_its_line_alone() -> None:
    figure = strategy_curves([drawn(NAMES[1], [0.1, 0.2])], "MAP@R", "updates", "light")
    (line,) = figure.data
    assert line.name == "random &lt;b&gt;" and "customdata" not in line.hovertemplate


def test_where_seeds_have_no_moment_in_common_each_is_drawn() -> None:
    one = drawn(NAMES[0], [0.1, 0.2])
    late = Series(np.array([5.0, 6.0]), np.array([0.3, 0.4]))
    apart = one._replace(band=band_over_seeds([*one.seeds, late]), seeds=[*one.seeds, late])
    *seeds, line = strategy_curves([apart], "MAP@R", "seconds", "light").data
    assert len(line.x) == 0 and [list(of.x) for of in seeds] == [[0, 1], [5, 6]]


def test_beside_a_baseline_values_have_a_sign_and_zero_is_marked() -> None:
    one = drawn(NAMES[0], [0.1, -0.2], [0.0, 0.1])
    figure = strategy_curves([one], "EER", "epochs", "dark", baseline=NAMES[1])
    assert figure.layout.yaxis.title.text == "EER − random &lt;b&gt;"
    assert ":+.3f" in figure.data[-1].hovertemplate and figure.layout.shapes[0].y0 == figure.layout.shapes[0].y1 == 0


@pytest.mark.parametrize("over", OVER)
def test_the_axis_says_over_what_it_goes(over: str) -> None:
    layout = strategy_curves([drawn(NAMES[0], [0.1])], "MAP@R", over, "light").layout
    assert over.removesuffix("s") in layout.xaxis.title.text
    assert layout.legend.itemclick is False, "what is shown is chosen for all figures at once"
