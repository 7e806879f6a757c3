"""Wrong pairs are those of the definition, in order, with their images."""

from __future__ import annotations

import numpy as np
import pytest

from core.runs.run_folder import Run
from core.verification.protocols import OTHERS, SAME, parts
from dashboard.lookups import runs, wrong_pairs
from tests.dashboard.verify_pages import spread

THRESHOLD = 0.9


def by_hand(run: Run, is_same: bool, worst_first: bool) -> list[tuple[float, int, int]]:
    """Distance and rows of the first wrong pairs, of which no two identities have more than two."""
    points, labels = run.snapshot(20, "embeddings")["embeddings"].astype(np.float64), run.probe()["labels"]
    found = []
    for first, second in zip(*np.triu_indices(len(points), 1), strict=True):
        apart = float(np.linalg.norm(points[first] - points[second]))
        if (labels[first] == labels[second]) == is_same == (apart > THRESHOLD):
            found.append((apart, int(first), int(second)))
    ordered = sorted(found, key=lambda pair: abs(pair[0] - THRESHOLD), reverse=worst_first)
    chosen = spread(ordered, lambda pair: labels[list(pair[1:])].tolist(), wrong_pairs.SHOWN_PAIRS)
    assert len(chosen) == wrong_pairs.SHOWN_PAIRS > 5
    return chosen


@pytest.mark.parametrize("is_same", [False, True])
@pytest.mark.parametrize("worst_first", [False, True])
def test_the_first_ones_are_those_of_the_definition(is_same: bool, worst_first: bool, name: str, run: Run) -> None:
    found = wrong_pairs.wrong_pairs(name, 20, THRESHOLD, is_same, protocol=SAME, worst_first=worst_first)
    expected = by_hand(run, is_same, worst_first)
    assert [set(pair.rows) for pair in found] == [{first, second} for _, first, second in expected]
    assert [pair.caption.split(" at ")[1] for pair in found] == [f"{apart:.4g}" for apart, *_ in expected]
    assert all(pair.image.startswith("data:image/png") for pair in found)


def test_half_of_the_identities_report_where_the_others_choose(many: Run, name: str) -> None:
    rows, count = wrong_pairs.reporting_rows(many.folder.name, OTHERS)
    expected = np.flatnonzero(parts(many.probe()["labels"], 2) == 1)
    np.testing.assert_array_equal(rows, expected)
    assert count == len(expected)


def test_of_many_points_a_share_is_looked_at(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_pairs, "LOOKED_AT", 50)
    rows, count = wrong_pairs.reporting_rows(name, SAME)
    assert len(rows) <= 50 < count == 300


def test_the_sheet_holds_all_images(name: str, run: Run) -> None:
    probe, sheet = run.record().probe, wrong_pairs.sheet(name)
    assert probe and sheet.shape[1] == probe.columns * probe.tile_width


def test_a_run_with_few_wrong_pairs_of_others_shows_more_of_the_same(name: str) -> None:
    few, many = (
        wrong_pairs.wrong_pairs(name, 20, THRESHOLD, False, protocol=SAME, worst_first=False, count=count)
        for count in (10, 400)
    )
    assert len(few) == 10 and len(many) == 400


def test_suspects_have_images_and_rows_of_the_probe_set(many: Run, name: str) -> None:
    for run in (many.folder.name, name):
        found = wrong_pairs.suspects(run, 0, 1.2)  # before anything is learned
        assert found and {one.suspect.row for one in found} <= set(range(len(runs.labels(run))))
        assert all(one.image.startswith("data:image/png") for one in found)
