"""What a comparison has found, as one value and as plain values."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from core.comparison.reached import NUMBERS, Reached
from core.comparison.results import by_strategy, differences_of, levels_of, over_what, summary_of
from tests.core.found_results import found


def reached(value: float, identities: int = 0) -> Reached:
    """The same in everything, by identities from that number on."""
    whom = np.arange(identities, identities + 4)
    return Reached(whom, np.full(4, 3), dict.fromkeys(NUMBERS, value), {}, {})


def test_folds_of_a_seed_are_put_together_and_only_where_all_are_there() -> None:
    trainings = [("a", 0, reached(0.2)), ("a", 0, reached(0.4, 10)), ("a", 1, reached(0.9)), ("b", 0, reached(0.1))]
    strategies = by_strategy(trainings, folds=2)
    assert list(strategies) == ["a"] and list(strategies["a"]) == [0]
    assert strategies["a"][0].values["map_at_r"] == np.mean([0.2, 0.4])
    assert by_strategy([("b", 1, reached(0.5)), ("b", 0, reached(0.1))])["b"].keys() == {0, 1}


def test_levels_and_differences_are_of_every_number() -> None:
    strategies = by_strategy(
        [("a", 0, reached(0.5)), ("a", 1, reached(0.7)), ("b", 0, reached(0.1)), ("b", 1, reached(0.2))]
    )
    levels, differences = levels_of(strategies), differences_of(strategies)
    assert levels["a"].keys() == differences.keys() == NUMBERS.keys()
    assert np.isclose(levels["a"]["auc"].value, 0.6) and np.isclose(differences["auc"][0].difference.value, 0.45)


def test_plain_values_are_json_and_an_end_that_nobody_knows_is_none() -> None:
    results = found(("a", "b"), seeds=2)
    told = summary_of(results)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["strategies"]["b"]["eer"]["value"] == results.levels["b"]["eer"].value
    assert [one["number"] for one in told["differences"]] == list(NUMBERS) and told["seeds"] == [0, 1]
    of_one = levels_of(by_strategy([("a", 0, reached(0.5))]))
    assert of_one["a"]["density"].low == float("-inf"), "of one seed"


def test_over_what_intervals_hold_is_said_of_each_number() -> None:
    strategies = by_strategy([(name, seed, reached(0.1 * seed)) for name in ("a", "b") for seed in (0, 1)])
    known = by_strategy(
        [
            (name, seed, replace(one, parts={"auc": np.zeros(4)}))
            for name, of in strategies.items()
            for seed, one in of.items()
        ]
    )
    differences = differences_of(known)
    results = replace(found(("a", "b")), levels=levels_of(known), differences=differences)
    assert results.over("auc") == "over seeds and identities" and results.over("density") == "over seeds alone"
    assert results.over_differences == results.over_levels == "over seeds alone; of AUC over seeds and identities"
    described = "; of Effective rank and Spread within / of all over seeds alone"
    assert found().over_levels == f"over seeds and identities{described}"


def test_of_one_seed_intervals_are_over_identities_and_some_are_unknown() -> None:
    results = found(("a", "b"), seeds=1)
    assert results.over("map_at_r") == "over identities alone, another seed may differ"
    assert results.over_differences.endswith("; of Effective rank and Spread within / of all unknown from one seed")
    several = [one.difference for of in (found(), results) for one in of.differences["auc"]]
    assert over_what(several) == "over seeds and identities, some over identities alone, another seed may differ"


def test_a_training_is_named_by_its_seed_and_its_fold() -> None:
    assert [one.name for one in found(("a", "b"), seeds=1, folds=2).trainings][:2] == [
        "seed 0, fold 0",
        "seed 0, fold 1",
    ]
    assert found(("a", "b"), seeds=2).trainings[1].name == "seed 1"
