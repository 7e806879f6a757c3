from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.losses import LOSSES
from core.makers import standings
from core.makers.marked_text import with_marked
from core.makers.standings import DATASETS, kept_standings, table
from tests.imports import ROOT


def test_the_tables_of_the_page_are_those_of_the_file() -> None:
    page = (ROOT / "docs" / "RESULTS.md").read_text()
    assert with_marked(page, "standings", table(kept_standings())) == page, "make format writes them again"


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_loss_that_is_measured_learns_more_than_pixels_know(dataset: str) -> None:
    rows = {row["loss"]: row for row in kept_standings() if row["dataset"] == dataset}
    assert rows and set(rows) <= set(LOSSES)
    if dataset == "fashion-mnist":
        del rows["mmc"]  # made for one matrix: pairs of two classes count by their mean, which says little of the near
    for row in rows.values():
        assert row["map_at_r"] > row["baselines"]["raw pixels"]["map_at_r"] + 0.1, f"{dataset}: {row['loss']}"


def test_a_loss_without_standings_stands_as_not_yet_measured() -> None:
    without = [row for row in kept_standings() if row["loss"] not in ("triplet", "circle")]
    for part in table(without).split("\n\n"):
        lines = part.splitlines()
        missing = [line for line in lines if line.endswith("| not yet measured | | | |")]
        assert {"| triplet | not yet measured | | | |", "| circle | not yet measured | | | |"} <= set(missing)
        assert lines[-len(missing) :] == missing
        assert lines[2].startswith("| *raw pixels* | 0.")


def test_what_is_missing_is_trained_and_put_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = kept_standings()
    monkeypatch.setattr(standings, "LOSSES", {row["loss"]: LOSSES[row["loss"]] for row in rows})  # all are measured
    there = [row for row in rows if row["loss"] != "circle"]
    missing = [row for row in rows if row["loss"] == "circle"]
    asked: list[list[str]] = []
    monkeypatch.setattr(standings, "FILE", tmp_path / "standings.json")
    monkeypatch.setattr(standings, "measured", lambda losses, workers: asked.append(losses) or missing)
    standings.FILE.write_text(json.dumps(there))
    standings.main(["--missing"])
    assert asked == [["circle"]] and kept_standings() == rows
