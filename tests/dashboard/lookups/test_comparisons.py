"""Figures of runs side by side hold all that the runs have."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from core.records.main_numbers import MAP_AT_R
from core.runs.run_folder import Run
from dashboard.components.live_figure import Packed
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
    assert at_rest.figure != after.figure, "nothing will need the room on its axes"
    assert [frame[:2] for frame in at_rest.frames] == [frame[:2] for frame in after.frames]
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


def test_maps_lie_on_the_first_one_and_at_all_epochs_in_the_same_way(name: str) -> None:
    raw = [
        [run.snapshot(step, "map")["map"] for step in of]
        for run, of in zip(map(runs.run_of, NAMES), steps(), strict=True)
    ]
    first, second = (places_of(comparisons.comparison(NAMES, steps(), "light"), place) for place in (0, 1))
    np.testing.assert_allclose(first, raw[0], rtol=1e-6)
    assert np.square(second[-1] - first[-1]).sum() < np.square(raw[1][-1] - first[-1]).sum()
    moved = [np.c_[points, np.ones(len(points))] for points in raw[1]]
    taken = np.linalg.lstsq(moved[-1], second[-1], rcond=None)[0]
    for points, places in zip(moved, second, strict=True):
        np.testing.assert_allclose(points @ taken, places, atol=1e-3)
    turn = taken[:2] / np.sqrt(abs(np.linalg.det(taken[:2])))
    np.testing.assert_allclose(turn @ turn.T, np.eye(2), atol=1e-4)


def places_of(packed: Packed, place: int) -> list[np.ndarray]:
    """Of a run, by its column, the points (N, 2) at each frame."""
    found = []
    for frame in packed.frames:
        points = json.loads(bytes(frame[3]))["data"][4 * place]
        found.append(np.stack([np.frombuffer(base64.b64decode(points[axis]["bdata"]), "f4") for axis in "xy"], axis=1))
    return found


def test_while_a_comparison_grows_maps_are_laid_anew_as_often_as_it_doubles(name: str) -> None:
    """And once it has ended, the same whoever has watched it."""

    def at(count: int, *, live: bool = True) -> Packed:
        return comparisons.comparison(NAMES, tuple(of[:count] for of in steps()), "light", live=live)

    comparisons._moving.clear()
    at_rest = at(20, live=False)
    comparisons._moving.clear()
    seven, eight, fifteen, sixteen = (at(count) for count in (7, 8, 15, 16))
    assert seven.frames[0] != eight.frames[0] == fifteen.frames[0] != sixteen.frames[0]
    assert fifteen.frames[:8] == eight.frames
    assert [frame[:3] for frame in at(20, live=False).frames] == [frame[:3] for frame in at_rest.frames]


def test_a_run_that_waits_has_its_place_and_the_others_keep_theirs(name: str) -> None:
    whole = steps()
    with_both = json.loads(comparisons.comparison(NAMES, whole, "light").figure)
    packed = comparisons.comparison(NAMES, ((), whole[1]), "light", live=True, waits=("queued, place 3", ""))
    figure = json.loads(packed.figure)
    assert len(figure["data"]) == len(with_both["data"]) == 8
    told = [note["text"] for note in figure["layout"]["annotations"]]
    assert told == ["softmax", "batch-hard", "queued, place 3"]
    (frame,) = figure["layout"]["shapes"]
    assert frame["xref"] == "x domain"
    assert json.loads(bytes(packed.frames[0][3]))["traces"] == [4, 5, 6, 7]
    assert figure["layout"]["xaxis2"]["domain"] == with_both["layout"]["xaxis2"]["domain"]


def test_where_all_wait_there_are_their_places_alone(name: str) -> None:
    packed = comparisons.comparison(NAMES, ((), ()), "light", live=True, waits=("queued", "queued"))
    assert not packed.frames and len(json.loads(packed.figure)["layout"]["shapes"]) == 2


def test_a_number_is_drawn_for_every_run(name: str) -> None:
    packed = comparisons.quality(NAMES, steps(), MAP_AT_R, "dark")
    lines = json.loads(packed.figure)["data"]
    assert [line["name"] for line in lines] == ["softmax", "batch-hard"]
