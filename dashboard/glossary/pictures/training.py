"""What happens while an encoder is trained, and of which data."""

from __future__ import annotations

import math
from functools import partial

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, around, axes, curve, grid, placed
from dashboard.glossary.pictures.spaces import image

TERMS = (0.0, 0.7, 0.0, 0.35, 0.0, 0.0, 0.9, 0.2, 0.0, 0.55)  # losses of a batch of ten


def split(pen: Pen, kind: str) -> None:
    """All samples in a grid: one part trains, the other judges."""
    for number, at in enumerate(grid(8, 5, 16, (24, 18))):
        column = number % 8
        judges = column > 4
        is_marked = kind == "split" or judges
        pen.dot(at, "accent" if judges else "muted", 4.6, hollow=judges, strength=1 if is_marked else 0.4)
    if kind == "split":
        pen.line([(96, 8), (96, 92)], "ink", 2)
    else:
        pen.frame(96, 9, 50, 82, "accent", "4 3")


def sets(pen: Pen, *, is_open: bool) -> None:
    """The classes of training on the left, those met later on the right."""
    for side in range(2):
        pen.frame(10 + 78 * side, 12, 62, 76)
        for number in range(3):
            colour = f"class{number + (6 if is_open and side else 0)}"
            for step, at in enumerate(grid(3, 1, 17, (24 + 78 * side, 28 + 22 * number))):
                pen.dot(at, colour, 5, hollow=side == 1, shape=("circle", "diamond", "square")[number], strength=1)
                if step == 2 - side:
                    break
    pen.arrow((74, 50), (86, 50), "ink")


def folds(pen: Pen) -> None:
    """Four rounds; in each another part of the classes is held out."""
    for row in range(4):
        for column in range(4):
            is_held = row == column
            pen.box(26 + 28 * column, 14 + 19 * row, 25, 14, "accent" if is_held else "muted", 0.95 if is_held else 0.3)


def groups(pen: Pen) -> None:
    """Samples of three classes from two sources."""
    for side in range(2):
        pen.frame(12 + 72 * side, 14, 64, 72, "ink", "" if side else "4 3")
        for number, at in enumerate(around((44 + 72 * side, 50), 9, 28)):
            pen.dot(at, f"class{number % 3}", 4.6, "square" if side else "circle")


def protocol(pen: Pen) -> None:
    """Which pairs count: two do, one does not."""
    for row, counts in enumerate((True, True, False)):
        y = 22 + 28 * row
        pen.line([(30, y), (88, y)], "ink" if counts else "muted", 2, "" if counts else "3 3")
        for x in (30, 88):
            pen.dot((x, y), "positive" if row == 0 else "negative", 6, hollow=row > 0, strength=1 if counts else 0.4)
        if counts:
            pen.line([(114, y), (121, y + 7), (134, y - 8)], "accent", 3)
        else:
            pen.dot((124, y), "muted", 6, "cross")


def augmentation(pen: Pen) -> None:
    """An image and three changed ones."""
    image(pen, 10, 30, 40)
    pen.arrow((54, 50), (66, 50), "muted")
    image(pen, 74, 10, 28)
    pen.box(76, 12, 10, 10, "paper", 1)
    image(pen, 116, 22, 36)
    image(pen, 80, 56, 34, "7", "muted")


def run(pen: Pen) -> None:
    """Three moments of a space that forms."""
    for step in range(3):
        left = 8 + 50 * step
        pen.frame(left, 24, 44, 52)
        for number, at in enumerate(((13, 14), (32, 18), (20, 38))):
            centre = (left + 22 + (at[0] - 22) * step / 2, 50 + (at[1] - 26) * step / 2)
            for x, y in around(centre, 5, 17 - 6.5 * step):
                pen.dot((x + 3 * (number - 1) * (2 - step), y), f"class{number}", 2.6)


def leak(pen: Pen) -> None:
    """A sample in both parts of a split."""
    for number, at in enumerate(grid(6, 3, 22, (25, 28))):
        is_same = number in (1, 10)
        judges = number % 6 > 2
        pen.dot(
            at, "negative" if is_same else "muted", 7 if is_same else 5, hollow=judges, strength=1 if is_same else 0.5
        )
    pen.line([(80, 8), (80, 92)], "ink", 2)
    pen.arrow((52, 30), (106, 48), "negative", 1.8)


def fork(pen: Pen) -> None:
    """A run that goes on in two ways."""
    pen.line([(12, 50), (66, 50)], "muted", 4)
    pen.line([(66, 50), (90, 26), (150, 26)], "muted", 4)
    pen.line([(66, 50), (90, 74), (138, 74)], "accent", 4)
    pen.arrow((130, 74), (150, 74), "accent", 4)
    pen.dot((66, 50), "ink", 7)


def tuner(pen: Pen) -> None:
    """Settings that were tried, larger the better they did, and the next one close to the best."""
    axes(pen)
    for x, y in around((80, 48), 9, 36):
        near = math.dist((x, y), (102, 36))
        pen.dot((x, y), "muted", max(7 - near / 9, 1.6), strength=0.8)
    pen.dot((103, 40), "accent", 6, "star")


def loss(pen: Pen) -> None:
    """It falls with the updates."""
    axes(pen)
    falling = curve(lambda x: math.exp(-2.2 * x) + 0.04 * math.sin(40 * x) * math.exp(-x), 0, 2)
    pen.line(placed(falling, (0, 2), (0, 1.1)), "accent", 2.6)


def valley(pen: Pen, kind: str) -> None:
    """A loss over one weight: where it grows, and steps that are too large or too small."""
    across, up = (-1.5, 1.5), (0.0, 2.3)
    pen.line(placed(curve(lambda x: x * x, *across), across, up), "muted", 2.4)

    def at(weight: float) -> Point:
        return placed([(weight, weight * weight)], across, up)[0]

    if kind == "gradient":
        pen.arrow(at(0.9), placed([(1.28, 0.81 + 1.8 * 0.38)], across, up)[0], "negative", 2.4)
        pen.arrow(at(0.9), placed([(0.52, 0.81 - 1.8 * 0.38)], across, up)[0], "accent", 2.4)
        pen.dot(at(0.9), "ink", 5)
        return
    for start, rate, colour in ((1.4, 0.93, "negative"), (-1.4, 0.06, "accent")):
        weights = [start * (1 - 2 * rate) ** step for step in range(5)]
        pen.line([at(weight) for weight in weights], colour, 1.6)
        for weight in weights:
            pen.dot(at(weight), colour, 3.4)


def batch(pen: Pen, kind: str) -> None:
    """All samples: the few of one batch, or all of them, batch by batch."""
    for number, at in enumerate(grid(8, 4, 17, (20, 24))):
        is_in = kind == "epoch" or number // 8 == 1
        pen.dot(at, f"class{(number * 7 + number // 8) % 4}", 4.8, strength=1 if is_in else 0.3)
    rows = range(4) if kind == "epoch" else (1,)
    for row in rows:
        pen.frame(12, 16.5 + 17 * row, 135, 15, "accent")


def update(pen: Pen) -> None:
    """A point of the weights moves a step on the loss."""
    for radius in (14, 26, 38):
        pen.ring((92, 50), radius, "muted", 1.2)
    pen.arrow((46, 30), (68, 40), "accent", 3)
    pen.dot((46, 30), "muted", 5)
    pen.dot((70, 41), "ink", 5)


def optimiser(pen: Pen) -> None:
    """A way that swings, and one that goes nearly straight."""
    for wide, high in ((62, 12), (44, 8), (24, 4)):
        angles = [math.radians(6 * step) for step in range(61)]
        pen.line([(84 + wide * math.cos(a), 50 + 2.6 * high * math.sin(a)) for a in angles], "muted", 1.2)
    swing = [(26 + 9 * step, 50 + 22 * (-1) ** step * 0.72**step) for step in range(8)]
    pen.line(swing, "negative", 1.6, "4 3")
    pen.line([(26, 72), (44, 60), (62, 53), (84, 50)], "accent", 2.6)
    pen.dot((84, 50), "ink", 4)


def snapshot(pen: Pen) -> None:
    """Moments of a training, one of them kept."""
    pen.line([(14, 82), (146, 82)], "muted", 2)
    for step in range(5):
        pen.dot((22 + 29 * step, 82), "accent" if step == 2 else "muted", 5)
    pen.frame(52, 12, 56, 54, "accent")
    for number, centre in enumerate(((66, 28), (94, 30), (78, 52))):
        for at in around(centre, 5, 9):
            pen.dot(at, f"class{number}", 3)


def seeds(pen: Pen) -> None:
    """Two trainings that differ by chance alone."""
    axes(pen)
    for phase, colour, dash in ((0.0, "accent", ""), (1.9, "class0", "5 3")):
        level = curve(lambda x, phase=phase: 1 - math.exp(-2 * x) + 0.07 * math.sin(9 * x + phase), 0, 2)
        pen.line(placed(level, (0, 2), (0, 1.15)), colour, 2.2, dash)


def terms(pen: Pen, kind: str) -> None:
    """The losses of ten triplets: which are above zero, and their mean."""
    losses = [0.0] * len(TERMS) if kind == "idle" else TERMS
    active = [loss for loss in losses if loss]
    pen.line([(10, 84), (150, 84)], "muted", 1.4)
    for number, loss in enumerate(losses):
        x = 14 + 13.6 * number
        if loss:
            pen.box(x, 84 - 70 * loss, 10, 70 * loss, "accent", 0.9 if kind == "active_share" else 0.4)
        pen.dot((x + 5, 92), "accent" if loss else "muted", 3, hollow=not loss)
    if kind == "mean_active":
        height = 84 - 70 * sum(active) / len(active)
        pen.line([(10, height), (150, height)], "ink", 2, "5 3")


def warm_up(pen: Pen) -> None:
    """The step size rises from zero and falls along half a cosine."""
    axes(pen)
    pen.box(14, 10, 27, 76, "accent", 0.2)
    rate = curve(lambda x: x / 0.2 if x < 0.2 else 0.5 + 0.5 * math.cos(math.pi * (x - 0.2) / 0.8), 0, 1)
    pen.line(placed(rate, (0, 1), (0, 1.1)), "accent", 2.6)


def weight_decay(pen: Pen) -> None:
    """Weights as bars, each drawn towards zero."""
    pen.line([(12, 50), (148, 50)], "muted", 1.4)
    for number, weight in enumerate((0.8, -0.5, 0.3, -0.9, 0.6, -0.2)):
        x, end = 24 + 22 * number, 50 - 40 * weight
        pen.line([(x, 50), (x, end)], "muted", 7, strength=0.5)
        pen.arrow((x, end), (x, end + (18 if weight > 0 else -18) * abs(weight) ** 0.5), "accent", 2)


def miner(pen: Pen) -> None:
    """A batch, and the one triplet that is taken from it."""
    places = around((80, 50), 16, 42)
    for number, at in enumerate(places):
        pen.dot(at, f"class{number % 4}", 4.4, strength=0.35)
    anchor, positive, negative = places[5], places[9], places[2]
    pen.line([anchor, positive], "positive", 2.4)
    pen.line([anchor, negative], "negative", 2.2, "4 3")
    pen.dot(anchor, "class1", 6)
    pen.dot(positive, "class1", 6)
    pen.dot(negative, "class2", 6)


def sampler(pen: Pen) -> None:
    """All samples on the left, and those chosen for a batch on the right."""
    chosen = (3, 8, 12, 17)
    for number, at in enumerate(grid(5, 4, 15, (16, 27))):
        pen.dot(at, f"class{number % 5}", 4.4, strength=1 if number in chosen else 0.3)
    pen.arrow((86, 50), (104, 50), "ink")
    pen.frame(112, 28, 36, 44, "accent")
    for number, at in zip(chosen, grid(2, 2, 16, (122, 42)), strict=True):
        pen.dot(at, f"class{number % 5}", 5)


def strategies(pen: Pen, kind: str) -> None:
    """What three strategies reach; or one as the line that others are measured by."""
    pen.line([(14, 86), (146, 86)], "muted", 1.4)
    for number, height in enumerate((40, 62, 52)):
        is_base = kind == "baseline" and number == 0
        colour = "ink" if is_base else f"class{number}" if kind == "strategy" else "muted"
        pen.box(30 + 38 * number, 86 - height, 24, height, colour, 0.9 if kind == "strategy" or is_base else 0.5)
    if kind == "baseline":
        pen.line([(14, 46), (146, 46)], "ink", 2, "5 3")


def tried(pen: Pen, kind: str) -> None:
    """A table of settings, all of which are trained; or short trials of which one is taken."""
    if kind == "sweep":
        for number, (x, y) in enumerate(grid(4, 3, 32, (18, 10))):
            pen.box(x, y, 27, 24, "accent", 0.2 + 0.07 * number)
        return
    axes(pen)
    for number, reach in enumerate((0.5, 0.62, 0.92, 0.4)):
        level = curve(lambda x, reach=reach: reach * (1 - math.exp(-3 * x)), 0, 1)
        is_best = number == 2
        pen.line(placed(level, (0, 1), (0, 1)), "accent" if is_best else "muted", 2.6 if is_best else 1.6)


def engine(pen: Pen, kind: str) -> None:
    """The engine above its workers; one of the two is marked."""
    pen.box(56, 12, 48, 26, "accent" if kind == "engine" else "muted", 0.9 if kind == "engine" else 0.4)
    for number in range(3):
        x = 18 + 46 * number
        pen.arrow((80, 40), (x + 16, 60), "muted", 1.4)
        is_marked = kind == "worker" and number == 1
        pen.box(x, 62, 32, 24, "accent" if is_marked else "muted", 0.9 if is_marked else 0.4)


def store(pen: Pen) -> None:
    """A folder with three runs in it."""
    pen.area([(26, 22), (64, 22), (72, 32), (134, 32), (134, 86), (26, 86)], "accent", 0.35)
    for number in range(3):
        pen.box(42 + 28 * number, 46, 20, 26, "ink", 0.75)


DRAWINGS: dict[str, Drawing] = {
    "split": partial(split, kind="split"),
    "held_out": partial(split, kind="held_out"),
    "closed_set": partial(sets, is_open=False),
    "open_set": partial(sets, is_open=True),
    "fold": folds,
    "group": groups,
    "protocol": protocol,
    "augmentation": augmentation,
    "run": run,
    "leak": leak,
    "fork": fork,
    "tuner": tuner,
    "loss": loss,
    "gradient": partial(valley, kind="gradient"),
    "learning_rate": partial(valley, kind="learning_rate"),
    "batch": partial(batch, kind="batch"),
    "epoch": partial(batch, kind="epoch"),
    "update": update,
    "optimiser": optimiser,
    "snapshot": snapshot,
    "seed": seeds,
    **{kind: partial(terms, kind=kind) for kind in ("active_share", "mean_active", "idle")},
    "warm_up": warm_up,
    "weight_decay": weight_decay,
    "miner": miner,
    "sampler": sampler,
    "strategy": partial(strategies, kind="strategy"),
    "baseline": partial(strategies, kind="baseline"),
    "sweep": partial(tried, kind="sweep"),
    "trial": partial(tried, kind="trial"),
    "engine": partial(engine, kind="engine"),
    "worker": partial(engine, kind="worker"),
    "store": store,
}
