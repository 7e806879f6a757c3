"""The curves of a run as TensorBoard reads them, by its own reader."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.handover.event_files import FILE, OF_SNAPSHOTS, OF_UPDATES, write_events
from tests.core.taken_home import trained_run


def read(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        found = EventAccumulator(str(folder), size_guidance={"scalars": 0})
        found.Reload()
    return found


def test_every_update_and_snapshot_is_there_with_its_time_and_its_settings(tmp_path: Path) -> None:
    run = trained_run()
    steps, snapshots, settings = run.steps(), run.snapshots(), run.record().experiment
    write_events(tmp_path, "mine", settings, steps, snapshots)
    assert [file.name for file in (tmp_path / "mine").iterdir()] == [FILE], "without the name of this machine"
    found = read(tmp_path / "mine")
    names = {f"update/{key}" for key in OF_UPDATES} | {f"held-out/{key}" for key in OF_SNAPSHOTS}
    assert set(found.Tags()["scalars"]) == names
    losses = found.Scalars("update/loss")
    assert [one.step for one in losses] == [step.step for step in steps]
    assert [one.value for one in losses] == pytest.approx([step.loss for step in steps], rel=1e-6)
    assert losses[-1].wall_time == pytest.approx(sum(step.seconds for step in steps))
    quality = found.Scalars("held-out/map_at_r")
    assert [one.step for one in quality] == [numbers.step for numbers in snapshots]
    assert [one.value for one in quality] == pytest.approx([numbers.map_at_r for numbers in snapshots], rel=1e-6)
    (told,) = found.Tensors("settings/text_summary")
    assert json.loads(told.tensor_proto.string_val[0]) == dict(settings)


def test_a_number_that_a_snapshot_has_not_is_left_out(tmp_path: Path) -> None:
    run = trained_run()
    write_events(tmp_path, "mine", {}, [], [replace(run.snapshots()[-1], r_precision=None)])
    assert "held-out/r_precision" not in read(tmp_path / "mine").Tags()["scalars"]


def test_settings_that_are_compared_stand_in_the_same_file(tmp_path: Path) -> None:
    run = trained_run()
    compared = {"strategy": ("b", "a", "b"), "seed": (1, 0, 1)}
    write_events(tmp_path, "b/seed-1", {}, [], run.snapshots(), compared)
    assert [file.name for file in (tmp_path / "b" / "seed-1").iterdir()] == [FILE]
    found = read(tmp_path / "b" / "seed-1")
    (content,) = {name: of for name, of in found.PluginTagToContent("hparams").items() if "start" in name}.values()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        from tensorboard.plugins.hparams.metadata import parse_session_start_info_plugin_data

        own = parse_session_start_info_plugin_data(content).hparams
    assert own["strategy"].string_value == "b" and own["seed"].number_value == 1
    last = run.snapshots()[-1]
    assert found.Scalars("held-out/auc")[-1].value == pytest.approx(last.auc, rel=1e-6), "as without them"
