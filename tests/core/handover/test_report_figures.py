from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.handover.report_figures import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    counted_bars,
    histogram,
    roc,
    round_places,
    zero_place,
)
from core.statistics.roc import Curve, at, curve_from_histogram

SVG = "{http://www.w3.org/2000/svg}"


def curve_of(edges: np.ndarray, seed: int = 0) -> Curve:
    generator = np.random.default_rng(seed)
    middle, spread = (edges[0] + edges[-1]) / 2, (edges[-1] - edges[0]) / 8
    kinds = (generator.normal(middle + side * spread, spread, count) for side, count in ((-1, 900), (1, 4000)))
    return curve_from_histogram(edges, *(np.histogram(np.clip(kind, edges[0], edges[-1]), edges)[0] for kind in kinds))


@pytest.fixture(params=[(0, 2, 1025), (-1, 1, 1025), (0, 8, 33), (-40, -3, 100)], ids=str)
def curve(request: pytest.FixtureRequest) -> Curve:
    return curve_of(np.linspace(*request.param))


def evidence_of(curve: Curve) -> Evidence:
    steps = len(curve.thresholds)
    return Evidence(curve, np.full(steps, curve.negative_count / 10), np.full(steps, curve.positive_count / 10), 50, 50)


def test_bars_are_counted_one_threshold_at_a_time(curve: Curve) -> None:
    ends, *kinds = counted_bars(curve)
    for found, accepted in zip(kinds, (curve.true_accepts, curve.false_accepts), strict=True):
        bars = len(ends) - 1
        expected = np.zeros(bars, int)
        for threshold, count in zip(curve.thresholds, np.diff(accepted, prepend=0), strict=True):
            expected[min(bar for bar in range(bars) if threshold <= ends[bar + 1] + 1e-9)] += count
        assert found.tolist() == expected.tolist() and found.sum() == accepted[-1] and (found > 0).sum() > 5


def test_one_distance_is_drawn_too() -> None:
    ends, positive, negative = counted_bars(Curve(np.array([0.5]), np.array([3]), np.array([2]), 3, 2))
    assert (positive[-1], negative[-1], ends[0], ends[-1]) == (2, 3, -0.5, 0.5)
    assert ElementTree.fromstring(histogram(Curve(np.array([0.5]), np.array([3]), np.array([2]), 3, 2), 0.5))


def line_of(svg: str) -> float:
    return float(re.search(r'<path d="M([\d.]+) \d+V\d+" stroke="#000" stroke-width="2"/>', svg)[1])


def test_the_line_stands_at_the_threshold(curve: Curve) -> None:
    ends = counted_bars(curve)[0]
    for share in (0.0, 0.25, 1.0):
        threshold = ends[0] + share * (ends[-1] - ends[0])
        assert line_of(histogram(curve, threshold)) == pytest.approx(LEFT + share * (RIGHT - LEFT), abs=0.1)
        turned = histogram(curve, threshold, is_similarity=True)
        assert line_of(turned) == pytest.approx(RIGHT - share * (RIGHT - LEFT), abs=0.1)
    assert line_of(histogram(curve, 1e9)) == RIGHT, "beyond the last distance it stands at the border"


def test_similarities_stand_on_their_own_scale(curve: Curve) -> None:
    """Larger ones to the right, where the accepted pairs lie; the bars are those of the distances, turned round."""
    tree = ElementTree.fromstring(
        histogram(curve, float(curve.thresholds[len(curve.thresholds) // 2]), is_similarity=True)
    )
    words = [text.text for text in tree.iter(f"{SVG}text")]
    assert "refuse ◂" in words and "▸ accept" in words and "similarity" in words and "distance" not in words
    numbers = {float(text.text): float(text.get("x")) for text in tree.iter(f"{SVG}text") if _is_number(text.text)}
    assert (
        len(numbers) >= 3 and -curve.thresholds[-1] <= min(numbers) <= max(numbers) <= -counted_bars(curve)[0][0] + 1e-9
    )
    assert sorted(numbers.values()) == [numbers[value] for value in sorted(numbers)]
    areas = [
        [[float(part) for part in re.findall(r"[\d.]+", place)] for place in path.get("d").strip("MZ").split("L")]
        for svg in (histogram(curve, 0.5), histogram(curve, 0.5, is_similarity=True))
        for path in ElementTree.fromstring(svg).findall(f"{SVG}path")[1:2]
    ]
    assert areas[1] == [[pytest.approx(LEFT + RIGHT - x, abs=0.11), y] for x, y in areas[0]]


def _is_number(text: str | None) -> bool:
    return re.fullmatch(r"-?[\d.]+", text or "") is not None


def test_the_ring_lies_on_the_curve_within_the_band(curve: Curve) -> None:
    verdict = at(curve, curve.thresholds[len(curve.thresholds) // 2])
    tree = ElementTree.fromstring(roc(evidence_of(curve), verdict))
    ring = tree.find(f"{SVG}circle")
    down = BOTTOM + (TOP - BOTTOM) * verdict.true_accept_rate
    floor = np.log10(zero_place(curve.negative_count))
    across = LEFT + (RIGHT - LEFT) * (np.log10(verdict.false_accept_rate) - floor) / -floor
    assert (float(ring.get("cx")), float(ring.get("cy"))) == (
        pytest.approx(across, abs=0.1),
        pytest.approx(down, abs=0.1),
    )
    band, line = (one.get("d") for one in tree.findall(f"{SVG}path")[:2])
    assert f"{across:.1f} {down:.1f}" in line
    ends = [float(y) for x, y in re.findall(r"([\d.]+) ([\d.]+)", band) if abs(float(x) - across) < 0.06]
    assert min(ends) < down < max(ends)


def test_everything_lies_within_the_picture(curve: Curve) -> None:
    for svg in (histogram(curve, 0.5), roc(evidence_of(curve), at(curve, 0.5))):
        tree = ElementTree.fromstring(svg)
        for path in tree.findall(f"{SVG}path"):
            for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", path.get("d")):
                assert LEFT - 0.1 <= float(x) <= RIGHT + 0.1 and 0 <= float(y) <= BOTTOM + 4


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 2, [0, 0.5, 1, 1.5, 2]),
        (-1, 1, [-1, -0.5, 0, 0.5, 1]),
        (0, 0.3, [0, 0.1, 0.2, 0.3]),
        (7, 9, [7, 7.5, 8, 8.5, 9]),
    ],
)
def test_places_are_round(low: float, high: float, expected: list[float]) -> None:
    assert round_places(low, high) == expected


@pytest.mark.parametrize("high", np.geomspace(1e-6, 1e6, 37))
def test_there_are_three_to_six_places(high: float) -> None:
    places = round_places(0, high)
    assert 3 <= len(places) <= 6 and places[0] == 0 and places[-1] <= high * (1 + 1e-9)


@pytest.mark.parametrize(("count", "place"), [(10, 0.01), (11, 0.01), (5000, 1e-4), (1, 0.1)])
def test_zero_stands_below_the_smallest_rate(count: int, place: float) -> None:
    assert zero_place(count) == pytest.approx(place) and zero_place(count) < 1 / count
