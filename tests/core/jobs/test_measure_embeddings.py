"""Embeddings that a user brings become a run whose numbers are those of the embeddings."""

from dataclasses import replace

import numpy as np
import pytest

from core.distances import DISTANCES, EUCLIDEAN
from core.evidence.appraisal import appraise
from core.jobs import measure_embeddings
from core.jobs.measure_embeddings import Upload, keep, measure, remarks_on
from core.runs.run_folder import Run
from core.runs.store import Store
from core.statistics.summary import summarise
from tests.core.measuring import measured

COSINE = DISTANCES["cosine"]()


def made(identities: int = 24, seed: int = 0) -> Upload:
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(identities), 3)
    points = 2 * generator.normal(size=(identities, 2))[labels] + generator.normal(size=(len(labels), 2))
    names = tuple(f"person {label}" for label in range(identities))
    return Upload("faces.npz", points.astype(np.float32), labels, names, EUCLIDEAN)


def test_a_worker_measures_what_was_brought(store: Store) -> None:
    upload = made()
    run, answer, heard = measured(store, upload)
    assert answer == "finished" and [message["epoch"] for message in heard] == [1, 2, 3]
    (snapshot,) = run.snapshots()
    line = snapshot.written()
    expected = summarise(upload.embeddings, upload.labels, margin=measure_embeddings.MARGIN)
    assert {name: line[name] for name in expected.numbers} == expected.numbers
    arrays = run.snapshot(0)
    np.testing.assert_array_equal(arrays["embeddings"], upload.embeddings)
    np.testing.assert_array_equal(arrays["negative_counts"], expected.negative_counts)
    found = run.appraisal(0)
    assert found.choosing and found.folds and found.replicates
    again = appraise(upload.embeddings, upload.labels, expected.thresholds)
    np.testing.assert_array_equal(found.reporting.curve.false_accepts, again.reporting.curve.false_accepts)
    assert run.result()["recall_at_1"] == expected.numbers["recall_at_1"]
    assert run.record().known_data.class_names == upload.class_names


def test_what_is_measured_is_not_measured_again(store: Store) -> None:
    measured(store, made())
    assert measured(store, made())[1:] == ("finished", [])


def test_a_measurement_that_is_stopped_begins_anew(store: Store) -> None:
    run, answer, _ = measured(store, made(), wanted=lambda: "stop")
    assert answer == "stopped" and not run.snapshots()
    run, answer, _ = measured(store, made())
    assert answer == "finished" and len(run.maps()) == len(run.snapshots()) == 1


def test_equal_uploads_are_one_run(store: Store) -> None:
    upload = made()
    row = keep(store, upload)
    assert keep(store, replace(upload, name="copy.npz")).id == row.id
    assert keep(store, replace(upload, distance=COSINE)).id != row.id
    assert keep(store, replace(upload, labels=(upload.labels + 1) % 24)).id != row.id
    assert keep(store, made(seed=1)).id != row.id
    assert len(store.rows()) == 4


def test_measure_takes_the_distance_of_the_upload(store: Store) -> None:
    upload = replace(made(), distance=COSINE)
    row = keep(store, upload)
    measure(store.folder(row.id), report=lambda message: None, wanted=lambda: "run")
    expected = summarise(upload.embeddings, upload.labels, margin=measure_embeddings.MARGIN, distance=COSINE)
    assert Run(store.folder(row.id)).snapshots()[0].eer == expected.numbers["eer"]


def test_remarks_say_what_to_know_before_trusting_the_numbers(store: Store) -> None:
    upload = made()
    assert remarks_on(upload.embeddings, upload.labels, EUCLIDEAN) == [
        "the embeddings are not of unit length, and are compared as they are"
    ]
    assert remarks_on(upload.embeddings, upload.labels, COSINE) == []
    unit = upload.embeddings / np.linalg.norm(upload.embeddings, axis=1, keepdims=True)
    unit[5] = unit[4]
    labels = upload.labels.copy()
    labels[:3] = (0, 24, 25)
    expected = [
        "identities with a single point, which have no genuine pair: 3",
        "points that repeat another one exactly: 1",
    ]
    assert remarks_on(unit, labels, EUCLIDEAN) == expected
    run, *_ = measured(store, replace(upload, embeddings=unit, labels=labels))
    assert run.result()["remarks"] == expected


@pytest.mark.parametrize("what, most, count", [("points", 50, 72), ("identities", 20, 24)])
def test_too_much_is_sent_to_the_command_line(
    what: str, most: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(measure_embeddings.MOST, what, most)
    with pytest.raises(
        ValueError, match=rf"must have at most {most} {what} .* got {count}. Use `python -m core verify`"
    ):
        made()
