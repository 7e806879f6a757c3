"""The runner prints what it is given and never calls a missing figure a success."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.run import main

HOLDS = """
def rows():
    return [{"what": "census", "ours": 1.5, "unit": "s", "peer": 0.5, "peer_name": "matrix product",
             "ratio": 3.0, "bar": "at most 10", "holds": True}]
"""


def bench(folder: Path, **modules: str) -> tuple[int, list[dict]]:
    for name, text in modules.items():
        (folder / f"{name}_rows.py").write_text(text)
    out = folder / "bench.json"
    status = main(["--folder", str(folder), "--out", str(out)])
    return status, json.loads(out.read_text())


def test_a_row_shows_ours_the_peer_the_ratio_and_the_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, rows = bench(tmp_path, census=HOLDS)
    assert status == 0 and rows[0]["ratio"] == 3.0
    printed = capsys.readouterr().out.splitlines()[1]
    assert printed.split("  ")[0] == "census" and printed.endswith("holds")
    assert "1.5 s" in printed and "0.5 s matrix product" in printed and "at most 10" in printed


def test_a_bar_that_falls_short_fails_the_bench(tmp_path: Path) -> None:
    status, rows = bench(tmp_path, census=HOLDS, slow=HOLDS.replace("True", "False"))
    assert status == 1 and [row["holds"] for row in rows] == [True, False]


def test_a_row_without_a_bar_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HOLDS.replace('"at most 10"', "None").replace("True", "None")
    status, _ = bench(tmp_path, census=HOLDS, told=text)
    printed = capsys.readouterr().out.splitlines()
    assert status == 0 and printed[2].endswith("told") and printed[3].startswith("1 hold, 0 fall short, 1 told")


def test_a_module_that_cannot_measure_falls_short_and_the_others_still_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status, rows = bench(tmp_path, broken="def rows():\n    raise MemoryError('too large')\n", census=HOLDS)
    assert status == 1 and [row["holds"] for row in rows] == [False, True]
    printed = capfd.readouterr()
    assert "broken_rows" in printed.out and "MemoryError: too large" in printed.err


@pytest.mark.parametrize("text", ["def rows():\n    return []\n", "def rows():\n    return [{'what': 'x'}]\n"])
def test_a_module_without_whole_rows_falls_short(tmp_path: Path, text: str) -> None:
    assert bench(tmp_path, hollow=text)[0] == 1


def test_an_unknown_module_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "census_rows.py").write_text(HOLDS)
    with pytest.raises(SystemExit):
        main(["sensus", "--folder", str(tmp_path)])
    assert "got sensus. It has census." in capsys.readouterr().err
