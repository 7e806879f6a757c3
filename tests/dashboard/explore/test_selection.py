"""What is selected: its counts, its images, and files that hold it all and no formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from core.runs.run_folder import Run
from dashboard.explore import selection
from dashboard.lookups import point_maps
from tests.dashboard.large_runs import large_run
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("own_store")


def test_nothing_selected_says_how(run: Run) -> None:
    app = opened("explore", run=run.folder.name)
    assert any(caption.value.startswith("Nothing is selected.") for caption in app.caption)


def test_what_a_search_finds_is_counted_by_class_with_its_images(run: Run) -> None:
    app = opened("explore", run=run.folder.name, search="7")
    rows, labels = point_maps.search(run.folder.name, "7"), run.probe()["labels"]
    table = next(text.value for text in app.markdown if text.value.startswith("| Class"))
    cells = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert {kind: int(count) for kind, count in cells} == {
        str(kind): int((labels[rows] == kind).sum()) for kind in np.unique(labels[rows])
    }
    assert f"{len(rows)} points found by the search" in [text.value for text in app.markdown]
    assert [button.label for button in app.get("download_button")] == ["CSV", "NPZ"]


def test_of_a_lasso_and_a_search_the_last_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection.st, "session_state", {})
    lasso, seven, other = [1, 2], [3], [4]
    assert selection.last_selected([], seven, "7") == seven
    assert selection.last_selected(lasso, seven, "7") == lasso, "drawn after the search"
    assert selection.last_selected(lasso, seven, "7") == lasso, "and nothing has changed since"
    assert selection.last_selected(lasso, other, "4") == other, "another search after the lasso"
    assert selection.last_selected(lasso, [], "nobody") == lasso, "which finds nothing"
    assert selection.last_selected(lasso, [], "") == lasso
    assert selection.last_selected([], [], "") == []


def test_the_files_hold_rows_names_labels_and_embeddings(run: Run) -> None:
    rows, name, labels = [3, 17, 4], run.folder.name, run.probe()["labels"]
    lines = list(csv.DictReader(io.StringIO(selection.csv_file(name, rows))))
    assert [int(line["row"]) for line in lines] == rows
    assert [line["label"] for line in lines] == [str(label) for label in labels[rows]]
    arrays = np.load(io.BytesIO(selection.npz_file(name, 20, rows)), allow_pickle=False)
    snapshot = run.snapshot(20)
    np.testing.assert_array_equal(arrays["embeddings"], snapshot["embeddings"][rows])
    np.testing.assert_array_equal(arrays["map"], snapshot["map"][rows])
    assert arrays["labels"].tolist() == [line["label"] for line in lines] and arrays["rows"].tolist() == rows


def test_no_name_is_a_formula_and_own_columns_come_along(root: Path) -> None:
    run = large_run(root, 6, class_names=("=1+1", "Otto"), point_names=("=HYPERLINK(1)", "b", "@c", "d", "e", "f"))
    probe = run.probe() | {"session": np.array([1, 2, 1, 2, 1, 2])}
    np.savez(run.folder / "probe.npz", allow_pickle=False, **probe)
    lines = list(csv.reader(io.StringIO(selection.csv_file(run.folder.name, [0, 2, 5]))))
    assert lines == [
        ["row", "name", "label", "session"],
        ["0", "'=HYPERLINK(1)", "'=1+1", "1"],
        ["2", "'@c", "'=1+1", "1"],
        ["5", "f", "Otto", "2"],
    ]


def test_more_than_can_be_shown_is_said(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "MOST_IMAGES", 5)
    monkeypatch.setattr(selection, "MOST_CLASSES", 2)
    captions = [caption.value for caption in opened("explore", run=run.folder.name, search="7").caption]
    assert f"The first 5 of {(run.probe()['labels'] == 7).sum()} images. The files hold all." in captions
    brought = large_run(root, 120, classes=12)
    captions = [caption.value for caption in opened("explore", run=brought.folder.name, search="person").caption]
    assert "The 2 largest of 12 classes." in captions and any(text.endswith(" and 80 more") for text in captions)
