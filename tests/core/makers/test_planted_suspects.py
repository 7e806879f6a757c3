from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from core.encoders import Mlp
from core.makers import planted_suspects
from core.makers.marked_text import with_marked
from core.makers.planted_images import KINDS
from core.makers.planted_suspects import (
    CENTRES,
    JUDGED,
    LABEL_ERRORS,
    LISTS,
    SEEDS,
    WRONG,
    compared,
    experiment_of,
    kept_rows,
    main,
    measured,
    over_seeds,
    table,
)
from tests.imports import ROOT


def test_the_table_of_the_page_is_that_of_the_file() -> None:
    page = (ROOT / "docs" / "RESULTS.md").read_text()
    assert with_marked(page, "planted-suspects", table(kept_rows())) == page, "make format writes it again"


def test_every_set_is_measured_from_every_seed_with_every_kind() -> None:
    expected = [(preset, seed, kind) for preset in JUDGED for seed in SEEDS for kind in LISTS]
    assert [(row["set"], row["seed"], row["kind"]) for row in kept_rows()] == expected
    assert list(LISTS) == [LABEL_ERRORS, *KINDS, CENTRES]


def test_a_list_is_counted_against_the_truth_in_its_order() -> None:
    assert compared([7, 1, 3, 9], {1, 9, 5}, 0.1) == (3, 4, 2, 1, 0.1)
    assert compared([], {1}, 0.5) == (1, 0, 0, 0, 0.5)


def test_a_small_training_finds_exact_copies_and_more_wrong_labels_than_chance() -> None:
    small = experiment_of("digits", 3)
    small = replace(small, encoder=Mlp(width=64, dimension=16), schedule=replace(small.schedule, epochs=2))
    rows = {row["kind"]: row for row in measured("digits", 3, small)}
    assert list(rows) == list(LISTS) and {row["seed"] for row in rows.values()} == {3}
    wrong, copies = rows[LABEL_ERRORS], rows["exact copies"]
    assert wrong["planted"] == pytest.approx(WRONG * wrong["points"], rel=0.5)
    assert wrong["chance"] == pytest.approx(wrong["planted"] / wrong["points"], abs=1e-4)
    assert wrong["first"] / wrong["planted"] > 5 * wrong["chance"]
    assert copies["found"] == copies["planted"] == round(0.02 * copies["points"])
    centres = rows[CENTRES]
    assert centres["found"] / centres["planted"] > 0.5, "a class has five times as many points as are neighbours"
    for row in rows.values():
        assert row["first"] <= row["found"] <= min(row["planted"], row["listed"])


def test_the_interval_is_that_of_student_and_stays_among_shares() -> None:
    shares = [0.5, 0.6, 0.8, 0.4]
    low, high = t.interval(0.95, 3, loc=np.mean(shares), scale=np.std(shares, ddof=1) / 2)
    assert over_seeds(shares) == f"{np.mean(shares):.2f} ({low:.2f} to {high:.2f})"
    assert over_seeds([1.0, 0.9]) == "0.95 (0.31 to 1.00)"
    assert over_seeds([0.25]) == "0.25" and over_seeds([]) == "–"


def row_of(seed: int, kind: str, **numbers: float) -> dict[str, Any]:
    return {"set": "faces", "seed": seed, "points": 200, "kind": kind, "planted": 4, "chance": 0.02} | numbers


def test_a_list_that_is_empty_has_no_precision() -> None:
    rows = [row_of(seed, CENTRES, listed=0, found=0, first=0) for seed in range(2)]
    assert table(rows).splitlines()[2] == (
        "| faces | class centres | 4 | hubs | 0 | – | 0.00 (0.00 to 0.00) | 0.00 (0.00 to 0.00) | 0.020 |"
    )


def test_the_command_keeps_what_was_found_and_other_sets_where_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, asked = tmp_path / "page.md", []
    page.write_text("<!-- planted-suspects:begin -->\n<!-- planted-suspects:end -->\n")

    def small(preset: str, seed: int) -> list[dict[str, Any]]:
        asked.append((preset, seed))
        return [row_of(seed, CENTRES, listed=8, found=2, first=1) | {"set": preset}]

    monkeypatch.setattr(planted_suspects, "FILE", tmp_path / "rows.json")
    monkeypatch.setattr(planted_suspects, "measured", small)
    main([str(page)])
    assert asked == [(preset, seed) for preset in JUDGED for seed in SEEDS]
    assert "| digits | class centres | 4 | hubs | 8 | 0.25 (0.25 to 0.25) | 0.50" in page.read_text()
    asked.clear()
    main(["--set", "faces"])
    assert asked == [("faces", seed) for seed in SEEDS]
    rows = json.loads((tmp_path / "rows.json").read_text())
    assert [row["set"] for row in rows] == [preset for preset in JUDGED for _ in SEEDS]
