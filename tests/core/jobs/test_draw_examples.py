"""Examples of what training does to images: what the learner would see, by a process that stays for the next ones."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.augmentations import CropsAndColour, TurnsAndShifts
from core.datasets.pictograms import Pictograms
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.experiment.schedule import Schedule
from core.experiment.splits import ByGroup, ByIdentity
from core.jobs import draw_examples
from core.jobs.draw_examples import (
    ACROSS,
    DRAWS,
    Drawer,
    answer,
    drawn,
    kept,
    kept_at,
    problem_at,
    shown_rows,
    untouched,
)
from core.samplers import PByK
from core.training.learner import Learner
from tests.core.heads import brought, vectors

DIGITS = Experiment(schedule=Schedule(shift=1, mirror=True), augmentation=TurnsAndShifts())
COLOURED = Experiment(
    dataset=Pictograms(identities=20),
    split=ByIdentity(),
    sampler=PByK(classes_per_batch=4, samples_per_class=2),
    encoder=Mlp(width=16, dimension=2),
    schedule=Schedule(shift=2),
    augmentation=CropsAndColour(hue=0.2),
)


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    drawer = Drawer()
    yield drawer
    drawer.close()


def wait_for(path: Path) -> np.ndarray:
    deadline = time.monotonic() + 120
    while (found := kept(path)) is None:
        assert time.monotonic() < deadline and not problem_at(path), problem_at(path)
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("experiment", [DIGITS, COLOURED], ids=["grey", "in colour"])
def test_the_first_image_of_each_of_some_identities_that_are_trained_on_is_shown(experiment: Experiment) -> None:
    rows, data = shown_rows(experiment), prepare(experiment)
    labels = data.samples.labels
    assert len(rows) == ACROSS == len(set(labels[rows].tolist())) and np.isin(rows, data.training_rows).all()
    for row in rows:
        assert row == min(other for other in data.training_rows if labels[other] == labels[row])
    assert labels[rows[0]] == labels[data.training_rows].min() and labels[rows[-1]] == labels[data.training_rows].max()
    np.testing.assert_array_equal(untouched(experiment), data.images.pixels[rows])


def test_few_identities_are_all_shown() -> None:
    few = replace(COLOURED, dataset=Pictograms(identities=10), split=ByIdentity(evaluation_share=0.7))
    assert len(shown_rows(few)) == 3


@pytest.mark.parametrize("experiment", [DIGITS, COLOURED], ids=["grey", "in colour"])
def test_the_draws_are_what_the_learner_would_see(experiment: Experiment) -> None:
    found, pixels = drawn(experiment, 7), untouched(experiment)
    assert found.shape == (DRAWS, *pixels.shape) and found.dtype == np.uint8
    data = prepare(experiment)
    learner = Learner(experiment, data, "cpu")
    learner.generator = torch.Generator().manual_seed(7)
    own = learner.training_images[np.searchsorted(data.training_rows, shown_rows(experiment))]
    for draw in found:
        seen = learner.varied(own) * learner.deviation + learner.mean
        expected = seen.permute(0, 2, 3, 1).numpy().reshape(pixels.shape) * 255
        assert np.abs(draw - expected).max() < 0.51, "rounded to whole values, not more"
        assert (draw != pixels).any(axis=tuple(range(1, pixels.ndim))).sum() >= len(pixels) - 1
    assert not np.array_equal(found[0], found[1])
    np.testing.assert_array_equal(drawn(experiment, 7), found)
    assert not np.array_equal(drawn(experiment, 8), found)


def test_what_is_only_moved_keeps_its_values() -> None:
    moved = replace(DIGITS, augmentation=Experiment().augmentation)
    for draw in drawn(moved, 0):
        assert set(np.unique(draw)) <= set(np.unique(untouched(moved)))


def test_vectors_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    with pytest.raises(ValueError, match=r"examples must be of images, got vectors\. Choose data that have pixels\."):
        untouched(replace(DIGITS, dataset=brought(vectors())))


def test_the_name_changes_with_what_has_a_say_alone(tmp_path: Path) -> None:
    first = kept_at(tmp_path, DIGITS, 0)
    same = [
        DIGITS,
        replace(DIGITS, encoder=Mlp()),
        replace(DIGITS, schedule=replace(DIGITS.schedule, epochs=3, seed=5)),
    ]
    others = [
        replace(DIGITS, augmentation=TurnsAndShifts(turn=20.0)),
        replace(DIGITS, schedule=replace(DIGITS.schedule, shift=2)),
        replace(DIGITS, schedule=replace(DIGITS.schedule, mirror=False)),
        replace(DIGITS, split=replace(DIGITS.split, seed=1)),
        COLOURED,
    ]
    assert {kept_at(tmp_path, one, 0) for one in same} == {first}
    assert len({first, kept_at(tmp_path, DIGITS, 1), *(kept_at(tmp_path, one, 0) for one in others)}) == 7


def request(experiment: Experiment, path: Path, number: int = 0) -> str:
    return json.dumps({"path": str(path), "number": number, "experiment": draw_examples._asked(experiment)})


def test_an_answer_is_a_file_or_a_reason_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw_examples, "MOST_KEPT", 2)
    for number in range(3):
        (old := tmp_path / f"{number}.npz").touch()
        os.utime(old, (number, number))
    answer(request(DIGITS, tmp_path / "a.npz"))
    found = kept(tmp_path / "a.npz")
    assert found is not None and np.array_equal(found, drawn(DIGITS, 0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2.npz", "a.npz"]
    answer(request(replace(DIGITS, split=ByGroup()), tmp_path / "b.npz"))
    assert "by-group must have the group of each sample" in problem_at(tmp_path / "b.npz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.problem"]


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    (path := tmp_path / "a.npz").write_bytes(b"PK\x03\x04 cut short")
    assert kept(path) is None and kept(tmp_path / "other.npz") is None and problem_at(path) == ""


def test_one_process_draws_for_all_and_ends_when_its_pipe_is_closed(tmp_path: Path, drawer: Drawer) -> None:
    paths = [tmp_path / "examples" / f"{number}.npz" for number in range(2)]
    first = drawer.ask(DIGITS, 0, paths[0])
    np.testing.assert_array_equal(wait_for(paths[0]), drawn(DIGITS, 0))
    assert drawer.ask(DIGITS, 1, paths[1]) is first
    np.testing.assert_array_equal(wait_for(paths[1]), drawn(DIGITS, 1))
    drawer.close()
    assert first.returncode == 0


def test_another_process_is_started_where_the_first_has_ended(tmp_path: Path, drawer: Drawer) -> None:
    first = drawer.ask(DIGITS, 0, tmp_path / "a.npz")
    first.kill()
    first.wait()
    second = drawer.ask(DIGITS, 0, tmp_path / "a.npz")
    assert second is not first and len(wait_for(tmp_path / "a.npz")) == DRAWS


def test_it_ends_once_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(draw_examples, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(draw_examples, "answer", asked.append)
    monkeypatch.setattr(draw_examples, "_read", lambda requests: requests.put("one\n"))
    draw_examples.main()
    assert asked == ["one\n"]
