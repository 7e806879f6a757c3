"""Stores made by earlier commits open: their runs are listed, read, judged, shown on every page and gone on with.

The archives hold what the engines of commits 39b5515, ff1c64a and cf6e98e left (make.py): a run of digits with its
checkpoints, embeddings, pairs with scores and listed pairs; of the later ones embeddings with roles, too.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st

from core.experiment.experiment import Experiment
from core.jobs.train_run import record
from core.runs.fork import fork
from core.runs.index import MIGRATIONS
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.dashboard.pages import checked_runs, shown_run
from tests.engines import without_engine
from tests.stores.unpacked import CARDS, COMMITS, card_of, opened_well, steps_of, unpack

KEPT: dict[str, dict[str, dict[str, Any]]] = json.loads(CARDS.read_text())
NAMES = {
    "39b5515": ["pairs.txt", "scores.csv", "faces.npz"],
    "ff1c64a": ["pairs.txt", "scores.csv", "roles.npz", "faces.npz"],
    "cf6e98e": ["pairs.txt", "scores.csv", "roles.npz", "faces.npz"],
}
TRAINED = "digits · triplet · batch-hard · seed 7"
SECTIONS = ("wrong-pairs", "identities", "calibration", "over-epochs")
EVERY_RUN = [(commit, run) for commit in COMMITS for run in KEPT[commit]]
# Of the last commit those of a kind that the first one has not, and the training.
ROLES, TRAINING = "ab9d0d0bffd1965e2bdbd1f1cdd7119f", "41271587db490a2be1a67961c74f4264"
ONE_OF_EACH_KIND = [
    pytest.param(commit, run, marks=() if commit == COMMITS[0] or is_new else pytest.mark.soak)
    for commit, run in EVERY_RUN
    for is_new in [commit == COMMITS[-1] and run in (ROLES, TRAINING)]
]
# Sums of products may be added up in another order on another processor, and trainings differ by more than their sums.
SAME, TRAINED_ALIKE = {"rel": 1e-9, "abs": 1e-12}, {"rel": 1e-2, "abs": 1e-2}


@pytest.fixture
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the store of the commit that the test names, which the pages read; no engine starts."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(unpack(request.getfixturevalue("commit"), tmp_path)))
    # A page's timer may end after the test, when nothing is in the engine's place any more.
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    st.cache_data.clear()
    st.cache_resource.clear()
    with without_engine(tmp_path):
        yield tmp_path
    st.cache_data.clear()
    st.cache_resource.clear()


def trained(root: Path) -> Run:
    return Run(root / "runs" / next(row.id for row in Store(root).rows() if row.name == TRAINED))


def assert_alike(kept: Any, found: Any, closeness: dict[str, float]) -> None:
    """All that was kept is found, numbers as close as that."""
    if isinstance(kept, dict):
        for name in kept:
            assert_alike(kept[name], found[name], closeness)
    elif isinstance(kept, list):
        for one, other in zip(kept, found, strict=True):
            assert_alike(one, other, closeness)
    else:
        assert found == (pytest.approx(kept, **closeness) if isinstance(kept, float) else kept)


@pytest.mark.parametrize("commit", COMMITS)
def test_the_runs_are_listed_with_or_without_the_index(commit: str, root: Path) -> None:
    rows = Store(root).rows()
    assert [row.name for row in rows] == [*NAMES[commit], TRAINED]
    assert {(row.state, row.wanted, row.message) for row in rows} == {("finished", "run", "")}
    assert {row.id for row in rows} == set(KEPT[commit]) == set(steps_of(root))
    assert (rows[-1].owner, rows[-1].epoch, rows[-1].step, rows[-1].attempts) == ("somebody", 3, 15, 1)
    (root / "index.sqlite").unlink()
    again = {row.id: row for row in Store(root).rows()}
    assert all((again[row.id].name, again[row.id].state) == (row.name, "finished") for row in rows)
    assert again[rows[-1].id].experiment == rows[-1].experiment
    assert Experiment.from_described(rows[-1].experiment) == trained(root).experiment()


def version_and_names(index: Path) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(index)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return version, [name for (name,) in connection.execute("SELECT name FROM runs ORDER BY number")]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_copy_of_the_index_is_kept_before_it_is_brought_up_to_date(commit: str, root: Path) -> None:
    index = root / "index.sqlite"
    version, names = version_and_names(index)
    assert version < len(MIGRATIONS) and len(names) == len(KEPT[commit])
    Store(root)
    assert version_and_names(index) == (len(MIGRATIONS), names)
    assert version_and_names(root / f"index.version-{version}") == (version, names)


@pytest.mark.parametrize(("commit", "name"), EVERY_RUN)
def test_every_snapshot_is_read(commit: str, name: str, root: Path) -> None:
    run = Run(root / "runs" / name)
    lines = run.snapshots()
    assert [line.step for line in lines] == [int(step) for step in KEPT[commit][name]]
    for line in lines:
        arrays, appraisal = run.snapshot(line.step), run.appraisal(line.step)
        positive, negative = arrays["positive_counts"].sum(), arrays["negative_counts"].sum()
        assert positive > 0 and negative > 0
        if line.positive_pairs is not None:
            assert (positive, negative) == (line.positive_pairs, line.negative_pairs)
        assert (np.diff(run.threshold_edges(line.step)) > 0).all()
        assert appraisal is not None and appraisal.everyone.curve.false_accepts[-1] == negative
    assert_alike(lines[-1].written(), run.result(), SAME)
    assert run.record().data and run.state()["id"] == name


@pytest.mark.parametrize("commit", COMMITS)
def test_a_training_keeps_its_records_and_its_baselines(commit: str, root: Path) -> None:
    run = trained(root)
    assert [step.step for step in run.steps()] == list(range(1, 16)) and len(run.maps()) == len(run.snapshots()) == 7
    assert set(run.baselines()) == {"raw pixels", "PCA", "untrained encoder"}
    assert run.probe()["labels"].shape == (40,) and (run.folder / "probe.png").exists()
    assert run.earlier_mathematics() == ""


@pytest.mark.parametrize(("commit", "name"), EVERY_RUN)
def test_the_cards_are_those_of_the_commit(commit: str, name: str, root: Path) -> None:
    for step, card in KEPT[commit][name].items():
        assert_alike(card, card_of(name, int(step)), SAME)


@pytest.mark.parametrize(("commit", "name"), ONE_OF_EACH_KIND)
def test_every_page_shows_the_run(commit: str, name: str, root: Path) -> None:
    for page in ("learn", "mine", "compare", "explore"):
        opened_well(page, run=name, runs=f"{name},digits-softmax")
    for section in SECTIONS:
        opened_well("verify", run=name, section=section)


@pytest.mark.parametrize("commit", COMMITS)
def test_a_training_is_the_one_that_is_shown(commit: str, root: Path) -> None:
    name = trained(root).folder.name
    for page in ("mine", "verify", "explore"):
        assert shown_run(opened_well(page, run=name)) == name
    assert name in checked_runs(opened_well("compare", runs=f"{name},digits-softmax"))
    assert not any(button.label == "Stop" for button in opened_well("train", run=name).button)


@pytest.mark.parametrize("commit", COMMITS)
def test_train_opens_on_what_was_brought(commit: str, root: Path) -> None:
    for row in Store(root).rows():
        opened_well("train", run=row.id)


@pytest.mark.parametrize("commit", COMMITS)
def test_a_training_goes_on_from_its_checkpoint(commit: str, root: Path) -> None:
    """As if it had been killed in its last epoch: it ends with the numbers that it had."""
    run = trained(root)
    before, steps = run.result(), run.steps()
    (run.folder / "result.json").unlink()
    (run.folder / "digests.json").unlink(missing_ok=True)  # a run is sealed after its result is written
    (run.folder / "checkpoints" / "000015.pt").unlink()
    first: list[int] = []
    assert record(run, report=lambda progress: first.append(progress["step"]), wait_for_umap=False) == "finished"
    assert first[0] >= 10, "it does not begin anew"
    assert run.steps()[:10] == steps[:10]
    assert_alike({name: value for name, value in before.items() if name != "seconds"}, run.result(), TRAINED_ALIKE)


@pytest.mark.parametrize("commit", COMMITS)
def test_a_training_is_forked(commit: str, root: Path) -> None:
    parent = trained(root)
    row = fork(Store(root), parent, {"miner": {"kind": "semi-hard"}}, "semi-hard triplets")
    child = Run(root / "runs" / row.id)
    assert row.state == "queued" and (origin := child.record().fork) and origin.step == 15
    assert record(child, wait_for_umap=False) == "finished"
    assert_alike(parent.snapshots()[-1].auc, child.snapshots()[0].auc, TRAINED_ALIKE)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_tells_of_the_machine_that_made_it(commit: str, tmp_path: Path) -> None:
    files = [file for file in unpack(commit, tmp_path).rglob("*") if file.is_file()]
    assert len(files) > 30
    telling = re.compile(rb"/(home|root|tmp|work|Users|var|usr)/")
    assert [file for file in files if telling.search(file.read_bytes())] == []
