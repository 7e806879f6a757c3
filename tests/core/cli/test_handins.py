"""`python -m core handins FOLDER`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from core.__main__ import main
from core.lessons.handin_folder import keep
from core.lessons.tasks import Verdict
from tests.core.lessons.handed import handed_in


def test_results_come_as_json_and_lines_as_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, table = tmp_path / "class", tmp_path / "class.csv"
    keep(folder, "a", handed_in())
    keep(folder, "b", handed_in(name="=Ben", answer=0.15, verdict=Verdict(False, "too_small")))
    assert main(["handins", str(folder), "--csv", str(table)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "hardness.task": {
            "students": 2,
            "right": 1,
            "wrong": 1,
            "not_graded": 0,
            "median": 0.25,
            "far_from_the_others": [],
            "guesses": {"margin": {"as_many": 2}, "late": {"fewer": 2}},
        }
    }
    lines = list(csv.DictReader(table.read_text().splitlines()))
    assert [(line["name"], line["right"]) for line in lines] == [("Ada", "true"), ("'=Ben", "false")]


def test_what_cannot_be_read_is_named_and_the_status_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, "a", handed_in())
    (tmp_path / "b.json").write_text("{")
    assert main(["handins", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "b.json: a hand-in must be JSON" in said.err and '"students": 1' in said.out
    assert main(["handins", str(tmp_path / "nowhere")]) == 2
