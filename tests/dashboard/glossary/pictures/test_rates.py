"""The hills are normal densities, and all that is drawn of decisions follows from them."""

from __future__ import annotations

import math
from functools import partial
from statistics import NormalDist

import pytest

from dashboard.glossary.pictures.pen import curve
from dashboard.glossary.pictures.rates import (
    DRAWINGS,
    GENUINE,
    IMPOSTOR,
    cost,
    equal,
    f_one,
    far,
    frr,
    hills,
    probability,
)
from tests.dashboard.glossary.pictures.shapes import areas, drawn, lines


def test_the_threshold_of_the_eer_is_where_both_rates_are_equal() -> None:
    spreads = GENUINE.stdev + IMPOSTOR.stdev
    assert equal() == pytest.approx((GENUINE.mean * IMPOSTOR.stdev + IMPOSTOR.mean * GENUINE.stdev) / spreads, abs=1e-6)
    assert far(equal()) == pytest.approx(frr(equal()), abs=1e-6)


def test_the_area_under_the_curve_is_the_chance_that_a_genuine_pair_is_closer() -> None:
    corners = areas(drawn(DRAWINGS["auc"]), "accent")[0]
    shares = [((x - 14) / 136, (86 - y) / 76) for x, y in corners]
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(shares, shares[1:], strict=False))
    chance = NormalDist().cdf((IMPOSTOR.mean - GENUINE.mean) / math.hypot(GENUINE.stdev, IMPOSTOR.stdev))
    assert area == pytest.approx(chance, abs=0.01)


@pytest.mark.parametrize(("part", "colour", "share"), [("far", "negative", far), ("frr", "positive", frr)])
def test_the_filled_area_is_the_rate(part: str, colour: str, share: partial[float]) -> None:
    outline = areas(drawn(partial(lambda pen, part: hills(pen, part, threshold=0.6), part=part)), colour)[0]
    points = [((x - 14) / 136 * 1.1, (86 - y) / 76 * 3.6) for x, y in outline]
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(points, points[1:], strict=False))
    assert area == pytest.approx(share(0.6), abs=0.01)


def test_the_det_curve_of_two_normal_hills_is_straight() -> None:
    (line,) = lines(drawn(DRAWINGS["det"]), "accent")
    (left, high), (right, low) = line[0], line[-1]
    for x, y in line:
        assert y == pytest.approx(high + (low - high) * (x - left) / (right - left), abs=0.3)


@pytest.mark.parametrize(("goal", "of", "best"), [("f_beta", f_one, max), ("cost", cost, min)])
def test_the_star_of_a_goal_is_at_its_best_threshold(goal: str, of: partial[float], best: partial[tuple]) -> None:
    star = next(corners for corners in areas(drawn(DRAWINGS[goal]), "accent"))
    middle = sum(x for x, _ in star) / len(star)
    points = curve(of, 0.1, 1.0)
    assert 0.1 + 0.9 * (middle - 14) / 136 == pytest.approx(best(points, key=lambda at: at[1])[0], abs=0.02)


def test_a_costly_false_accept_asks_for_a_stricter_threshold_than_the_eer() -> None:
    assert min(curve(cost, 0.1, 1.0), key=lambda at: at[1])[0] < equal()
    assert probability(GENUINE.mean) > 0.9 > 0.1 > probability(IMPOSTOR.mean)


def test_one_interval_in_five_misses_and_a_clear_difference_is_apart_from_zero() -> None:
    missed = lines(drawn(DRAWINGS["interval"]), "negative")
    assert len(missed) == 1 and len(lines(drawn(DRAWINGS["interval"]), "accent")) == 4
    (unclear,) = lines(drawn(DRAWINGS["not_distinguishable"]), "accent")
    assert unclear[0][0] < 80 < unclear[1][0]


def test_a_penalty_is_none_for_what_was_said_for_sure() -> None:
    for kind in ("brier", "log_loss"):
        (paid,) = lines(drawn(DRAWINGS[kind]), "accent")
        assert paid[-1][1] == pytest.approx(86, abs=0.1) and paid[0][1] == min(y for _, y in paid)
