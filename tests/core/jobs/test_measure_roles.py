"""Embeddings with roles that a user brings become a run of the pairs that count, with the numbers of the protocol."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.distances import DISTANCES, EUCLIDEAN
from core.evidence.appraisal_of_scores import appraise_scores
from core.jobs import measure_roles
from core.jobs.measure_embeddings import MARGIN, Upload, keep
from core.jobs.measure_roles import RoleUpload, RoleWords, answered, upload_of
from core.records.kinds import BY_ROLE
from core.reidentification.pairs import listed_pairs
from core.reidentification.summary import summarise_by_role
from core.runs.store import Store
from core.statistics.threshold_grid import threshold_grid
from tests.core.measuring import measured
from tests.imports import ROOT

MARKET = ROOT / "tests" / "core" / "market_junk.npz"


def market(**asked: Any) -> RoleUpload:
    upload = upload_of("market.npz", MARKET, EUCLIDEAN, RoleWords(**({"junk": ["-1"], "distractors": ["0"]} | asked)))
    assert isinstance(upload, RoleUpload)
    return upload


def test_a_worker_measures_the_pairs_that_count(store: Store) -> None:
    upload = market()
    run, answer, heard = measured(store, upload)
    assert answer == "finished" and [message["epoch"] for message in heard] == [1, 2]
    (snapshot,) = run.snapshots()
    line = snapshot.written()
    expected = summarise_by_role(upload.embeddings, upload.roles, margin=MARGIN, margins=np.array([MARGIN])).numbers
    assert {name: line[name] for name in expected} == expected
    assert line["recall_at_1"] == 0.64 and line["positive_pairs"] == 100
    pairs = listed_pairs(upload.embeddings, upload.roles, upload.class_names)
    np.testing.assert_array_equal(run.pairs().distances, pairs.distances)
    found, told = run.appraisal(0), appraise_scores(pairs, threshold_grid(pairs))
    assert found is not None
    np.testing.assert_array_equal(found.everyone.curve.false_accepts, told.everyone.curve.false_accepts)
    result, data = run.result(), run.record().known_data
    assert result["protocol"] == data.protocol == BY_ROLE and not result["questions"]
    assert result["remarks"][:2] == [
        "points left out as junk: 12",
        "distractors, each taken for an identity of its own: 60",
    ]
    assert data.pair_count == 4225 and data.roles["junk_labels"] == ["-1"]


def test_without_roles_the_embeddings_are_measured_as_they_are_and_a_question_is_kept(store: Store) -> None:
    upload = upload_of("market.npz", MARKET, EUCLIDEAN)
    assert isinstance(upload, Upload)
    run, _, _ = measured(store, upload)
    assert run.result()["positive_pairs"] == 1936
    assert [asked["label"] for asked in run.result()["questions"]] == ["0", "-1"]
    assert "label 0 is on 60 of 122 points" in run.result()["questions"][0]["question"]
    once, _, _ = measured(store, answered(run, distractors=["0"]))
    assert [asked["label"] for asked in once.result()["questions"]] == ["-1"]
    both = answered(once, junk=["-1"])
    assert both.run_id == market().run_id and both.roles.on_card == market().roles.on_card
    assert measured(store, both)[0].result()["recall_at_1"] == 0.64


def test_groups_are_kept_only_where_they_are_crossed(tmp_path: Path, store: Store) -> None:
    generator = np.random.default_rng(0)
    labels, groups = np.repeat(np.arange(24), 4), np.tile(["l", "l", "r", "r"], 24)
    path = tmp_path / "grouped.npz"
    np.savez(path, embeddings=generator.normal(size=(24, 3))[labels] + 0.2, labels=labels, group=groups)
    assert isinstance(upload_of("g", path, EUCLIDEAN), Upload)
    upload = upload_of("g", path, EUCLIDEAN, RoleWords(across_groups=True))
    assert isinstance(upload, RoleUpload)
    run, _, _ = measured(store, upload)
    assert run.result()["positive_pairs"] == 24 * 4 and run.result()["pairs_left_out"] == 48
    assert "pairs of one identity and one group that are left out: 48" in run.result()["remarks"]
    again = answered(run, junk=["3"])
    assert again.roles.counts["positive_pairs"] == 23 * 4


def test_equal_uploads_are_one_run_and_other_roles_another(store: Store) -> None:
    upload = market()
    row = keep(store, upload)
    assert keep(store, replace(upload, name="copy.npz")).id == row.id
    others = (
        market(distractors=[]),
        replace(upload, distance=DISTANCES["cosine"]()),
        replace(upload, embeddings=upload.embeddings + 1),
    )
    assert len({row.id, *(other.run_id for other in others)}) == 4


@pytest.mark.parametrize(("what", "most"), [("pairs", "MOST_PAIRS"), ("identities", "MOST_IDENTITIES")])
def test_too_much_is_refused_with_the_way_out(what: str, most: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure_roles, most, 69)
    with pytest.raises(ValueError, match=f"must have at most 69 {what} that count .*Use `python -m core statistics`"):
        market()


def test_groups_and_sessions_without_roles_keep_their_names(tmp_path: Path) -> None:
    generator, labels = np.random.default_rng(2), np.repeat(np.arange(6), 4)
    arrays = {"embeddings": generator.normal(size=(24, 3)), "labels": labels}
    cameras, days = np.tile(["left", "left", "right", "top"], 6), np.tile([3, 3, 7, 7], 6)
    found = []
    for place, more in enumerate(
        [
            {},
            {"group": np.char.upper(cameras)},
            {"group": cameras},
            {"group": cameras, "session": days},
        ]
    ):
        np.savez(tmp_path / f"{place}.npz", **arrays, **more)
        found.append(upload_of("g", tmp_path / f"{place}.npz", EUCLIDEAN))
    assert len({upload.run_id for upload in found}) == 4
    probe = found[-1].files()["probe.npz"]
    assert probe["group"].tolist() == cameras.tolist() and probe["session"].tolist() == days.tolist()
    assert not {"group", "session"} & set(found[0].files()["probe.npz"])
