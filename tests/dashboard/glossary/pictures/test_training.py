"""What is drawn of data and trainings has the shares that it is about."""

from __future__ import annotations

import math
from statistics import fmean

import pytest

from dashboard.glossary.pictures.training import DRAWINGS, TERMS
from tests.dashboard.glossary.pictures.shapes import areas, dots, drawn, lines


def test_the_bars_are_the_active_terms_and_their_mean() -> None:
    active = [loss for loss in TERMS if loss]
    assert len(areas(drawn(DRAWINGS["active_share"]), "accent")) == len(active) == 5
    assert not areas(drawn(DRAWINGS["idle"]), "accent")
    (mean,) = lines(drawn(DRAWINGS["mean_active"]), "ink")
    assert 84 - mean[0][1] == pytest.approx(70 * fmean(active), abs=0.1)


def test_a_step_too_large_swings_from_side_to_side_and_a_small_one_crawls() -> None:
    root = drawn(DRAWINGS["learning_rate"])
    (swings,), (crawls,) = lines(root, "negative"), lines(root, "accent")
    middle = 14 + 136 / 2
    assert [x > middle for x, _ in swings] == [True, False, True, False, True]
    assert all(x < middle for x, _ in crawls) and crawls == sorted(crawls)


def test_the_rate_rises_from_zero_and_falls_to_it() -> None:
    (rate,) = [line for line in lines(drawn(DRAWINGS["warm_up"]), "accent") if len(line) > 10]
    levels = [86 - y for _, y in rate]
    assert levels[0] == 0 and levels[-1] == pytest.approx(0, abs=0.1) and 0 < levels.index(max(levels)) < 20


def test_an_open_set_has_other_classes_later_and_a_closed_one_the_same() -> None:
    from dashboard.glossary.pictures.pen import Pen

    known = [Pen("light").colours[f"class{number}"] for number in range(3)]
    later = [Pen("light").colours[f"class{number}"] for number in range(6, 9)]
    pen = Pen("light")
    DRAWINGS["open_set"](pen)
    assert all(colour in pen.svg() for colour in (*known, *later))
    pen = Pen("light")
    DRAWINGS["closed_set"](pen)
    assert all(colour in pen.svg() for colour in known) and not any(colour in pen.svg() for colour in later)


def test_each_fold_is_held_out_once() -> None:
    held = areas(drawn(DRAWINGS["fold"]), "accent")
    assert len({corners[0][0] for corners in held}) == len({corners[0][1] for corners in held}) == len(held) == 4


def test_the_gradient_is_the_slope_of_the_curve() -> None:
    root = drawn(DRAWINGS["gradient"])
    (start, end), (at,) = lines(root, "negative")[0], dots(root, "ink")
    slope = (start[1] - end[1]) / (end[0] - start[0]) / (76 / 2.3) * (136 / 3)
    assert start == at and slope == pytest.approx(1.8, abs=0.1)


def test_a_run_ends_with_its_classes_apart() -> None:
    by_step = [[at for at in dots(drawn(DRAWINGS["run"])) if 50 * step < at[0] < 50 * step + 56] for step in range(3)]
    spread = [fmean(math.dist(a, b) for a in step for b in step) for step in by_step]
    assert spread[-1] > 10 and len(by_step[0]) == len(by_step[2]) == 15
