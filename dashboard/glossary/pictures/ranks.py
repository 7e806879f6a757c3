"""Retrieval: a query and its answers in order, the groups that a space falls into, and maps of it."""

from __future__ import annotations

import math
from functools import partial

from dashboard.glossary.pictures.pen import Drawing, Pen, Point, around, away, axes, placed

ANSWERS = (True, False, True, True, False, False, True, False)  # of one query, the nearest first; four are right
OF_CLASS = sum(ANSWERS)
CLUSTERS: tuple[Point, ...] = ((42, 38), (118, 32), (82, 74))


def precision(rank: int) -> float:
    """The share of right answers up to this rank."""
    return sum(ANSWERS[:rank]) / rank


def answers(pen: Pen, kind: str) -> None:
    """A query, and its answers from the nearest on; what the number looks at is marked."""
    y = 50 if kind in ("query", "gallery", "rank", "distractor", "junk") else 78
    reach = {"recall_at_1": 1, "map_at_r": OF_CLASS}.get(kind, len(ANSWERS))
    pen.dot((14, y), "accent" if kind == "query" else "ink", 8, "square")
    for number, is_right in enumerate(ANSWERS):
        x, is_in = 40 + 15 * number, number < reach
        strength = 0.35 if kind == "query" or not is_in else 1
        if kind == "distractor" and number in (1, 4):
            pen.dot((x, y), "accent", 5, "cross")
        elif kind == "junk" and number == 2:
            pen.dot((x, y), "muted", 5, "square", strength=0.4)
            pen.line([(x - 8, y + 9), (x + 8, y - 9)], "accent", 2.4)
        else:
            colour = "positive" if is_right else "negative"
            pen.dot((x, y), colour, 5.4, hollow=not is_right, strength=strength)
        if kind == "rank":
            pen.text((x, y + 20), str(number + 1), "ink", 9)
        has_bar = is_right and is_in and kind in ("average_precision", "map_at_r")
        if has_bar:
            height = 56 * precision(number + 1)
            pen.box(x - 5, 66 - height, 10, height, "accent", 0.8)
    if kind == "gallery":
        pen.frame(30, 34, 124, 32, "accent")
    if kind in ("recall_at_1", "map_at_r"):
        pen.frame(32, 68, 15 * reach + 1, 20, "accent")
    if kind == "minp":
        last = max(number for number, is_right in enumerate(ANSWERS) if is_right)
        pen.line([(34, 60), (34, 54), (46 + 15 * last, 54), (46 + 15 * last, 60)], "accent", 2.4)
        pen.text((38 + 7.5 * last, 40), f"{OF_CLASS}/{last + 1}", "ink", 14)


def precision_of(pen: Pen) -> None:
    """Of five that were found, three are right."""
    pen.frame(38, 24, 84, 52, "accent")
    for number, is_right in enumerate((True, False, True, True, False)):
        at = (56 + 24 * (number % 3), 40 + 22 * (number // 3))
        pen.dot(at, "positive" if is_right else "negative", 6, hollow=not is_right)
    pen.text((140, 50), "3/5", "ink", 14)
    pen.dot((18, 36), "positive", 6, strength=0.4)
    pen.dot((18, 64), "negative", 6, hollow=True, strength=0.4)


def cmc(pen: Pen) -> None:
    """Of five queries, first right at ranks 1, 1, 2, 4 and 5: the share that has found by rank k."""
    axes(pen)
    firsts = (1, 1, 2, 4, 5)
    points: list[Point] = []
    for rank in range(1, 7):
        share = sum(first <= rank for first in firsts) / len(firsts)
        points += [(rank, share), (rank + 1, share)]
    pen.line(placed(points, (1, 7), (0, 1.08)), "accent", 2.8)


def nearest(pen: Pen, kind: str) -> None:
    """A point with its nearest; as one anchor ranks its own surroundings."""
    middle = (80, 50)
    others = around(middle, 15, 46)[1:]
    near = sorted(others, key=partial(math.dist, middle))[:4]
    if kind == "local_auc":
        for radius in (16, 28, 40):
            pen.ring(middle, radius, "muted", 1, "2 3")
    for number, at in enumerate(others):
        is_positive = kind == "local_auc" and at in near[:3]
        colour = "positive" if is_positive else "negative" if kind == "local_auc" else "muted"
        if kind == "neighbour" and at in near:
            pen.line([middle, at], "accent", 2.2)
            colour = "accent"
        pen.dot(at, colour, 4.6, hollow=kind == "local_auc" and not is_positive, strength=1 if number else 1)
    pen.dot(middle, "ink", 6)


def doubtful(pen: Pen, kind: str) -> None:
    """A class and a point of it that is worth a look."""
    for at in around((64, 52), 13, 34):
        pen.dot(at, "class0", 4.4, strength=0.7)
    if kind == "label_error":
        pen.dot((66, 50), "class1", 6.5, "diamond")
        pen.ring((66, 50), 12, "accent", 2.2)
    elif kind == "outlier":
        pen.dot((138, 24), "class0", 5.5)
        pen.ring((138, 24), 12, "accent", 2.2)
    elif kind == "duplicate":
        pen.dot((122, 52), "class0", 7, hollow=True)
        pen.dot((126, 55), "class0", 7, hollow=True)
        pen.ring((124, 53), 17, "accent", 2.2)
    else:
        pen.dot((124, 50), "class1", 6)
        pen.text((124, 24), "?", "accent", 24)


def hub(pen: Pen) -> None:
    """A point that many others have among their nearest."""
    middle = (80, 50)
    for at in around(middle, 14, 46)[2:]:
        pen.arrow(at, away(at, middle, -9), "muted", 1.3)
        pen.dot(at, "class0", 4)
    pen.dot(middle, "accent", 8)


def clusters(pen: Pen, kind: str) -> None:
    """Points in groups: found by distance alone, or beside the classes that they are of."""
    for number, centre in enumerate(CLUSTERS):
        for step, at in enumerate(around(centre, 7, 16)):
            own = number if kind == "clustering" or step < 6 else (number + 1) % 3
            colour = "muted" if kind == "clustering" else f"class{own}"
            faded = kind == "bcubed_f" and number > 0
            pen.dot(at, colour, 4, strength=0.3 if faded else 1)
        is_ringed = kind != "bcubed_f" or number == 0
        if is_ringed:
            pen.ring(centre, 23, "accent", 2)


def tree(pen: Pen) -> None:
    """Groups joined two by two, the nearest first."""
    leaves = [20.0, 38.0, 64.0, 92.0, 112.0, 140.0]
    joins = ((0, 1, 66.0), (3, 4, 60.0), (6, 2, 46.0), (7, 5, 34.0), (8, 9, 16.0))
    nodes: list[Point] = [(x, 86.0) for x in leaves]
    for first, second, height in joins:
        (x, y), (other, bottom) = nodes[first], nodes[second]
        pen.line([(x, y), (x, height), (other, height), (other, bottom)], "accent" if height < 20 else "ink", 2)
        nodes.append(((x + other) / 2, height))
    for x in leaves:
        pen.dot((x, 88), "class0", 4)


def agreement(pen: Pen, kind: str) -> None:
    """Groups (rows) and classes (columns): how many samples they share; or pair by pair, whether both agree."""
    if kind == "ami":
        table = ((9, 1, 0), (1, 8, 2), (0, 1, 7))
        for row, counts in enumerate(table):
            for column, count in enumerate(counts):
                pen.box(41 + 26 * column, 11 + 26 * row, 24, 24, "accent", 0.08 + 0.09 * count)
                pen.text((53 + 26 * column, 23 + 26 * row), str(count))
        return
    by_group, by_class = (0, 0, 0, 1, 1, 1), (0, 0, 1, 1, 1, 1)
    for row in range(6):
        for column in range(6):
            agrees = (by_group[row] == by_group[column]) == (by_class[row] == by_class[column])
            pen.box(42 + 13 * column, 11 + 13 * row, 11.6, 11.6, "accent" if agrees else "negative", 0.8)


def mapped(pen: Pen, kind: str) -> None:
    """A map with three islands; they drift, or a frame shows that it is drawn."""
    for number, centre in enumerate(CLUSTERS):
        for at in around(centre, 10, 17):
            pen.dot(at, f"class{number}", 3.4)
        if kind == "umap":
            pen.arrow(away((80, 50), centre, 8), away((80, 50), centre, 24), "muted", 2)
    if kind == "map":
        pen.frame(10, 8, 140, 86)


def axes_of_cloud(pen: Pen) -> None:
    """A long cloud, and the two directions in which it is widest."""
    turn = math.radians(24)
    for number, (x, y) in enumerate(around((0, 0), 46, 1)):
        along, over = 58 * x, 18 * y
        at = (80 + along * math.cos(turn) - over * math.sin(turn), 50 - along * math.sin(turn) - over * math.cos(turn))
        pen.dot(at, f"class{number % 3}", 2.8, strength=0.7)
    for length, angle in ((60, turn), (24, turn + math.pi / 2)):
        pen.arrow((80, 50), (80 + length * math.cos(angle), 50 - length * math.sin(angle)), "ink", 2.4)


def trusted(pen: Pen, kind: str) -> None:
    """The true space on the left, the map on the right: a stranger comes near, or one of the nearest is torn away."""
    for side in range(2):
        left = 8 + 76 * side
        pen.frame(left, 12, 68, 76)
        middle = (left + 30, 52)
        pen.ring(middle, 20, "muted", 1.2, "3 3")
        for at in ((left + 20, 44), (left + 36, 62)):
            pen.dot(at, "positive", 4.4)
        moves = kind == "trustworthiness"
        is_inside = (side == 1) == moves
        pen.dot((left + 40, 44) if is_inside else (left + 60, 24), "negative" if moves else "positive", 4.8, "diamond")
        pen.dot(middle, "ink", 5)


DRAWINGS: dict[str, Drawing] = {
    **{
        kind: partial(answers, kind=kind)
        for kind in (
            "query",
            "gallery",
            "rank",
            "distractor",
            "junk",
            "recall_at_1",
            "average_precision",
            "map_at_r",
            "minp",
        )
    },
    "cmc": cmc,
    "precision": precision_of,
    "neighbour": partial(nearest, kind="neighbour"),
    "local_auc": partial(nearest, kind="local_auc"),
    **{kind: partial(doubtful, kind=kind) for kind in ("suspect", "label_error", "outlier", "duplicate")},
    "hub": hub,
    "clustering": partial(clusters, kind="clustering"),
    "bcubed_f": partial(clusters, kind="bcubed_f"),
    "average_linkage": tree,
    "ami": partial(agreement, kind="ami"),
    "ari": partial(agreement, kind="ari"),
    "map": partial(mapped, kind="map"),
    "umap": partial(mapped, kind="umap"),
    "pca": axes_of_cloud,
    "trustworthiness": partial(trusted, kind="trustworthiness"),
    "continuity": partial(trusted, kind="continuity"),
}
