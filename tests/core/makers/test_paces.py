from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.experiment.splits import BySample
from core.makers import paces
from core.makers.paces import main, measured


def test_a_short_training_tells_what_samples_and_looks_cost() -> None:
    small = Experiment(split=BySample(evaluation_share=0.15), encoder=Mlp(width=16, dimension=16))
    found = measured(replace(small, schedule=replace(small.schedule, probe_points=100)))
    assert 0 <= found["samples"] < 100 and 0 < found["points"] < 100


def test_every_data_set_is_measured_once_by_each_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Experiment] = []
    monkeypatch.setattr(paces, "measured", lambda one: asked.append(one) or {"samples": 1.0, "points": 2.0})
    main(str(tmp_path / "paces.json"))
    written = json.loads((tmp_path / "paces.json").read_text())
    assert len(asked) == len(written) + 1, "the first does not count"
    assert {f"{one.experiment.dataset.name} mlp" for one in PRESETS.values()} <= written.keys()
