from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets.images import Images
from core.datasets.vectors import Vectors
from core.distances import DISTANCES, EUCLIDEAN
from core.jobs.measure_admitted import AdmittedUpload, admitted_upload
from core.jobs.measure_embeddings import Upload, keep, measure
from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.runs.store import Store
from core.statistics.crossing import GROUP, SESSION
from tests.core.heads import CLASSES, EACH, brought, vectors


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    return Store(tmp_path)


def with_columns() -> Vectors:
    plain = vectors()
    numbers = np.arange(plain.count, dtype=np.int64)
    return replace(
        plain, groups=numbers % 3, group_names=("x", "y", "z"), sessions=numbers % 2, session_names=("1", "2")
    )


def measured(store: Store, upload: AdmittedUpload | Upload) -> Run:
    row = keep(store, upload)
    assert measure(store.folder(row.id), report=lambda progress: None, wanted=lambda: "run") == "finished"
    return Run(store.folder(row.id))


def test_the_numbers_are_those_of_the_same_embeddings_in_a_file(store: Store) -> None:
    samples = vectors()
    here = measured(store, admitted_upload(brought(samples).data, "voices", EUCLIDEAN))
    names = tuple(str(name) for name in samples.names.tolist()) if samples.names is not None else ()
    there = measured(store, Upload("voices.npz", samples.values, samples.labels, samples.class_names, EUCLIDEAN, names))
    (mine,), (other,) = here.snapshots(), there.snapshots()
    assert mine.points == CLASSES * EACH and replace(mine, seconds=0.0) == replace(other, seconds=0.0)
    np.testing.assert_array_equal(here.embeddings(), there.embeddings())
    assert here.probe()["names"].tolist() == list(names)


def test_the_run_says_which_set_it_is_of_and_keeps_its_columns(store: Store) -> None:
    data = brought(with_columns()).data
    run = measured(store, admitted_upload(data, "voices", EUCLIDEAN))
    assert run.record().kind is Kind.EMBEDDINGS and run.record().known_data.admitted == data
    assert run.record().title == "voices"
    assert run.probe()[GROUP].tolist()[:4] == ["x", "y", "z", "x"] and set(run.probe()[SESSION].tolist()) == {"1", "2"}
    row = store.row(run.folder.name)
    assert row.kind is Kind.EMBEDDINGS and row.experiment["upload"]["admitted"] == data
    assert row.data_id == "", "it has a copy of its own, and stands on no set"


def test_equal_content_compared_alike_is_one_run(store: Store) -> None:
    plain, more = brought(vectors()).data, brought(with_columns()).data
    first = admitted_upload(plain, "one", EUCLIDEAN)
    assert first.run_id == admitted_upload(plain, "two", EUCLIDEAN).run_id
    others = {
        admitted_upload(more, "one", EUCLIDEAN).run_id,
        admitted_upload(plain, "one", DISTANCES["cosine"]()).run_id,
    }
    others.add(AdmittedUpload("one", vectors(named=False), EUCLIDEAN).run_id)
    assert len(others) == 3 and first.run_id not in others


def test_images_and_too_many_points_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    images = brought(Images(np.zeros((2, 8, 8), np.uint8), np.array([0, 1]), ("a", "b"))).data
    with pytest.raises(ValueError, match="must be vectors, got the images of cats. Train an encoder on them first."):
        admitted_upload(images, "cats", EUCLIDEAN)
    monkeypatch.setattr("core.jobs.measure_embeddings.MOST", {"points": 10, "identities": 100})
    with pytest.raises(ValueError, match="voices must have at most 10 points to be measured here, got 128"):
        admitted_upload(brought(vectors()).data, "voices", EUCLIDEAN)
    with pytest.raises(ValueError, match="must have been admitted here, got none"):
        admitted_upload("0" * 32, "voices", EUCLIDEAN)
