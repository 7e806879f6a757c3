from __future__ import annotations

import json

import numpy as np
import pytest

from core.goals import Costs, Goal
from core.threshold_card import threshold_card
from core.verification import Curve, curve_from_histogram

EDGES = np.linspace(0, 2, 33)
DESCRIPTION = {
    "id": "0" * 32,
    "data": {"digest": "d" * 64, "protocol": "closed-set, by sample"},
    "experiment": {"encoder": {"kind": "mlp", "normalise": True}},
}
NUMBERS = {"eer": 0.125, "auc": 0.9, "points": 30, "classes": 3, "epoch": 2.0, "step": 20}


@pytest.fixture
def distances(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Distances of 200 positive and 700 negative pairs, many of them exactly at an edge."""
    positive = np.clip(rng.normal(0.7, 0.25, 200), 0, 2)
    negative = np.clip(rng.normal(1.3, 0.25, 700), 0, 2)
    return np.round(positive * 32) / 32, np.round(negative * 32) / 32


@pytest.fixture
def curve(distances: tuple[np.ndarray, np.ndarray]) -> Curve:
    counts = [[((low < kind) & (kind <= high)).sum() for low, high in zip(EDGES, EDGES[1:], strict=False)]
              for kind in distances]  # fmt: skip
    return curve_from_histogram(EDGES, np.array(counts[0]), np.array(counts[1]))


def card_of(curve: Curve, goal: Goal, **experiment: dict) -> dict:
    description = DESCRIPTION | {"experiment": DESCRIPTION["experiment"] | experiment}
    return threshold_card(curve, goal, description=description, numbers=NUMBERS, date="2026-01-31")


@pytest.mark.parametrize(
    "goal", [Goal("far", 0.02), Goal("far", 1.0), Goal("eer"), Goal("accuracy"), Goal("hand", 1.03)]
)
def test_counts_on_the_card_are_those_of_the_pairs(goal, curve, distances):
    positive, negative = distances
    card = card_of(curve, goal)
    threshold = card["threshold"]
    assert threshold in EDGES
    assert (positive == threshold).any() or (negative == threshold).any(), "a tie must be on the line"
    assert card["true_accepts"] == (positive <= threshold).sum()
    assert card["false_accepts"] == (negative <= threshold).sum()
    assert card["true_accepts"] + card["false_rejects"] == card["positive_pairs"] == 200
    assert card["false_accepts"] + card["true_rejects"] == card["negative_pairs"] == 700
    assert card["false_accept_rate"] == card["false_accepts"] / 700
    assert card["accuracy"] == (card["true_accepts"] + card["true_rejects"]) / 900


def test_the_card_survives_json_with_every_digit(curve):
    card = card_of(curve, Goal("far", 0.02))
    assert json.loads(json.dumps(card, allow_nan=False)) == card
    assert card["goal"] == {"kind": "far", "max_false_accept_rate": 0.02}
    assert card_of(curve, Goal("hand", 1.0))["goal"] == {"kind": "hand"}
    assert card_of(curve, Goal("f-beta", 2.0))["goal"] == {"kind": "f-beta", "beta": 2.0}
    costs = card_of(curve, Goal("cost", costs=Costs(10.0, 1.0, 0.9)))["goal"]
    assert costs == {"kind": "cost", "false_accept": 10.0, "false_reject": 1.0, "genuine_share": 0.9}


def test_the_card_says_where_its_numbers_come_from(curve):
    card = card_of(curve, Goal("eer"))
    names = ("accept_when", "distance", "normalisation", "protocol", "run", "data_digest", "epoch", "step", "date")
    assert [card[name] for name in names] == [
        "distance <= threshold", "euclidean", "l2", "closed-set, by sample", "0" * 32, "d" * 64, 2.0, 20, "2026-01-31"
    ]  # fmt: skip


def test_the_card_names_the_distance_of_the_run(curve):
    assert "distance_parameters" not in card_of(curve, Goal("eer"))
    card = card_of(curve, Goal("eer"), distance={"kind": "minkowski", "p": 4.0})
    assert (card["distance"], card["distance_parameters"]) == ("minkowski", {"p": 4.0})
