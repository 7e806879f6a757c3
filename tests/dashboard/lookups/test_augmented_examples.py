"""Draws are asked for once, found when they are there, and asked for again where a process ended before it drew."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.augmentations import TurnsAndShifts
from core.experiment.experiment import Experiment
from core.experiment.splits import ByTime
from core.jobs import draw_examples
from core.runs.store import Store
from dashboard.figures.images import COMING, grid_of
from dashboard.lookups import augmented_examples as lookup

EXPERIMENT = Experiment(augmentation=TurnsAndShifts())


class Process:
    def __init__(self) -> None:
        self.status: int | None = None

    def poll(self) -> int | None:
        return self.status


class Drawer:
    """Writes down what it is asked for, and gives a process for each request."""

    def __init__(self) -> None:
        self.asked: list[tuple[Experiment, int, Path]] = []
        self.processes: list[Process] = []

    def ask(self, experiment: Experiment, number: int, path: Path) -> Process:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.asked.append((experiment, number, path))
        self.processes.append(Process())
        return self.processes[-1]

    def answer(self, request: int = -1) -> None:
        experiment, number, path = self.asked[request]
        np.savez(path, drawn=draw_examples.drawn(experiment, number))


@pytest.fixture
def drawer(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> Drawer:
    drawer = Drawer()
    monkeypatch.setattr(lookup, "_drawer", drawer)
    return drawer


def pixels_of(address: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))) as picture:
        return np.asarray(picture)


def test_draws_are_asked_for_once_and_shown_below_their_images(drawer: Drawer) -> None:
    assert lookup.picture(EXPERIMENT, 0) == "" and lookup.picture(EXPERIMENT, 0) == ""
    assert [number for _, number, _ in drawer.asked] == [0] and lookup.problem(EXPERIMENT, 0) is None
    drawer.answer()
    expected = grid_of([draw_examples.untouched(EXPERIMENT), *draw_examples.drawn(EXPERIMENT, 0)])
    np.testing.assert_array_equal(pixels_of(lookup.picture(EXPERIMENT, 0)), expected)
    assert not lookup._asked and len(drawer.asked) == 1
    assert lookup.picture(EXPERIMENT, 1) == "" and len(drawer.asked) == 2


def test_until_then_the_images_are_there_and_room_for_the_draws(drawer: Drawer) -> None:
    blank = pixels_of(lookup.blank(EXPERIMENT))
    drawer.ask(EXPERIMENT, 0, draw_examples.kept_at(Path(), EXPERIMENT, 0))
    assert blank.shape == grid_of([draw_examples.untouched(EXPERIMENT), *draw_examples.drawn(EXPERIMENT, 0)]).shape
    assert (blank[-1, 0] == COMING).all() and blank[0, 0, 3] == 255


def test_a_process_that_ends_early_is_followed_by_another_and_then_told(drawer: Drawer) -> None:
    lookup.picture(EXPERIMENT, 0)
    drawer.processes[0].status = 0
    assert lookup.picture(EXPERIMENT, 0) == "" and len(drawer.asked) == 2 and lookup.problem(EXPERIMENT, 0) is None
    drawer.processes[1].status = -9
    assert lookup.picture(EXPERIMENT, 0) == "" and len(drawer.asked) == 2 and lookup.problem(EXPERIMENT, 0) == ""
    lookup.ask_again(EXPERIMENT, 0)
    assert lookup.picture(EXPERIMENT, 0) == "" and len(drawer.asked) == 3 and lookup.problem(EXPERIMENT, 0) is None


def test_a_reason_is_told_and_nobody_is_asked_until_somebody_wants_it(drawer: Drawer) -> None:
    lookup.picture(EXPERIMENT, 0)
    reason = drawer.asked[0][2].with_suffix(".problem")
    reason.write_text("no images")
    assert lookup.picture(EXPERIMENT, 0) == "" and lookup.problem(EXPERIMENT, 0) == "no images"
    lookup.ask_again(EXPERIMENT, 0)
    assert not reason.exists() and lookup.picture(EXPERIMENT, 0) == "" and len(drawer.asked) == 2


def test_a_damaged_file_is_drawn_anew(drawer: Drawer) -> None:
    lookup.picture(EXPERIMENT, 3)
    path = drawer.asked[0][2]
    path.write_bytes(b"PK\x03\x04 cut short")
    assert lookup.picture(EXPERIMENT, 3) == "" and not path.exists()
    drawer.answer(0)
    assert lookup.picture(EXPERIMENT, 3) != ""


def test_data_that_cannot_be_split_so_have_no_examples(drawer: Drawer) -> None:
    assert lookup.has_examples(EXPERIMENT) and not lookup.has_examples(replace(EXPERIMENT, split=ByTime()))
