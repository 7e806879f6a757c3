"""Decisions by a threshold: the two hills of distances are normal densities, and all curves come from them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from statistics import NormalDist

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, around, axes, curve, grid, placed
from dashboard.glossary.pictures.spaces import image

GENUINE, IMPOSTOR = NormalDist(0.36, 0.13), NormalDist(0.7, 0.12)
ACROSS, UP = (0.0, 1.1), (0.0, 3.6)
THRESHOLD = 0.5
HALVINGS = 30


def far(threshold: float) -> float:
    """The share of impostor pairs within a threshold."""
    return IMPOSTOR.cdf(threshold)


def frr(threshold: float) -> float:
    """The share of genuine pairs beyond it."""
    return 1 - GENUINE.cdf(threshold)


def equal() -> float:
    """The threshold at which both are the same."""
    low, high = GENUINE.mean, IMPOSTOR.mean
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if far(middle) < frr(middle) else (low, middle)
    return (low + high) / 2


def hills(pen: Pen, *parts: str, threshold: float = THRESHOLD) -> None:
    """Both hills, with these of their parts filled: what is accepted of either (far, tar), or refused (frr, trr)."""
    sides: dict[str, tuple[NormalDist, str, float, float]] = {
        "far": (IMPOSTOR, "negative", ACROSS[0], threshold),
        "trr": (IMPOSTOR, "negative", threshold, ACROSS[1]),
        "tar": (GENUINE, "positive", ACROSS[0], threshold),
        "frr": (GENUINE, "positive", threshold, ACROSS[1]),
    }
    for part in parts:
        hill, colour, low, high = sides[part]
        outline = placed([(low, 0.0), *curve(hill.pdf, low, high), (high, 0.0)], ACROSS, UP)
        pen.area(outline, colour, 0.55)
    pen.line(placed(curve(GENUINE.pdf, *ACROSS), ACROSS, UP), "positive", 2.2)
    pen.line(placed(curve(IMPOSTOR.pdf, *ACROSS), ACROSS, UP), "negative", 2.2, "5 3")
    pen.line([(14, 86), (152, 86)], "muted", 1.2)
    is_marked = not parts
    handle = placed([(threshold, 0.0), (threshold, UP[1])], ACROSS, UP)
    pen.line(handle, "accent" if is_marked else "ink", 3.4 if is_marked else 1.8)
    if is_marked:
        pen.dot(handle[1], "accent", 5)


def histogram(pen: Pen) -> None:
    """The shares of both kinds of pairs in ranges of distance."""
    wide = 0.055
    for hill, colour in ((GENUINE, "positive"), (IMPOSTOR, "negative")):
        for low in (wide * step for step in range(20)):
            height = (hill.cdf(low + wide) - hill.cdf(low)) / wide
            corners = [(low, 0.0), (low, height), (low + 0.9 * wide, height), (low + 0.9 * wide, 0.0)]
            pen.area(placed(corners, ACROSS, UP), colour, 0.6)
    pen.line([(14, 86), (152, 86)], "muted", 1.2)


def decided(pen: Pen, kind: str) -> None:
    """Two images, and what is said of them."""
    pen.box(54, 49, 52, 2, "muted", 0.9)
    image(pen, 12, 30, 40)
    image(pen, 108, 30, 40, "3" if kind == "false_accept" else "7")
    if kind == "verification":
        pen.text((80, 34), "?", "accent", 22)
    elif kind == "false_accept":
        pen.line([(70, 30), (77, 38), (91, 20)], "negative", 4)
    else:
        pen.dot((80, 29), "positive", 9, "cross")


def roc(pen: Pen, kind: str) -> None:
    """Across the FAR, up the TAR; with the area, the mean of one anchor each, or the largest gap."""
    axes(pen)
    thresholds = [step / 100 for step in range(-20, 141)]
    points = [(far(one), 1 - frr(one)) for one in thresholds]
    if kind == "auc":
        pen.area(placed([(0, 0), *points, (1, 0)], (0, 1), (0, 1)), "accent", 0.35)
    pen.line(placed([(0, 0), (1, 1)], (0, 1), (0, 1)), "muted", 1.2, "3 3")
    pen.line(placed(points, (0, 1), (0, 1)), "ink" if kind == "youden" else "accent", 2.6)
    if kind == "youden":
        best = max(points, key=lambda point: point[1] - point[0])
        pen.line(placed([(best[0], best[0]), best], (0, 1), (0, 1)), "accent", 3.6)


def det(pen: Pen) -> None:
    """FRR over FAR on axes of the normal distribution, on which two normal hills make a straight line."""
    axes(pen)
    unit, ends = NormalDist(), (-3.2, 1.4)
    points = [(unit.inv_cdf(far(one)), unit.inv_cdf(frr(one))) for one in (0.26 + 0.01 * step for step in range(46))]
    inside = [point for point in points if all(ends[0] < value < ends[1] for value in point)]
    for share in (0.01, 0.1, 0.5):
        at = unit.inv_cdf(share)
        pen.line(placed([(at, ends[0]), (at, ends[1])], ends, ends), "muted", 0.8, strength=0.6)
        pen.line(placed([(ends[0], at), (ends[1], at)], ends, ends), "muted", 0.8, strength=0.6)
    pen.line(placed(inside, ends, ends), "accent", 2.8)


def over_thresholds(pen: Pen, of: Callable[[float], float], *, lowest: bool) -> None:
    """A goal over the threshold, and where it is best."""
    axes(pen)
    points = curve(of, 0.1, 1.0)
    top = max(value for _, value in points)
    best = (min if lowest else max)(points, key=lambda point: point[1])
    pen.line(placed(points, (0.1, 1), (0, 1.1 * top)), "ink", 2.2)
    pen.dot(placed([best], (0.1, 1), (0, 1.1 * top))[0], "accent", 6, "star")


def f_one(threshold: float) -> float:
    """The harmonic mean of precision and recall, of as many genuine as impostor pairs."""
    right, wrong = 1 - frr(threshold), far(threshold)
    return 2 * right / (right + wrong + 1)


def cost(threshold: float) -> float:
    """A false accept costs five times a false reject, half of the attempts are genuine."""
    return 5 * far(threshold) / 2 + frr(threshold) / 2


def attempts(pen: Pen, *, found: bool) -> None:
    """A hundred attempts of which some are genuine; or a hundred tests with a few findings."""
    for number, at in enumerate(grid(20, 5, 7.2, (12, 20))):
        is_marked = number % 33 == 7 if found else number % 4 == 1
        colour = ("negative" if number > 60 else "positive") if found and is_marked else "accent"
        pen.dot(
            (at[0], at[1] + at[1] * 0.8 - 12), colour if is_marked else "muted", 2.8, strength=1 if is_marked else 0.4
        )


def probability(distance: float) -> float:
    """That a pair at this distance is genuine, of as many genuine as impostor pairs."""
    genuine, impostor = GENUINE.pdf(distance), IMPOSTOR.pdf(distance)
    return genuine / (genuine + impostor)


def calibrated(pen: Pen, kind: str) -> None:
    """A probability over the distance: as it is (muted), and as a curve or steps have it."""
    axes(pen)
    across = (0.1, 1.0)
    true = curve(probability, *across)
    if kind == "isotonic":
        steps: list[Point] = []
        for low in (0.1 + 0.09 * step for step in range(10)):
            level = sum(probability(low + 0.09 * part / 10) for part in range(10)) / 10
            steps += [(low, level), (low + 0.09, level)]
        pen.line(placed(true, across, (0, 1)), "muted", 1.6, "3 3")
        pen.line(placed(steps, across, (0, 1)), "accent", 2.8)
        return
    middle, slope = equal(), 18.0
    for number, distance in enumerate(0.16 + 0.05 * step for step in range(17)):
        is_genuine = (number * 7) % 10 < 10 * probability(distance)
        pen.dot(placed([(distance, float(is_genuine))], across, (0, 1))[0], "positive" if is_genuine else "negative", 3)
    fitted = curve(lambda x: 1 / (1 + math.exp(slope * (x - middle))), *across)
    pen.line(placed(fitted, across, (0, 1)), "accent", 2.8)


def reliability(pen: Pen, kind: str) -> None:
    """What came true over what was said: on the diagonal, or off it by gaps."""
    axes(pen)
    pen.line(placed([(0, 0), (1, 1)], (0, 1), (0, 1)), "muted", 1.4, "3 3")
    for said in (0.1, 0.3, 0.5, 0.7, 0.9):
        true = said + (0 if kind == "calibration" else 0.22 * math.sin(2 * math.pi * said))
        at = placed([(said, true)], (0, 1), (0, 1))[0]
        if kind == "calibration_error":
            pen.line([at, placed([(said, said)], (0, 1), (0, 1))[0]], "accent", 3.4)
        pen.dot(at, "ink", 4.4)


def penalty(pen: Pen, kind: str) -> None:
    """What is paid for saying a probability of something that came true."""
    axes(pen)

    def paid(said: float) -> float:
        return (1 - said) ** 2 if kind == "brier" else -math.log(said)

    up = (0.0, 1.1) if kind == "brier" else (0.0, 3.0)
    pen.line(placed(curve(paid, 0.01, 1), (0, 1), up), "accent", 2.8)


def intervals(pen: Pen, *, crosses: bool) -> None:
    """Measured numbers with their ranges: around a true one, or over zero."""
    zero = 80
    pen.line([(zero, 8), (zero, 92)], "muted" if not crosses else "ink", 1.6, "4 3")
    measured = ((86, 20), (74, 24), (82, 18), (112, 22), (70, 20)) if not crosses else ((88, 34), (122, 22))
    step = 80 / len(measured)
    for number, (middle, half) in enumerate(measured):
        y = 10 + step * (number + 0.5)
        holds = abs(middle - zero) <= half
        colour = "accent" if holds else "negative" if not crosses else "muted"
        pen.line([(middle - half, y), (middle + half, y)], colour, 2.6)
        pen.dot((middle, y), colour, 4.2)


def bootstrap(pen: Pen) -> None:
    """Six identities; in each row six drawn of them, some twice."""
    for row, drawn in enumerate(((0, 1, 2, 3, 4, 5), (0, 0, 2, 4, 5, 5), (1, 2, 2, 3, 3, 4), (0, 1, 1, 1, 4, 5))):
        for place, number in enumerate(drawn):
            pen.dot((28 + 18 * place, 18 + 21 * row), f"class{number}", 5.4, strength=1 if row else 0.6)
        if row:
            pen.arrow((130, 18 + 21 * row), (146, 18 + 21 * row), "muted", 1.4)


def spread(pen: Pen) -> None:
    """A normal density, with one standard deviation on each side of the mean."""
    unit = NormalDist()
    up = (0.0, 0.44)
    inside = placed([(-1.0, 0.0), *curve(unit.pdf, -1, 1), (1.0, 0.0)], (-3.2, 3.2), up)
    pen.area(inside, "accent", 0.4)
    pen.line(placed(curve(unit.pdf, -3.2, 3.2), (-3.2, 3.2), up), "ink", 2.2)
    pen.line([(14, 86), (152, 86)], "muted", 1.2)
    for number in range(60):
        value = unit.inv_cdf((number + 0.5) / 60)
        pen.line(placed([(value, 0.0), (value, 0.0)], (-3.2, 3.2), up), "muted", 2)


def animals(pen: Pen, marked: str) -> None:
    """Identities by their FAR (across) and FRR (up): one kind is marked."""
    axes(pen)
    places: dict[str, list[Point]] = {
        "sheep": around((44, 68), 9, 15),
        "goat": [(38, 22), (56, 30)],
        "wolf": [(122, 64), (138, 74)],
        "lamb": [(112, 76), (132, 54)],
    }
    shapes = {"sheep": "circle", "goat": "triangle", "wolf": "diamond", "lamb": "diamond"}
    for name, points in places.items():
        for at in points:
            is_marked = name == marked
            colour = "accent" if is_marked else "muted"
            pen.dot(at, colour, 5.6 if is_marked else 4, shapes[name], strength=1 if is_marked else 0.6)


def passes(pen: Pen, kind: str) -> None:
    """One identity that passes for others (arrows out), or for whom others pass (arrows in)."""
    middle = (80, 50)
    for x, y in ((28, 24), (132, 24), (28, 78), (132, 78)):
        inner = (80 + (x - 80) * 0.3, 50 + (y - 50) * 0.3)
        outer = (80 + (x - 80) * 0.78, 50 + (y - 50) * 0.78)
        pen.arrow(*((inner, outer) if kind == "wolf" else (outer, inner)), "negative", 2)
        pen.dot((x, y), "muted", 7)
    pen.dot(middle, "accent", 9, "diamond")


DRAWINGS: dict[str, Drawing] = {
    **{kind: partial(decided, kind=kind) for kind in ("verification", "false_accept", "false_reject")},
    "threshold": hills,
    "histogram": histogram,
    "far": lambda pen: hills(pen, "far"),
    "frr": lambda pen: hills(pen, "frr"),
    "tar": lambda pen: hills(pen, "tar"),
    "accuracy": lambda pen: hills(pen, "tar", "trr"),
    "eer": lambda pen: hills(pen, "far", "frr", threshold=equal()),
    "roc": partial(roc, kind="roc"),
    "auc": partial(roc, kind="auc"),
    "youden": partial(roc, kind="youden"),
    "det": det,
    "f_beta": partial(over_thresholds, of=f_one, lowest=False),
    "cost": partial(over_thresholds, of=cost, lowest=True),
    "genuine_share": partial(attempts, found=False),
    "false_discovery": partial(attempts, found=True),
    "calibration": partial(reliability, kind="calibration"),
    "calibration_error": partial(reliability, kind="calibration_error"),
    "platt": partial(calibrated, kind="platt"),
    "isotonic": partial(calibrated, kind="isotonic"),
    "brier": partial(penalty, kind="brier"),
    "log_loss": partial(penalty, kind="log_loss"),
    "interval": partial(intervals, crosses=False),
    "not_distinguishable": partial(intervals, crosses=True),
    "bootstrap": bootstrap,
    "standard_deviation": spread,
    "goat": partial(animals, marked="goat"),
    "sheep": partial(animals, marked="sheep"),
    "wolf": partial(passes, kind="wolf"),
    "lamb": partial(passes, kind="lamb"),
}
