from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from core.runs.parts import clear, has_unclaimed, is_kept, keep, lock_of, missing, planned, results, spread


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    spread(tmp_path, ["10-20", "0-10", "rest"])
    return tmp_path


def test_the_missing_parts_are_those_without_a_result_in_order(folder: Path) -> None:
    assert planned(folder) == missing(folder) == ["10-20", "0-10", "rest"]
    keep(folder, "0-10", {"sums": np.arange(3)})
    assert missing(folder) == ["10-20", "rest"]
    assert (is_kept(folder, "0-10"), is_kept(folder, "rest")) == (True, False)


def test_a_part_is_claimed_while_somebody_makes_it_and_once_it_is_kept(folder: Path) -> None:
    keep(folder, "0-10", {"sums": np.arange(3)})
    with FileLock(lock_of(folder, "10-20")):
        assert has_unclaimed(folder)
        with FileLock(lock_of(folder, "rest")):
            assert not has_unclaimed(folder)
    assert has_unclaimed(folder), "whoever made them has died"


def test_results_come_in_the_order_of_the_plan_whatever_was_kept_first(folder: Path) -> None:
    made = {name: np.random.default_rng(number).normal(size=(2, 3)) for number, name in enumerate(planned(folder))}
    for name in ("rest", "10-20", "0-10"):
        keep(folder, name, {"sums": made[name], "count": np.array(len(name))})
    found = list(results(folder))
    assert [set(arrays) for arrays in found] == [{"sums", "count"}] * 3
    for arrays, name in zip(found, ("10-20", "0-10", "rest"), strict=True):
        np.testing.assert_array_equal(arrays["sums"], made[name])
        assert arrays["count"] == len(name)


def test_nothing_is_gathered_while_a_part_is_missing(folder: Path) -> None:
    keep(folder, "0-10", {})
    with pytest.raises(ValueError, match="got none of 10-20, rest. Make the missing parts first."):
        next(results(folder))


def test_a_result_is_whole_or_absent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(folder, "rest", {"sums": np.zeros(3)})
    assert [file.name for file in (folder / "parts").iterdir()] == ["plan.json"]
    assert "rest" in missing(folder)


def test_no_result_is_an_object_that_runs_when_read(folder: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        keep(folder, "rest", {"sums": np.array([print], dtype=object)})
    assert "rest" in missing(folder)


def test_a_run_that_is_spread_again_keeps_its_results(folder: Path) -> None:
    keep(folder, "rest", {"sums": np.ones(1)})
    spread(folder, ["0-20", "rest"])
    assert missing(folder) == ["0-20"]


@pytest.mark.parametrize("name", ["", "..", "../0-10", "a/b", "a.b", "Rest", "-1", "plan\n", "a" * 101])
def test_a_name_must_be_a_plain_word(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="the name of a part must be"):
        spread(tmp_path, ["0-10", name])
    with pytest.raises(ValueError, match="the name of a part must be"):
        lock_of(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [[], ["0-10", "0-10"]])
def test_parts_are_there_and_differ(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(ValueError, match="must be one or more of different names"):
        spread(tmp_path, names)


def test_a_part_that_nobody_planned_is_not_kept(folder: Path) -> None:
    with pytest.raises(ValueError, match="one of those the run was spread over, got '20-30'"):
        keep(folder, "20-30", {})


@pytest.mark.parametrize("plan", ["", "{", "{}", "[1]"])
def test_a_damaged_plan_is_said_so(folder: Path, plan: str) -> None:
    (folder / "parts" / "plan.json").write_text(plan)
    with pytest.raises(ValueError, match="plan.json must list the parts of the run"):
        missing(folder)


def test_what_is_cleared_is_gone_and_may_be_gone_already(folder: Path) -> None:
    keep(folder, "rest", {})
    clear(folder)
    assert list(folder.iterdir()) == []
    clear(folder)
    with pytest.raises(ValueError, match="must list the parts"):
        planned(folder)


def test_the_plan_can_be_read_by_others(folder: Path) -> None:
    assert json.loads((folder / "parts" / "plan.json").read_text()) == ["10-20", "0-10", "rest"]
    assert lock_of(folder, "rest") == folder / "parts" / "rest.lock"
