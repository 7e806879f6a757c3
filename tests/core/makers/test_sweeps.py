"""The tables of samplers and miners: their commands, and what stands in them."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.cli.compare import _parser, plan_of
from core.experiment.options import read_experiment
from core.makers import sweeps
from core.makers.marked_text import with_marked
from core.makers.sweeps import AXES, JUDGED, SETS, SHOWN, command, found, kept, main, table
from tests.imports import ROOT


def test_the_tables_of_the_page_are_those_of_the_file() -> None:
    page = (ROOT / "docs" / "RESULTS.md").read_text()
    assert with_marked(page, "sweeps", table(kept())) == page, "make format writes them again"


@pytest.mark.parametrize("dataset", SETS)
@pytest.mark.parametrize("axis", AXES)
def test_a_command_makes_the_plan_that_is_promised(dataset: str, axis: str) -> None:
    experiment, options = read_experiment([*shlex.split(command(dataset, axis)), "--out", "none"], _parser())
    plan = plan_of(experiment, options)
    assert len(plan.strategies) == {"miners": 6, "samplers": 4}[axis] and len(plan.seeds) == 5 and options.tune == 6
    assert len({one.experiment.schedule.learning_rate for one in plan.strategies}) == 1


TOLD = {
    "strategies": {
        "a": {key: {"value": 0.5, "low": 0.44444, "high": 0.6} for key in SHOWN},
        "b": {key: {"value": 0.7, "low": 0.6, "high": 0.8} for key in SHOWN},
    },
    "differences": [
        {"number": key, "first": "a", "second": "b", "value": -0.2, "low": -0.3, "high": -0.1, "verdict": "worse"}
        for key in (*JUDGED, "auc")
    ],
    "tuned": {
        "a": {"schedule": {"learning_rate": 0.002}, "loss": {"margin": 0.31}},
        "b": {"schedule": {"learning_rate": 0.001}},
    },
}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that end with the same numbers at once."""
    asked: list[list[str]] = []

    def run(words: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
        asked.append(words)
        return subprocess.CompletedProcess(words, 0, stdout=f"a table\n{json.dumps(TOLD)}\n")

    monkeypatch.setattr(sweeps.subprocess, "run", run)
    monkeypatch.setattr(sweeps, "FILE", tmp_path / "sweeps.json")
    return asked


def test_one_store_has_all_trainings_of_a_set(told: list[list[str]], tmp_path: Path) -> None:
    one = found("faces", "miners", tmp_path)
    assert told[0][1:4] == ["-m", "core", "compare"] and told[0][-2:] == ["--out", str(tmp_path)]
    assert one["levels"]["a"]["auc"] == {"value": 0.5, "low": 0.4444, "high": 0.6}
    assert [of["number"] for of in one["differences"]] == list(JUDGED)


def test_the_best_stands_first_and_every_difference_has_a_verdict() -> None:
    one = {"dataset": "faces", "axis": "miners", "command": "--dataset faces", "levels": TOLD["strategies"], **TOLD}
    lines = table([one]).splitlines()
    assert lines[0] == "**faces, miners.** `python -m core compare --dataset faces --out FOLDER`"
    assert [line.split(" |")[0] for line in lines[4:6]] == ["| b", "| a"]
    assert lines[5].endswith("| learning rate 0.002, margin 0.31 |")
    assert lines[-1] == "| a | b | -0.200 (-0.300 to -0.100) | worse | -0.200 (-0.300 to -0.100) | worse |"


def test_one_set_is_run_alone_and_the_others_stay(told: list[list[str]], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- sweeps:begin -->\n<!-- sweeps:end -->\n")
    main([str(page), "--set", "faces", "--store", str(tmp_path / "store")])
    main([str(page), "--set", "pictograms", "--store", str(tmp_path / "store")])
    assert [(one["dataset"], one["axis"]) for one in kept()] == [
        ("pictograms", "miners"),
        ("pictograms", "samplers"),
        ("faces", "miners"),
        ("faces", "samplers"),
    ]
    assert "**faces, samplers.**" in page.read_text() and len(told) == 4
    main([str(page), "--table"])
    assert len(told) == 4
