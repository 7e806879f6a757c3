"""Figures of runs side by side hold all that the runs have."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.records.main_numbers import MAP_AT_R
from core.runs.run_folder import Run
from dashboard.lookups import comparisons, runs

NAMES = ("digits-softmax", "digits-batch-hard")


def steps() -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(numbers.step for numbers in runs.run_of(name).snapshots()) for name in NAMES)


def test_every_epoch_of_any_run_is_a_frame_and_titles_are_what_differs(name: str) -> None:
    packed = comparisons.comparison(NAMES, steps(), "light")
    epochs = {numbers.epoch for name in NAMES for numbers in runs.run_of(name).snapshots()}
    assert len(packed.frames) == len(epochs)
    titles = {note.get("text") for note in json.loads(packed.figure)["layout"]["annotations"]}
    assert {"softmax", "batch-hard"} <= titles


def test_a_live_comparison_keeps_its_figure_and_its_frames_while_it_grows(name: str) -> None:
    whole = steps()
    before = comparisons.comparison(NAMES, tuple(of[:-1] for of in whole), "dark", live=True)
    after = comparisons.comparison(NAMES, whole, "dark", live=True)
    assert after.frames[: len(before.frames)] == before.frames and len(after.frames) > len(before.frames)
    assert after.digest == before.digest and after.figure == before.figure
    at_rest = comparisons.comparison(NAMES, whole, "dark")
    assert at_rest.frames == after.frames and at_rest.figure != after.figure, "nothing will need the room on its axes"
    assert comparisons.comparison(NAMES, whole, "dark") is at_rest


def test_a_snapshot_is_read_once_while_a_comparison_grows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is shown, and however many have come before."""
    read, snapshot = list[tuple[str, int]](), Run.snapshot

    def noted(self: Run, step: int, *arrays: str) -> dict[str, np.ndarray]:
        read.append((self.folder.name, step))
        return snapshot(self, step, *arrays)

    comparisons._moving.clear()
    whole = steps()
    comparisons.comparison(NAMES, tuple(of[:-1] for of in whole), "light", live=True)
    monkeypatch.setattr(Run, "snapshot", noted)
    comparisons.quality(NAMES, whole, MAP_AT_R, "light")
    assert not read
    comparisons.comparison(NAMES, whole, "light", live=True)
    last = {(name, of[-1]) for name, of in zip(NAMES, whole, strict=True)}
    first = {(name, of[0]) for name, of in zip(NAMES, whole, strict=True)}
    assert last <= set(read) <= last | first


def test_a_number_is_drawn_for_every_run(name: str) -> None:
    packed = comparisons.quality(NAMES, steps(), MAP_AT_R, "dark")
    lines = json.loads(packed.figure)["data"]
    assert [line["name"] for line in lines] == ["softmax", "batch-hard"]
