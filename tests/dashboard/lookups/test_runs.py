"""Which runs there are and what they say of themselves."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.experiment.presets import RECORDINGS
from core.jobs.measure_embeddings import Upload, keep
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups import runs
from dashboard.wording import speaking
from tests.dashboard.made_runs import EXPERIMENT, made_run, write_snapshot

LESSON = "digits-softmax"


@pytest.mark.parametrize("unknown", ["0" * 32, "../digits-softmax", "", "<b>"])
def test_a_name_leads_to_a_run_or_to_nothing(unknown: str, name: str, run: Run) -> None:
    found = runs.find_run(name)
    assert found and found.folder == run.folder and runs.find_run(LESSON)
    assert runs.find_run(unknown) is None and runs.find_probe(unknown) is None
    with pytest.raises(ValueError, match="the run must be one that is kept here, got"):
        runs.run_of(unknown)


@pytest.mark.parametrize("linked", ["the picture", "the run"])
def test_a_link_out_of_the_store_leads_to_no_picture(linked: str, name: str, run: Run, tmp_path: Path) -> None:
    assert runs.find_probe(name) == run.folder / "probe.png"
    outside = tmp_path / "outside"
    shutil.copytree(run.folder, outside)
    other = run.folder.parent / ("b" * 32)
    if linked == "the run":
        other.symlink_to(outside)
    else:
        shutil.copytree(run.folder, other)
        (other / "probe.png").unlink()
        (other / "probe.png").symlink_to(outside / "probe.png")
    try:
        assert runs.find_probe(other.name) is None
    finally:
        other.unlink() if other.is_symlink() else shutil.rmtree(other)


def test_the_store_knows_what_was_started_and_no_lessons(name: str) -> None:
    row = runs.row_of(name)
    assert row and row.state == "finished"
    assert runs.row_of(LESSON) is None and runs.row_of("nowhere") is None
    assert set(runs.lessons()) == set(RECORDINGS)
    assert runs.lessons_side_by_side() == ["digits-batch-hard", "digits-semi-hard", "digits-softmax"]


def test_runs_are_offered_newest_first_then_the_lessons_and_namesakes_show_their_ids(name: str, root: Path) -> None:
    assert next(iter(runs.choosable().items())) == (name, EXPERIMENT.title())
    namesake = made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, probe_points=60))).folder.name
    titles = runs.choosable()
    assert list(titles)[:2] == [namesake, name] and set(list(titles)[2:]) == set(RECORDINGS)
    assert titles[name] == f"{EXPERIMENT.title()} · {name[:6]}" and titles[LESSON] == "digits · softmax · recorded"


def test_what_a_reader_brought_is_offered_on_request(name: str, root: Path) -> None:
    labels = np.repeat(np.arange(10), 4)
    points = np.random.default_rng(0).normal(size=(40, 4))
    store = Store(root)
    row = keep(store, Upload("mine.npz", points, labels, tuple("abcdefghij"), EUCLIDEAN))
    write_snapshot(Run(store.folder(row.id)), EXPERIMENT, points, labels, 0)
    assert row.id not in runs.choosable() and runs.choosable(only_trained=False)[row.id] == "mine.npz"


def test_titles_lose_what_they_share(name: str) -> None:
    names = ["digits-softmax", "digits-batch-hard"]
    assert runs.differing_titles(names) == ["softmax", "batch-hard"]
    assert runs.differing_titles([LESSON]) == ["digits · softmax · recorded"]
    assert runs.differing_titles([LESSON, LESSON]) == ["digits · softmax · recorded"] * 2


def test_titles_have_their_settings_in_the_language_of_the_reader_and_what_a_reader_wrote_stays(
    name: str, root: Path
) -> None:
    with speaking("zh"):
        assert runs.differing_titles(["digits-softmax", "digits-batch-hard"]) == ["softmax", "批内最难 (batch hard)"]
        (title,) = runs.differing_titles([name])
        assert title.startswith("手写数字 · 三元组 (triplet) · 半难 · 随机种子 0")
        row = runs.row_of(name)
        assert row and runs.title_in_words(row) == "手写数字 · 三元组 (triplet) · 半难 · 随机种子 0"
        try:
            Store(root).describe(name, title="semi-hard · seed 0", note="")
            assert runs.differing_titles([name]) == ["semi-hard · seed 0"]
        finally:
            Store(root).describe(name, title="", note="")


def test_a_run_says_what_it_was_made_of(name: str, run: Run) -> None:
    assert runs.record(name) == run.record() and runs.data(name).probe_count == 300
    assert runs.distance_of(name) == EXPERIMENT.distance and runs.class_names(name) == list("0123456789")
    assert not runs.is_of_pairs(name)
    np.testing.assert_array_equal(runs.labels(name), run.probe()["labels"])


def test_what_is_looked_up_again_is_as_it_was_whatever_a_reader_did_to_it(name: str, run: Run) -> None:
    runs.labels(name)[:] = -1
    np.testing.assert_array_equal(runs.labels(name), run.probe()["labels"])


def test_images_have_an_address_and_a_run_without_them_has_none(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sprite, probe = runs.sprite(name), run.record().probe
    assert probe and sprite and sprite.columns == probe.columns and sprite.url == f"/runs/{name}/probe.png"
    monkeypatch.setattr(runs, "record", lambda name: replace(run.record(), probe=None))
    assert runs.sprite(name) is None


@pytest.mark.usefixtures("own_store")
def test_points_without_images_are_called_by_their_names(head_run: Run) -> None:
    name = head_run.folder.name
    labels, rows = runs.labels(name).tolist(), head_run.probe()["rows"].tolist()
    assert runs.texts(name) == [f"person {label} · file {row}" for label, row in zip(labels, rows, strict=True)]


def test_points_with_images_are_called_by_their_classes(name: str) -> None:
    assert runs.texts(name) == [runs.class_names(name)[label] for label in runs.labels(name)]
