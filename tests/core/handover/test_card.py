from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.distances import EUCLIDEAN
from core.evidence.appraisal import Appraisal, appraise, deepened
from core.handover.card import source_of_file, source_of_run, threshold_card
from core.records.kinds import Kind
from core.records.run_record import DataRecord, RunRecord
from core.records.snapshot_record import SnapshotRecord
from core.thresholds.outcome import outcome
from core.verification.goals import Accuracy, Cost, Eer, Far, FBeta, Frr, Goal, Hand
from core.verification.protocols import FOLDS, OTHERS, SAME, parts

EDGES = np.linspace(0, 8, 33)
RECORD = RunRecord(
    id="0" * 32,
    kind=Kind.TRAINED,
    title="points",
    experiment={"encoder": {"kind": "mlp", "normalise": True}},
    data=DataRecord(
        digest="d" * 64,
        class_names=("a", "b", "c"),
        training_count=0,
        evaluation_count=30,
        probe_count=30,
        protocol="closed-set, by sample",
    ),
)
SNAPSHOT = SnapshotRecord(step=20, epoch=2.0, seconds=1.0, map="pca", eer=0.125, auc=0.9, points=30, classes=3)
NUMBERS = SNAPSHOT.written()


@pytest.fixture(scope="module")
def points() -> tuple[np.ndarray, np.ndarray]:
    """Of 30 identities, in steps of a quarter along one dimension, so that many distances lie exactly at an edge."""
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(30), 4)
    places = 1.5 * generator.normal(size=30)[labels] + 0.4 * generator.normal(size=120)
    return np.clip(np.round(places * 4) / 4, -4, 4)[:, None], labels


@pytest.fixture(scope="module")
def found(points: tuple[np.ndarray, np.ndarray]) -> Appraisal:
    return deepened(appraise(*points, EDGES), *points, EDGES)


def card_of(found: Appraisal, goal: Goal, protocol: str = OTHERS, **experiment: dict[str, Any]) -> dict[str, Any]:
    record = replace(RECORD, experiment={**RECORD.experiment, **experiment})
    source = source_of_run(record, SNAPSHOT, np.eye(3))
    return threshold_card(outcome(found, goal, protocol), source=source, date="2026-01-31")


GOALS = [Far(0.3), Far(1.0), Frr(0.2), Eer(), Accuracy(), Hand(1.03)]


@pytest.mark.parametrize("protocol", [OTHERS, SAME])
@pytest.mark.parametrize("goal", GOALS, ids=str)
def test_counts_on_the_card_are_those_of_the_pairs_that_report(
    goal: Goal, protocol: str, found: Appraisal, points: tuple[np.ndarray, np.ndarray]
) -> None:
    values, labels = points
    rows = parts(labels, 2) == 1 if protocol == OTHERS else np.ones(len(labels), bool)
    first, second = np.triu_indices(rows.sum(), 1)
    apart = np.abs(values[rows, 0][first] - values[rows, 0][second])
    same = labels[rows][first] == labels[rows][second]
    card = card_of(found, goal, protocol)
    threshold = card["threshold"]
    assert threshold in EDGES or goal.name == "hand" or card["accepts_nobody"]
    ties = (apart == threshold).any() or threshold == EDGES[-1]
    assert ties or goal.name == "hand" or card["accepts_nobody"], "a tie must be on the line"
    assert card["true_accepts"] == (apart[same] <= threshold).sum()
    assert card["false_accepts"] == (apart[~same] <= threshold).sum()
    assert card["true_accepts"] + card["false_rejects"] == card["positive_pairs"] == same.sum()
    assert card["false_accepts"] + card["true_rejects"] == card["negative_pairs"] == (~same).sum()
    assert card["false_accept_rate"] == card["false_accepts"] / card["negative_pairs"]
    assert card["accuracy"] == (card["true_accepts"] + card["true_rejects"]) / len(same)
    low, high = card["false_accept_interval"]
    naive_low, naive_high = card["intervals_if_pairs_were_independent"]["false_accept"]
    assert low <= naive_low <= card["false_accept_rate"] <= naive_high <= high


def test_the_card_survives_json_with_every_digit(found: Appraisal) -> None:
    for protocol in (OTHERS, FOLDS, SAME):
        card = card_of(found, Far(0.3), protocol)
        assert json.loads(json.dumps(card, allow_nan=False)) == card
    assert card["goal"] == {"kind": "far", "max_false_accept_rate": 0.3}
    assert card_of(found, Hand(1.0))["goal"] == {"kind": "hand"}
    assert card_of(found, Hand(1.0))["threshold_interval"] is None
    assert card_of(found, FBeta(2.0))["goal"] == {"kind": "f-beta", "beta": 2.0}
    costs = card_of(found, Cost(10.0, 1.0, 0.9))["goal"]
    assert costs == {"kind": "cost", "false_accept": 10.0, "false_reject": 1.0, "genuine_share": 0.9}


def test_the_card_has_the_bootstrap_of_those_who_report_where_it_is_known(found: Appraisal) -> None:
    card = card_of(found, Far(0.3))
    kept, place = found.reporting_replicates, np.flatnonzero(EDGES == card["threshold"])[0] - 1
    far = kept.false_accepts[place] / kept.false_accepts[-1]
    frr = 1 - kept.true_accepts[place] / kept.true_accepts[-1]
    ends = card["bootstrap_intervals"]
    for kind, rates in (("false_accept", far), ("false_reject", frr)):
        (low, high), band = np.quantile(rates, [0.025, 0.975]), card[f"{kind}_interval"]
        assert_allclose(ends[kind], [min(low, band[0]), max(high, band[1])])
    assert 0 < ends["false_accept"][0] < card["false_accept_rate"] < ends["false_accept"][1] < 1
    assert all("bootstrap_intervals" not in card_of(found, Eer(), protocol) for protocol in (FOLDS, SAME))


def test_the_card_of_ten_folds_tells_each(found: Appraisal) -> None:
    card = card_of(found, Eer(), FOLDS)
    assert len(card["folds"]) == 10
    assert card["false_reject_rate"] == np.mean([fold["false_reject_rate"] for fold in card["folds"]])


def test_the_card_says_where_its_numbers_come_from(found: Appraisal) -> None:
    card = card_of(found, Eer())
    names = ("accept_when", "distance", "normalisation", "protocol", "data_protocol", "run", "data_digest", "epoch",
             "step", "date", "identities")  # fmt: skip
    assert [card[name] for name in names] == [
        "distance <= threshold", "euclidean", "l2", "other-identities", "closed-set, by sample", "0" * 32, "d" * 64,
        2.0, 20, "2026-01-31", 15,
    ]  # fmt: skip
    assert card["embeddings_digest"] == sha256(np.eye(3).tobytes()).hexdigest()


def test_the_card_names_the_checkpoint_of_the_model_where_one_is_kept(found: Appraisal) -> None:
    told = outcome(found, Eer(), OTHERS)
    source = source_of_run(RECORD, SNAPSHOT, np.eye(3), model_digest="a" * 64)
    assert threshold_card(told, source=source, date="2026-01-31")["model_digest"] == "a" * 64
    assert "model_digest" not in card_of(found, Eer())


def test_the_card_names_the_distance_of_the_run(found: Appraisal) -> None:
    assert "distance_parameters" not in card_of(found, Eer())
    card = card_of(found, Eer(), distance={"kind": "minkowski", "p": 4.0})
    assert (card["distance"], card["distance_parameters"]) == ("minkowski", {"p": 4.0})


def test_the_card_of_a_file_names_the_file(found: Appraisal) -> None:
    told = outcome(found, Eer(), SAME)
    source = source_of_file("faces.npz", np.eye(3), EUCLIDEAN, NUMBERS)
    card = threshold_card(told, source=source, date="2026-01-31")
    assert (card["file"], card["normalisation"], card["distance"]) == ("faces.npz", "as given", "euclidean")
