"""Whose results a mend changes, and what becomes of runs made before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.datasets import Digits, FashionMnist, Strokes
from core.encoders import CompactCnn
from core.experiment.experiment import LATER, Experiment
from core.experiment.mathematics import CHANGES, changes_of, mathematics_of
from core.experiment.presets import PRESETS, RECORDINGS
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity, BySample
from core.losses import LOSSES, Contrastive, MarginBased, Triplet
from core.makers.standings import experiments
from core.miners import All, BatchHard, SoftWeighting
from core.records.step import Step
from core.runs.run_folder import Run
from core.runs.store import Store
from core.samplers import SAMPLERS, ClassBalanced, HardClasses, NPairs, PByK, Ratio, Shuffled
from core.samplers.base import Sampler
from tests.core.run_files import rewritten

PAIRS = Experiment(loss=Contrastive(), miner=All(), sampler=Shuffled())
# Two held-out samples of each of 300 characters, 200 points: the command of the report.
CROWD = Experiment(
    dataset=Strokes(identities=300, samples_per_identity=6), schedule=Schedule(probe_points=200, epochs=1)
)


def id_before_versions(experiment: Experiment) -> str:
    """The digest as it was before mathematics had a version, and before there was augmentation, a limit in updates or
    seconds, a validation, or a fold."""
    described = {family: part for family, part in experiment.described().items() if family != "augmentation"}
    for family, names in LATER.items():
        described[family] = {name: value for name, value in described[family].items() if name not in names}
    parts = {"data": experiment.dataset.load().digest, "experiment": described}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


@pytest.mark.parametrize(
    "experiment, version",
    [
        (Experiment(), 1),
        (PAIRS, 2),
        (replace(PAIRS, miner=SoftWeighting()), 2),
        (replace(PAIRS, loss=MarginBased(), sampler=ClassBalanced()), 2),
        (replace(PAIRS, miner=BatchHard()), 1),
        (replace(PAIRS, loss=Triplet()), 1),
        (replace(PAIRS, sampler=PByK()), 1),
        (CROWD, 3),
        (replace(CROWD, schedule=Schedule(probe_points=600)), 1),
        (replace(CROWD, schedule=Schedule(probe_points=599)), 3),
        (replace(CROWD, loss=Contrastive(), miner=All(), sampler=Shuffled()), 3),
        (replace(CROWD, split=ByIdentity()), 3),  # 120 strangers of six samples each
        (replace(CROWD, split=ByIdentity(), schedule=Schedule(probe_points=240)), 1),
    ],
    ids=lambda value: value.title() if isinstance(value, Experiment) else str(value),
)
def test_the_version_rises_where_results_changed(experiment: Experiment, version: int) -> None:
    assert mathematics_of(experiment) == version
    assert (experiment.run_id() == id_before_versions(experiment)) == (version == 1)


def test_no_lesson_is_touched_and_of_standings_and_presets_the_map_alone() -> None:
    """Fashion's 2,000 points of 64 dimensions are the first that faiss multiplied; a standing has no map."""
    assert {mathematics_of(experiment) for experiment in RECORDINGS.values()} == {1}
    presets = {name: mathematics_of(preset.experiment) for name, preset in PRESETS.items()}
    assert {name for name, version in presets.items() if version > 1} == {"fashion"} and presets["fashion"] == 4
    standing = [experiment for loss in LOSSES for experiment in experiments(loss).values()]
    assert {mathematics_of(experiment) for experiment in standing} == {1, 4}
    assert all(change.version == 4 for experiment in standing for change in changes_of(experiment))


@pytest.mark.parametrize(
    "points, dimension, version", [(2000, 64, 4), (1999, 64, 1), (4000, 32, 4), (3999, 32, 1), (1000, 128, 4)]
)
def test_maps_of_noisy_neighbours_are_of_an_earlier_version(points: int, dimension: int, version: int) -> None:
    """Of 6,000 images 0.7 are held out, so that the probe has what it asks for."""
    experiment = Experiment(
        dataset=FashionMnist(),
        split=BySample(evaluation_share=0.7),
        encoder=CompactCnn(dimension=dimension),
        schedule=Schedule(probe_points=points),
    )
    assert mathematics_of(experiment) == version


def test_every_version_is_one_change() -> None:
    assert [change.version for change in CHANGES] == list(range(2, len(CHANGES) + 2))


def test_settings_that_do_not_fit_their_data_have_no_other_results() -> None:
    assert mathematics_of(Experiment(split=ByIdentity(evaluation_share=0.05))) == 1


SAMPLED: list[Sampler] = [kind() for kind in SAMPLERS.values()] + [
    PByK(classes_per_batch=2, samples_per_class=2),
    HardClasses(classes_per_batch=2, samples_per_class=2),
    NPairs(classes_per_batch=2),
    Ratio(batch_size=4, negatives_per_positive=5.0),
    Ratio(batch_size=12, negatives_per_positive=1.0),
    Shuffled(batch_size=6),
    Shuffled(batch_size=2048),
    ClassBalanced(batch_size=6),
]


@pytest.mark.parametrize("counts", [[9] * 12, [2, 3, 2, 9] * 3, [1, 2, 5, 7] * 3], ids=["equal", "unequal", "single"])
@pytest.mark.parametrize("sampler", SAMPLED, ids=str)
def test_a_sampler_knows_whether_it_leaves_a_sample_alone(sampler: Sampler, counts: list[int]) -> None:
    labels = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    generator, centres = torch.Generator().manual_seed(0), torch.randn(len(counts), 2)
    sampler.check(len(counts), len(labels))
    drawn = [rows for _ in range(30) for rows in sampler.batches(labels, generator, centres)]
    sizes = [labels[rows].unique(return_counts=True)[1] for rows in drawn]
    assert any(len(of) < 2 or int(of.min()) < 2 for of in sizes) == sampler.can_isolate(np.array(counts))


UPDATE = Step(1, 0.1, 0.5, 1.0, 0.5, 80, 0.5, 0.25, 0.25, 2.0, 0.01)


@pytest.fixture
def old(tmp_path: Path) -> Run:
    """A folder as it was left behind before mathematics had a version."""
    run = Run.create(tmp_path / id_before_versions(PAIRS), PAIRS)
    rewritten(run, "mathematics", "kind", id=id_before_versions(PAIRS))
    run.append_step(UPDATE)
    return run


def test_an_old_run_opens_and_says_what_it_lacks(old: Run) -> None:
    assert old.experiment() == PAIRS and old.steps() == [UPDATE]
    assert old.earlier_mathematics() == (
        "earlier mathematics: its loss of pairs saw only pairs of samples that take part in triplets"
    )


def test_an_old_run_is_not_gone_on_with_and_stays_as_it_is(old: Run) -> None:
    before = {file: file.read_bytes() for file in old.folder.rglob("*") if file.is_file()}
    with pytest.raises(
        ValueError, match="must be of today's mathematics, got .*, made by earlier .*Start its settings"
    ):
        Run.create(old.folder, PAIRS)
    assert before == {file: file.read_bytes() for file in old.folder.rglob("*") if file.is_file()}


def test_an_old_run_is_not_taken_for_one_asked_for_today(tmp_path: Path) -> None:
    store = Store(tmp_path)
    old_row = store.submit(PAIRS.described(), id_before_versions(PAIRS), PAIRS.title())
    for state in ("running", "finished"):
        store.set_state(old_row.id, state)
    row = store.submit(PAIRS.described(), PAIRS.run_id(), PAIRS.title())
    assert row.id != old_row.id and row.state == "queued"
    assert store.row(old_row.id).state == "finished"


def test_a_new_run_lacks_nothing(tmp_path: Path) -> None:
    run = Run.create(tmp_path, PAIRS)
    assert run.record().mathematics == 2 and run.earlier_mathematics() == ""


def test_a_run_that_no_mend_touches_is_taken_as_it_is(tmp_path: Path) -> None:
    run = Run.create(tmp_path, Experiment(dataset=Digits()))
    rewritten(run, "mathematics", "kind")
    assert Run.create(tmp_path, Experiment()).earlier_mathematics() == ""
