"""What the figures of calibration show is what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from core.evidence.calibration_fits import reliability
from dashboard.figures.calibration import LARGEST, LOOKS, probability_curves, reliability_picture
from dashboard.palette import Theme

POSITIVE, NEGATIVE = np.array([60, 30, 9, 1, 0]), np.array([0, 10, 50, 140, 200])
PROBABILITIES = {"Platt": np.array([0.95, 0.7, 0.3, 0.1, 0.02]), "isotonic": np.array([1.0, 0.9, 0.3, 0.01, 0.0])}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_points_stand_where_prediction_and_truth_meet(theme: Theme) -> None:
    found = {name: reliability(values, POSITIVE, NEGATIVE) for name, values in PROBABILITIES.items()}
    figure = reliability_picture(found, theme)
    for name, told in found.items():
        trace = next(trace for trace in figure.data if trace.name == name)
        known = told.weight > 0
        assert 2 < known.sum() < len(known)
        np.testing.assert_array_equal(trace.x, told.mean_predicted[known])
        np.testing.assert_array_equal(trace.y, told.observed_share[known])
        areas = (np.asarray(trace.marker.size) / LARGEST) ** 2
        np.testing.assert_allclose(areas[areas > 0.1], told.weight[known][areas > 0.1])
    assert (figure.data[0].x, figure.data[0].y) == ((0, 1), (0, 1)), "the diagonal"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fits_differ_in_colour_and_in_shape(theme: Theme) -> None:
    found = {name: reliability(values, POSITIVE, NEGATIVE) for name, values in PROBABILITIES.items()}
    markers = [trace.marker for trace in reliability_picture(found, theme).data if trace.name]
    assert len({marker.color for marker in markers}) == len({marker.symbol for marker in markers}) == len(LOOKS) == 2
    lines = [trace.line for trace in probability_curves(np.arange(5), PROBABILITIES, 2.0, theme).data]
    assert [line.color for line in lines] == [marker.color for marker in markers]
    assert len({line.dash for line in lines}) == 2


def test_the_threshold_is_a_dotted_line_over_the_curves() -> None:
    figure = probability_curves(np.arange(5) + 0.5, PROBABILITIES, 2.25, "light", " (cosine)")
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == 2.25 and line.line.dash == "dot"
    for trace in figure.data:
        np.testing.assert_array_equal(trace.y, PROBABILITIES[trace.name])
    assert figure.layout.xaxis.title.text == "distance (cosine)"
