"""An export in a process of its own: it is made once, said how far it is, cancelled, and swept away."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psutil
import pytest
from filelock import FileLock

from core.jobs import export_apart
from core.jobs.export_apart import (
    ARCHIVE,
    Spoken,
    Standing,
    begin,
    begin_comparison,
    cancel,
    folder_of,
    key_of,
    key_of_comparison,
    make,
    make_comparison,
    standing,
)
from tests.core.taken_home import trained_run
from tests.dashboard.compared_strategies import compared

SECONDS = 120


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))


def card() -> dict[str, Any]:
    run = trained_run()
    return {"run": run.record().id, "step": run.snapshots()[-1].step, "date": "2026-01-31"}


def asked(kind: str) -> Path:
    begin(trained_run(), kind, card())
    return folder_of(key_of(trained_run(), kind, card()))


def held() -> FileLock:
    """Meanwhile no export can be made, as where another one is: none ends before it was looked at."""
    lock = folder_of(".lock")
    lock.parent.mkdir(exist_ok=True)
    return FileLock(lock)


def until(folder: Path, reached: Callable[[Standing], bool]) -> Standing:
    end = time.monotonic() + SECONDS
    while not reached(stands := standing(folder)):
        assert time.monotonic() < end, stands
        time.sleep(0.05)
    return stands


def test_nobody_has_asked_for_it(tmp_path: Path) -> None:
    assert standing(tmp_path / "exports" / "none") == Standing()


def test_an_export_is_made_and_kept_for_whoever_asks_next() -> None:
    with held():
        folder = asked("npz")
        assert standing(folder).doing
    stands = until(folder, lambda stands: not stands.doing)
    assert stands == Standing(archive=folder / ARCHIVE), stands
    with ZipFile(folder / ARCHIVE) as archive:
        assert archive.namelist() == ["embeddings.npz"]
    assert not [file for file in folder.iterdir() if file.is_dir()], "nothing half made stays"


def test_a_run_folder_is_one_zip_and_none_within_another() -> None:
    folder = asked("zip")
    stands = until(folder, lambda stands: not stands.doing)
    assert stands.archive is not None
    with ZipFile(stands.archive) as archive:
        assert f"{trained_run().record().id}/run.json" in archive.namelist()


def test_what_cannot_be_exported_says_why() -> None:
    card_of_another = card() | {"run": "0" * 32}
    begin(trained_run(), "npz", card_of_another)
    folder = folder_of(key_of(trained_run(), "npz", card_of_another))
    stands = until(folder, lambda stands: not stands.doing)
    assert stands.archive is None and "the card must be of a snapshot of the run" in stands.problem


def test_a_cancelled_export_is_gone_with_its_process() -> None:
    with held():
        folder = asked("onnx")
        process = psutil.Process(json.loads((folder / "process.json").read_text())["pid"])
        cancel(folder)
    psutil.wait_procs([process], timeout=60)
    assert not process.is_running() and not folder.exists() and standing(folder) == Standing()
    cancel(folder)  # once more does nothing


def test_a_process_that_died_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with held():
        folder = asked("onnx")
        process = psutil.Process(json.loads((folder / "process.json").read_text())["pid"])
        process.kill()
    stands = until(folder, lambda stands: not stands.doing)
    assert "got a process that ended early" in stands.problem


def test_the_number_of_another_process_is_not_taken_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "exports" / "a"
    folder.mkdir(parents=True)
    told = {"pid": os.getpid(), "created": 1.0, "since": 1.0}
    (folder / "process.json").write_text(json.dumps(told))
    assert "ended early" in standing(folder).problem
    cancel(folder)  # would end the tests
    assert not folder.exists()


def test_the_key_is_of_run_kind_and_threshold_but_not_of_the_day() -> None:
    run = trained_run()
    assert key_of(run, "npz", card()) == key_of(run, "npz", card() | {"date": "2027-01-01"})
    others = [key_of(run, "zip", card()), key_of(run, "npz", card() | {"threshold": 1.0})]
    assert len({key_of(run, "npz", card()), *others}) == 3


def test_an_export_under_way_is_not_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_apart.subprocess, "Popen", lambda *words, **more: pytest.fail("begun again"))
    folder = folder_of(key_of(trained_run(), "npz", card()))
    folder.mkdir(parents=True)  # somebody has begun, and has not yet said whose process it is
    begin(trained_run(), "npz", card())
    assert standing(folder).doing == "starting"


def test_many_at_a_time_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_apart, "MOST", 2)
    for name in ("aa", "bb"):
        folder_of(name).mkdir(parents=True)  # begun just now
    with pytest.raises(ValueError, match="at most 2 exports may be under way, got 2. Wait until one has ended"):
        begin(trained_run(), "npz", card())


def test_what_is_left_out_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.handover.projector_files.LARGEST_SPRITE", 50)
    (tmp_path / "exports" / "a").mkdir(parents=True)
    (tmp_path / "exports" / "a" / "card.json").write_text(json.dumps(card()))
    turns: list[int] = []
    make(tmp_path / "exports" / "a", trained_run().folder, "projector", lambda: turns.append(1))
    assert turns == [1]
    with ZipFile(tmp_path / "exports" / "a" / ARCHIVE) as archive:
        assert b"sprite.png is left out" in archive.read("left_out.txt")


def test_exports_of_the_day_before_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = tmp_path / "exports" / "aa", tmp_path / "exports" / "bb"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (time.time() - 90_000,) * 2)
    begin(trained_run(), "npz", card())
    folder = folder_of(key_of(trained_run(), "npz", card()))
    assert not old.exists() and new.exists()
    until(folder, lambda stands: not stands.doing)


def test_a_comparison_is_made_apart_too(tmp_path: Path) -> None:
    comparison = compared(tmp_path)
    every = list(comparison.members)
    begin_comparison(comparison, "csv", every)
    folder = folder_of(key_of_comparison(comparison, "csv", every))
    stands = until(folder, lambda stands: not stands.doing)
    assert stands.archive is not None, stands
    with ZipFile(stands.archive) as archive:
        assert archive.namelist() == ["curves.csv", "differences.csv", "levels.csv"]
    keys = {key_of_comparison(comparison, kind, runs) for kind in ("csv", "html") for runs in (every[:2], every)}
    assert len(keys) == 4


def test_the_page_of_a_comparison_is_made_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    comparison, phrases = compared(tmp_path), tmp_path / "phrases.toml"
    phrases.write_text('"How it was made" = "如何得出"', encoding="utf-8")
    every, spoken = list(comparison.members), Spoken("zh", (phrases,))
    begin_comparison(comparison, "html", every, spoken)
    stands = until(folder_of(key_of_comparison(comparison, "html", every, spoken)), lambda stands: not stands.doing)
    assert stands.archive is not None, stands
    with ZipFile(stands.archive) as archive:
        page = archive.read("report.html").decode()
    assert '<html lang="zh">' in page and "<h2>如何得出</h2>" in page
    assert key_of_comparison(comparison, "html", every) != key_of_comparison(comparison, "html", every, spoken)


def test_of_a_comparison_only_the_runs_that_count_are_in_it(tmp_path: Path) -> None:
    comparison = compared(tmp_path)
    counted = [run_id for run_id in comparison.members if run_id != comparison.runs_of("random")[1]]
    begin_comparison(comparison, "csv", counted)
    stands = until(folder_of(key_of_comparison(comparison, "csv", counted)), lambda stands: not stands.doing)
    assert stands.archive is not None, stands
    with ZipFile(stands.archive) as archive:
        curves = archive.read("curves.csv").decode()
    assert [run_id in curves for run_id in comparison.members] == [run_id in counted for run_id in comparison.members]


def test_a_comparison_without_its_runs_says_why(tmp_path: Path) -> None:
    comparison = compared(tmp_path, trained=1, is_measured=False)
    folder = folder_of(key_of_comparison(comparison, "csv", []))
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(json.dumps({"runs": list(comparison.members)}))
    make_comparison(folder, comparison.id, "csv")
    assert "two strategies that are trained from one seed" in standing(folder).problem
