from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.experiment.presets import PRESETS
from core.makers import unseen
from core.makers.marked_text import with_marked
from core.makers.unseen import JUDGED, SEEDS, gain, kept_standings, table
from tests.imports import ROOT


def rows_of(preset: str) -> list[dict[str, Any]]:
    return [row for row in kept_standings() if row["preset"] == preset]


def test_the_tables_of_the_page_are_those_of_the_file() -> None:
    page = (ROOT / "docs" / "RESULTS.md").read_text()
    assert with_marked(page, "unseen", table(kept_standings())) == page, "make format writes them again"


@pytest.mark.parametrize("preset", JUDGED)
def test_every_seed_is_judged_on_identities_never_seen(preset: str) -> None:
    rows = rows_of(preset)
    assert [row["seed"] for row in rows] == list(SEEDS)
    assert {row["protocol"] for row in rows} == {PRESETS[preset].experiment.split.protocol} == {"open-set, by identity"}
    assert len({row["baselines"]["raw pixels"]["map_at_r"] for row in rows}) == 1, "they share one split"


def test_pictograms_are_told_apart_far_better_than_by_their_pixels() -> None:
    assert gain(rows_of("pictograms"), "raw pixels") >= 1.8
    assert gain(rows_of("pictograms"), "PCA") >= 1.5


def test_people_never_seen_are_verified() -> None:
    rows = rows_of("faces")
    gains = [row["map_at_r"] - row["baselines"]["raw pixels"]["map_at_r"] for row in rows]
    assert sum(gains) / len(gains) >= 0.10
    assert sum(row["eer"] for row in rows) / len(rows) <= 0.10


def row_of(seed: int, precision: float) -> dict[str, Any]:
    numbers = {"recall_at_1": 0.5, "map_at_r": precision, "auc": 0.9}
    baselines = {name: {"recall_at_1": 0.25, "map_at_r": 0.1, "auc": 0.6} for name in ("raw pixels", "PCA")}
    return {"preset": "faces", "seed": seed, "protocol": "open-set", "seconds": 10.0 + seed, "eer": 0.1} | {
        **numbers,
        "baselines": baselines,
    }


def test_a_table_gives_the_mean_and_the_worst_and_how_many_times_the_baselines() -> None:
    lines = table([row_of(0, 0.4), row_of(1, 0.2)]).splitlines()
    assert lines[0] == "| faces, open-set | Recall@1 | MAP@R | AUC | EER | seconds of training |"
    assert lines[2:] == [
        "| *raw pixels* | 0.250 | 0.100 | 0.600 | | |",
        "| *PCA* | 0.250 | 0.100 | 0.600 | | |",
        "| trained, mean of 2 seeds | 0.500 | 0.300 | 0.900 | 0.100 | 10 |",
        "| trained, worst seed by MAP@R | 0.500 | 0.200 | 0.900 | 0.100 | 11 |",
        "",
        "MAP@R on faces is 3.00 times that of raw pixels and 3.00 times that of PCA.",
    ]


def test_the_command_keeps_what_was_measured_and_writes_it_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, page = [row_of(0, 0.4)], tmp_path / "page.md"
    page.write_text("<!-- unseen:begin -->\n<!-- unseen:end -->\n")
    monkeypatch.setattr(unseen, "FILE", tmp_path / "unseen.json")
    monkeypatch.setattr(unseen, "measured", lambda workers: rows)
    unseen.main([str(page)])
    assert json.loads(unseen.FILE.read_text()) == rows
    assert table(rows) in page.read_text()


def test_one_training_says_what_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []
    monkeypatch.setattr(
        unseen, "trained_numbers", lambda experiment: seeds.append(experiment.schedule.seed) or {"map_at_r": 0.5}
    )
    assert unseen.standing("faces", 3) == {"preset": "faces", "seed": 3, "map_at_r": 0.5}
    assert seeds == [3]
