from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.admission import apart, coming
from core.admission.apart import GIGABYTES, MEMORY, Told, most_memory, take_in
from core.admission.asked import Asked
from core.datasets.admitted import data_root
from tests.core.admission.made import people, zipped
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def folder_with(asked: Asked) -> Path:
    folder = coming.new_folder()
    (folder / "request.json").write_text(json.dumps(asked.written()))
    return folder


def test_the_answer_is_the_id_and_what_was_brought_is_gone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", people())
    folder = folder_with(Asked(files=(("a.zip", str(path)),)))
    answer = take_in(folder)
    assert len(answer["data"]) == 32 and json.loads((folder / "answer.json").read_text()) == answer
    assert sorted(one.name for one in folder.iterdir()) == ["answer.json", "owner", "request.json", "status.json"]


@pytest.mark.parametrize("content", ["", "{", "{}", '{"files": 1}'])
def test_a_request_that_is_none_is_no_crash(content: str) -> None:
    folder = coming.new_folder()
    (folder / "request.json").write_text(content)
    if content in ("", "{"):
        assert take_in(folder)["message"]
    else:
        with pytest.raises((KeyError, TypeError)):
            take_in(folder)


@pytest.mark.parametrize("problem", [MemoryError(), OSError(28, "No space left on device")])
def test_memory_and_disks_that_end_are_said_so(problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(apart, "admit", fails)
    message = take_in(folder_with(Asked(data="0" * 32)))["message"]
    assert " must be readable" in message and ("memory" in message or "No space left" in message)


def test_the_status_is_not_written_too_often_and_estimates_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(apart, "monotonic", lambda: clock[0])

    def said() -> dict[str, object]:
        return json.loads((tmp_path / "status.json").read_text())

    told = Told(tmp_path)
    for share in np.linspace(0, 0.5, 1000):
        told("reading", float(share))
    assert said() == {"stage": "reading", "share": 0.0, "seconds_left": None}
    clock[0] += 0.9
    told("reading", 0.5)
    assert said() == {"stage": "reading", "share": 0.5, "seconds_left": None}, "too soon to tell"
    clock[0] += 9.1
    told("reading", 0.8)
    assert said() == {"stage": "reading", "share": 0.8, "seconds_left": pytest.approx(2.5)}
    told("checking", 0.0)
    assert said() == {"stage": "checking", "share": 0.0, "seconds_left": None}


def test_the_process_may_take_so_much_memory_and_no_more(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", embeddings=np.zeros((30_000, 3000), np.float32), labels=np.arange(30_000))
    folder = folder_with(Asked(files=(("a.npz", str(tmp_path / "a.npz")),)))
    environment = os.environ | {MEMORY: "0.3", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "core.admission.apart", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "Unable to allocate 343. MiB" in coming.look(folder.name).message


def test_it_ends_when_it_is_called_off_before_it_begins(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", people(20, 20))
    folder = folder_with(Asked(files=(("a.zip", str(path)),)))
    (folder / "cancel").touch()
    command = [sys.executable, "-m", "core.admission.apart", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=300, check=False)
    assert not folder.exists() and list(data_root().iterdir()) == [coming.root()], "nothing has been taken in"


def test_the_memory_is_a_number_above_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_memory() == GIGABYTES * 1e9
    monkeypatch.setenv(MEMORY, "none")
    with pytest.raises(ValueError, match=f"{MEMORY} must be a number above 0"):
        most_memory()
