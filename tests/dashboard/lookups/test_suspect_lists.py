"""The lists of suspects are core's, by the rows of the probe set, where a share of the points was compared, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.jobs import measure_neighbourhoods
from core.runs.run_folder import Run
from core.verification.hubs import skewness
from core.verification.label_errors import label_doubts
from dashboard.lookups import neighbourhoods, suspect_lists
from tests.dashboard.large_runs import large_run


def test_the_lists_are_those_of_core(name: str, run: Run) -> None:
    found, labels = neighbourhoods.found(name, 0), run.probe()["labels"]
    assert found is not None
    assert suspect_lists.label_errors(name, 0) == label_doubts(found.of.rows, labels)
    assert len(suspect_lists.label_errors(name, 0)) > 3
    listed, skew, orphans = suspect_lists.hubs_of(name, 0)
    assert skew == skewness(found.of.occurrences) and orphans == (found.of.occurrences == 0).sum()
    assert [one.occurrences for one in listed] == sorted((one.occurrences for one in listed), reverse=True)
    assert all(one.away == found.of.distances[one.row, -1] for one in suspect_lists.outliers_of(name, 0))


def test_rows_are_those_of_the_whole_set(own_store: None, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure_neighbourhoods, "MOST_POINTS", 60)
    run = large_run(root, 300, classes=30)
    embeddings, labels = run.snapshot(0)["embeddings"].copy(), run.probe()["labels"]
    found = neighbourhoods.found(run.folder.name, 0)
    assert found is not None and len(found.rows) == 60 and found.rows[-1] > 100
    first, second = found.rows[-2], found.rows[-1]
    embeddings[second] = embeddings[first]
    np.savez(run.folder / "snapshots" / "000000.npz", allow_pickle=False, embeddings=embeddings)
    neighbourhoods._at_once.clear()
    (pair,) = suspect_lists.copies(run.folder.name, 0)
    assert (pair.first, pair.second) == (first, second)
    assert pair.is_exact and pair.is_conflict == (labels[first] != labels[second])
