"""Samples that are taken out are in no pair any more, and nothing of the first run is lost."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.datasets.images import contact_sheet, tiles_of
from core.jobs.measure_embeddings import MARGIN, measure
from core.jobs.withdraw_samples import take_out
from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.runs.run_row import Row
from core.runs.store import Store
from core.statistics.summary import summarise
from tests.dashboard.made_runs import made_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def run(store: Store) -> Run:
    return made_run(store.root)


def measured(store: Store, row: Row) -> Run:
    assert measure(store.folder(row.id), report=lambda message: None, wanted=lambda: "run") == "finished"
    return Run(store.folder(row.id))


def test_the_rest_is_measured_with_its_images(store: Store, run: Run) -> None:
    rows = [3, 250, 17]
    new = measured(store, take_out(store, run.folder.name, run, 20, rows))
    embeddings, labels = run.snapshot(20, "embeddings")["embeddings"], run.probe()["labels"]
    kept = np.delete(np.arange(len(labels)), rows)
    expected = summarise(embeddings[kept], labels[kept], margin=MARGIN).numbers
    line = new.snapshots()[0].written()
    assert {name: line[name] for name in expected} == expected
    assert line["positive_pairs"] < run.snapshots()[-1].positive_pairs
    sheets = [tiles_of(np.asarray(Image.open(of.folder / "probe.png")), 8, 8) for of in (run, new)]
    np.testing.assert_array_equal(sheets[1][: len(kept)], sheets[0][kept])
    record = new.record()
    assert record.kind is Kind.WITHDRAWN and record.without is not None
    assert record.without.rows == tuple(sorted(rows)) and record.without.run == run.folder.name
    assert record.experiment == run.record().experiment
    assert record.title.endswith("without 3 samples")
    assert run.result() and len(run.probe()["labels"]) == len(labels)


def test_images_in_colour_stay_so(store: Store, run: Run) -> None:
    tiles = np.random.default_rng(0).integers(0, 256, (len(run.probe()["labels"]), 8, 8, 3), dtype=np.uint8)
    probe = run.record().probe
    assert probe is not None
    Image.fromarray(contact_sheet(tiles, probe.columns)).save(run.folder / "probe.png")
    new = Run(store.folder(take_out(store, run.folder.name, run, 20, [0, 7]).id))
    kept = np.delete(tiles, [0, 7], axis=0)
    np.testing.assert_array_equal(tiles_of(new.picture(), 8, 8)[: len(kept)], kept)


def test_more_are_taken_out_of_what_is_left_by_the_rows_of_the_first_run(store: Store, run: Run) -> None:
    once = measured(store, take_out(store, run.folder.name, run, 20, [5, 40]))
    twice = take_out(store, once.folder.name, once, 0, [3, 4, 38])  # were 3, 4 and 39 before [5, 40] went
    assert Run(store.folder(twice.id)).record().without.rows == (3, 4, 5, 39, 40)
    at_once = take_out(store, run.folder.name, run, 20, [40, 39, 5, 4, 3])
    assert at_once.id == twice.id


def test_a_set_without_pairs_is_refused(store: Store, run: Run) -> None:
    labels = run.probe()["labels"]
    with pytest.raises(ValueError, match="labels must name at least two classes"):
        take_out(store, run.folder.name, run, 20, np.flatnonzero(labels != labels[0]).tolist())
    assert len(store.rows()) == 1


def test_tiles_are_cut_as_they_were_laid() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, size=(7, 4, 6), dtype=np.uint8)
    np.testing.assert_array_equal(tiles_of(contact_sheet(pixels, 3), 4, 6)[:7], pixels)
