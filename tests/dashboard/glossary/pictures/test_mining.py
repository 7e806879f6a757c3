"""Each miner's picture marks what the miner takes."""

from __future__ import annotations

import math

import pytest

from dashboard.glossary.pictures.mining import ANCHOR, DRAWINGS, NEGATIVES, POSITIVES, SLACK
from dashboard.glossary.pictures.pen import Point
from tests.dashboard.glossary.pictures.shapes import dots, drawn, lines


def taken(kind: str) -> tuple[set[Point], set[Point]]:
    """The positives and the negatives that lines go to."""
    root = drawn(DRAWINGS[kind])
    ends = [{line[-1] for line in lines(root, colour)} for colour in ("positive", "negative")]
    return ends[0], ends[1]


def away(at: Point) -> float:
    return math.dist(ANCHOR, at)


def test_batch_hard_takes_the_furthest_positive_and_the_nearest_negative() -> None:
    assert taken("batch_hard") == ({max(POSITIVES, key=away)}, {min(NEGATIVES, key=away)})


def test_all_triplets_are_all_pairs_of_the_anchor() -> None:
    assert taken("all_triplets") == (set(POSITIVES), set(NEGATIVES))


def test_hard_negatives_go_with_every_positive() -> None:
    assert taken("hard_negative") == (set(POSITIVES), {min(NEGATIVES, key=away)})


def test_lifted_takes_the_negative_nearest_to_either_end() -> None:
    ends = (ANCHOR, POSITIVES[1])
    nearest = min((math.dist(end, at), at) for end in ends for at in NEGATIVES)[1]
    assert taken("lifted_hard_negative")[1] == {nearest} != taken("batch_hard")[1]


def test_multi_similarity_takes_what_is_hard_beside_the_others() -> None:
    near, far = min(map(away, NEGATIVES)), max(map(away, POSITIVES))
    positives, negatives = taken("multi_similarity_miner")
    assert positives == {at for at in POSITIVES if away(at) + SLACK > near}
    assert negatives == {at for at in NEGATIVES if away(at) - SLACK < far} and 0 < len(negatives) < len(NEGATIVES)


@pytest.mark.parametrize(("kind", "classes", "each"), [("p_by_k", 4, 3), ("n_pairs", 5, 2)])
def test_a_batch_has_its_classes_and_as_many_samples_of_each(kind: str, classes: int, each: int) -> None:
    root = drawn(DRAWINGS[kind])
    fills = [one.get("fill") for one in root if one.get("fill") not in (None, "none")]
    assert len(fills) == classes * each and {fills.count(fill) for fill in fills} == {each}


def test_the_density_of_distances_is_that_of_a_sphere_in_16_dimensions() -> None:
    (density,) = [line for line in lines(drawn(DRAWINGS["distance_weighted"]), "muted") if len(line) > 10]
    top = min(density, key=lambda at: at[1])[0]
    assert (top - 14) / 136 * 2 == pytest.approx(math.sqrt(2 * 14 / (16 - 2.5)), abs=0.03)


def test_the_weight_of_a_triplet_falls_as_it_gets_easier() -> None:
    (weight,) = lines(drawn(DRAWINGS["soft_weighting"]), "accent")
    levels = [y for _, y in weight]
    assert levels == sorted(levels) and (86 - levels[30]) / 76 * 1.05 == pytest.approx(0.25, abs=0.01)


def test_a_ratio_has_one_positive_pair_and_three_negative() -> None:
    root = drawn(DRAWINGS["ratio"])
    assert (len(lines(root, "positive")), len(lines(root, "negative"))) == (1, 3) and len(dots(root, "ink")) == 4
