"""Every colour has a value for each point, told from what the snapshot says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.runs.run_folder import Run
from dashboard.lookups import neighbourhoods, point_colours
from dashboard.lookups.point_colours import CLASS, CORRECT, HUBS, LABEL_ERRORS, LOST, MOVED, OUTLIERS
from tests.dashboard.large_runs import large_run


def test_a_class_has_its_name(name: str, run: Run) -> None:
    found = point_colours.colouring(name, 20, CLASS, 0)
    assert found is not None and (found.values == run.probe()["labels"]).all() and found.names[3] == "3"


def test_right_and_wrong_are_those_of_the_nearest(name: str, run: Run) -> None:
    found, near = point_colours.colouring(name, 0, CORRECT, 0), neighbourhoods.found(name, 0)
    labels = run.probe()["labels"]
    assert found is not None and near is not None
    assert ((found.values == 0) == (labels[near.of.rows[:, 0]] == labels)).all()
    assert 0 < (found.values == 1).sum() < 150


@pytest.mark.parametrize("by", [LABEL_ERRORS, HUBS, OUTLIERS, LOST, MOVED])
def test_numbers_are_known_for_every_point(name: str, by: str) -> None:
    found = point_colours.colouring(name, 0 if by == LABEL_ERRORS else 20, by, 0)
    assert found is not None and not found.names and np.isfinite(found.values).all()
    assert len(np.unique(found.values)) > 3


def test_nothing_has_moved_since_the_first_snapshot_at_the_first(name: str) -> None:
    found = point_colours.colouring(name, 0, MOVED, 0)
    assert found is not None and (found.values == 0).all()


def test_what_waits_for_neighbourhoods_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbourhoods, "found", lambda name, step: None)
    assert point_colours.colouring(name, 20, HUBS, 0) is None
    assert point_colours.colouring(name, 20, CLASS, 0) is not None


def test_a_column_of_the_reader_is_offered(own_store: None, root: Path) -> None:
    run = large_run(root, 60, classes=6)
    probe = run.probe() | {"session": np.array(["night", "day"] * 30), "age": np.linspace(0, 1, 60)}
    np.savez(run.folder / "probe.npz", allow_pickle=False, **probe)
    name = run.folder.name
    assert point_colours.own_columns(name) == ["session", "age"]
    assert point_colours.offered(name, 1)[-2:] == ["column:session", "column:age"]
    assert MOVED not in point_colours.offered(name, 1) and MOVED in point_colours.offered(name, 2)
    session, age = (point_colours.colouring(name, 0, f"column:{column}", 0) for column in ("session", "age"))
    assert session is not None and session.names == ("day", "night") and session.values[:2].tolist() == [1, 0]
    assert age is not None and not age.names and age.values[-1] == 1


def test_points_that_were_left_out_have_no_number(own_store: None, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.jobs import measure_neighbourhoods

    monkeypatch.setattr(measure_neighbourhoods, "MOST_POINTS", 40)
    run = large_run(root, 120, classes=12)
    hubs, right = (point_colours.colouring(run.folder.name, 0, by, 0) for by in (HUBS, CORRECT))
    assert hubs is not None and np.isnan(hubs.values).sum() == 80
    assert right is not None and (right.values == 2).sum() >= 80
