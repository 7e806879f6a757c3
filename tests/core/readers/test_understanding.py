"""What was made of a list, in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.readers.understanding import Understanding
from core.verification.scored_pairs import LEFT_OUT, REFUSED, Failures

BARE = Understanding("a.csv", "pairs", 1200, 3, "truth first", direction="distance", known_by="as you said")


def test_pairs_truth_and_direction_come_first() -> None:
    said = "a.csv: 1,203 pairs (1,200 same, 3 different), truth first, distance (smaller is closer, as you said)"
    assert BARE.in_words() == said
    assert replace(BARE, direction="similarity").in_words() == said.replace("distance (smaller", "similarity (larger")


def test_embeddings_are_compared_by_a_distance_instead() -> None:
    compared = replace(BARE, direction="", known_by="", compared_by="the cosine distance")
    assert (
        compared.in_words()
        == "a.csv: 1,203 pairs (1,200 same, 3 different), truth first, compared by the cosine distance"
    )


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"notes": ("no first line", "columns between blanks")}, "no first line; columns between blanks"),
        ({"folds": 1, "folds_known_by": "as the file has them"}, "1 fold as the file has them"),
        ({"folds": 10, "folds_known_by": "by the order of the lines"}, "10 folds by the order of the lines"),
        ({"identities": 4000}, "4,000 identities"),
        (
            {"identities": 4, "identities_known_by": "by the folder of each name"},
            "4 identities by the folder of each name",
        ),
        ({"failures": Failures(2000, REFUSED)}, "2,000 that could not be compared counted as refused"),
        ({"failures": Failures(2, LEFT_OUT)}, "2 that could not be compared left out"),
        ({"notes": ("one",), "folds": 2, "folds_known_by": "so", "identities": 3}, "one; 2 folds so; 3 identities"),
    ],
)
def test_details_follow_in_their_order(changes: dict[str, object], details: str) -> None:
    assert replace(BARE, **changes).in_words() == f"{BARE.in_words()}; {details}"  # type: ignore[arg-type]
