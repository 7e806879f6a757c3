"""Pairs that a user brings become a run whose numbers are those of the pairs."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.metrics import roc_auc_score

from core.distances import EUCLIDEAN, Cosine, Minkowski
from core.evidence.appraisal_of_scores import appraise_scores
from core.evidence.polarity import turned
from core.jobs import measure_scores
from core.jobs.measure_embeddings import keep
from core.jobs.measure_scores import ScoredUpload
from core.records.kinds import AS_LISTED, AS_SCORED
from core.runs.store import Store
from core.statistics.roc import curve_from_histogram, equal_error_rate, exact_curve
from core.statistics.threshold_grid import threshold_grid
from core.thresholds.outcome import outcome
from core.verification.goals import Frr
from core.verification.protocols import parts_of_pairs
from core.verification.scored_pairs import Failures, ScoredPairs
from tests.core.measuring import measured


def made(identities: int = 24, seed: int = 0) -> ScoredUpload:
    """All pairs of four samples of each identity, at distances with ties, as similarities."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(identities), 4)
    points = 2 * generator.normal(size=(identities, 2))[labels] + generator.normal(size=(len(labels), 2))
    rows = np.triu_indices(len(labels), 1)
    distances = np.linalg.norm(points[rows[0]] - points[rows[1]], axis=1).round(2) - 9
    first, second = labels[rows[0]], labels[rows[1]]
    names = tuple(f"person {label:02d}" for label in range(identities))
    lines = np.arange(len(first)) + 2
    return ScoredUpload("scores.csv", ScoredPairs(distances, first == second, first, second, names, True, lines=lines))


def unnamed(upload: ScoredUpload) -> ScoredUpload:
    pairs = upload.pairs
    return replace(upload, pairs=ScoredPairs(pairs.distances, pairs.is_same, is_similarity=True))


@pytest.mark.parametrize("changed", [lambda upload: upload, unnamed])
def test_a_worker_measures_what_was_brought(store: Store, changed: Callable[[ScoredUpload], ScoredUpload]) -> None:
    upload = changed(made())
    run, answer, heard = measured(store, upload)
    assert answer == "finished" and [message["epoch"] for message in heard] == [1, 2]
    line, pairs = run.snapshots()[0].written(), upload.pairs
    assert line["auc"] == pytest.approx(roc_auc_score(pairs.is_same, -pairs.distances), abs=1e-12)
    assert line["eer"] == equal_error_rate(exact_curve(pairs))[0] and 0.01 < line["eer"] < 0.5
    assert line["points"] == 0 and line["classes"] == len(pairs.identities or ())
    arrays = run.snapshot(0)
    curve = curve_from_histogram(arrays["edges"], arrays["positive_counts"], arrays["negative_counts"])
    assert curve.thresholds[1:].tolist() == sorted(set(pairs.distances.tolist())) and len(curve.thresholds) > 100
    for threshold, accepted in zip(curve.thresholds[::40], curve.true_accepts[::40], strict=True):
        assert accepted == sum(pairs.is_same & (pairs.distances <= threshold))
    found, expected = run.appraisal(0), appraise_scores(pairs, threshold_grid(pairs))
    assert found.protocols == expected.protocols
    for side in ("everyone", "choosing", "reporting"):
        one, other = getattr(found, side), getattr(expected, side)
        assert (one is None) == (other is None)
        if one is not None:
            assert_array_equal(one.curve.false_accepts, other.curve.false_accepts)
            assert_array_equal(one.effective_negatives, other.effective_negatives)
    assert run.result()["eer"] == line["eer"]


def test_the_pairs_are_kept_as_they_came(store: Store) -> None:
    upload = made()
    run, *_ = measured(store, upload)
    again = run.pairs()
    assert_array_equal(again.distances, upload.pairs.distances)
    assert_array_equal(again.lines, upload.pairs.lines)
    assert again.identities == upload.pairs.identities and again.is_similarity
    assert run.record().known_data.protocol == AS_SCORED and run.record().experiment == {}


def test_a_list_of_pairs_says_its_distance_and_keeps_its_folds(store: Store) -> None:
    upload = made()
    fold = np.arange(len(upload.pairs.distances)) % 5
    listed = replace(upload, pairs=replace(upload.pairs, fold=fold), distance=EUCLIDEAN)
    run, *_ = measured(store, listed)
    assert run.record().known_data.protocol == AS_LISTED and run.record().known_data.fold_count == 5
    assert run.record().experiment["distance"]["kind"] == "euclidean"
    assert len(run.appraisal(0).folds.reporting) == 5


def test_the_distance_is_part_of_a_run_and_folds_alone_make_no_list(store: Store) -> None:
    fold = np.arange(len(made().pairs.distances)) % 5
    upload = replace(made(), pairs=replace(made().pairs, fold=fold))
    assert upload.record().known_data.protocol == AS_SCORED
    runs = {replace(upload, distance=distance).run_id for distance in (None, EUCLIDEAN, Cosine(), Minkowski(p=4))}
    assert len(runs) == 3, "older versions gave the Euclidean distance no mention"


def test_failures_count_at_every_threshold_and_are_told(store: Store) -> None:
    """Against loops over the pairs, whatever was kept in between."""
    upload = made()
    distances = upload.pairs.distances.copy()
    distances[::7] = np.inf
    failures = Failures(int(np.isinf(distances).sum()), "refused")
    pairs = replace(upload.pairs, distances=distances, failures=failures)
    run, *_ = measured(store, replace(upload, pairs=pairs, understood="as it was"))
    found, halves = run.appraisal(0), parts_of_pairs(pairs, 2)
    assert found.choosing and found.folds and np.isfinite(run.snapshot(0)["edges"]).all()
    for evidence, side in ((found.everyone, halves[0] >= 0), (found.choosing, (halves == 0).all(axis=0))):
        curve = evidence.curve
        assert curve.positive_count == (pairs.is_same & side).sum() > curve.true_accepts[-1]
        assert curve.negative_count == (~pairs.is_same & side).sum() > curve.false_accepts[-1]
        for place in range(0, len(curve.thresholds), 40):
            accepted = side & (pairs.distances <= curve.thresholds[place])
            assert curve.true_accepts[place] == (accepted & pairs.is_same).sum()
            assert curve.false_accepts[place] == (accepted & ~pairs.is_same).sum()
    of_folds = [*found.folds.choosing, *found.folds.reporting]
    assert sum(curve.positive_count - curve.true_accepts[-1] for curve in of_folds) > 20
    told = outcome(found, Frr(0.2), "same-pairs")
    assert told.verdict.false_rejects >= np.isinf(distances[pairs.is_same]).sum()
    with pytest.raises(ValueError, match="max_false_reject_rate must be at least 0.1.*could not be compared"):
        outcome(found, Frr(0.01), "same-pairs")
    assert run.result()["remarks"][:2] == [
        "as it was",
        f"pairs that could not be compared: {failures.count:,}, which count as refused",
    ]


def test_what_is_measured_is_not_measured_again(store: Store) -> None:
    measured(store, made())
    assert measured(store, made())[1:] == ("finished", [])


def test_a_measurement_that_is_stopped_begins_anew(store: Store) -> None:
    run, answer, _ = measured(store, made(), wanted=lambda: "stop")
    assert answer == "stopped" and not run.snapshots()
    run, answer, _ = measured(store, made())
    assert answer == "finished" and len(run.snapshots()) == 1


def test_equal_pairs_are_one_run(store: Store) -> None:
    upload = made()
    row = keep(store, upload)
    assert keep(store, replace(upload, name="copy.csv")).id == row.id
    assert keep(store, replace(upload, pairs=replace(upload.pairs, is_similarity=False))).id != row.id
    assert keep(store, unnamed(upload)).id != row.id
    assert keep(store, made(seed=1)).id != row.id
    assert len(store.rows()) == 4


@pytest.mark.parametrize(("limit", "what"), [("MOST_PAIRS", "50 pairs .* got 4,560"), ("MOST_IDENTITIES", "50 ident")])
def test_too_many_are_sent_to_the_command_line(limit: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made(60)
    monkeypatch.setattr(measure_scores, limit, 50)
    with pytest.raises(ValueError, match=f"must have at most {what}.* Use `python -m core verify`"):
        made(24 if limit == "MOST_PAIRS" else 60)


def test_a_remark_says_that_scores_look_turned_round(store: Store) -> None:
    upload = made()
    assert not measured(store, upload)[0].result()["remarks"]
    (said,) = measured(store, replace(upload, pairs=turned(upload.pairs)))[0].result()["remarks"]
    assert "look turned round: with the smaller ones taken for closer" in said
