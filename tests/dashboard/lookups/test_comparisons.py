"""Figures of runs side by side hold all that the runs have."""

from __future__ import annotations

import json

from core.records.main_numbers import MAP_AT_R
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


def test_a_number_is_drawn_for_every_run(name: str) -> None:
    packed = comparisons.quality(NAMES, steps(), MAP_AT_R, "dark")
    lines = json.loads(packed.figure)["data"]
    assert [line["name"] for line in lines] == ["softmax", "batch-hard"]
