from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.admission import coming
from core.admission.asked import Asked
from core.admission.coming import COMING, DONE, FAILED, GONE, Status
from core.datasets.admitted import data_root, folder_of, read_card
from tests.core.admission.made import people, zipped


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def waited_for(token: str, seconds: float = 60) -> Status:
    until = time.monotonic() + seconds
    while (status := coming.look(token)).state == COMING:
        assert time.monotonic() < until
        time.sleep(0.05)
    return status


def test_a_process_takes_in_what_is_asked_for_and_leaves_the_set_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", people())
    folder = coming.new_folder()
    assert coming.look(folder.name) == Status(GONE), "nothing is asked for yet"
    coming.start(Asked(files=(("a.zip", str(path)),)), folder).wait()
    status = waited_for(folder.name)
    assert status.state == DONE and read_card(folder_of(status.data)).count == 6
    assert not (folder / "scratch").exists() and not (folder / "files").exists()
    coming.forget(folder.name)
    assert coming.look(folder.name).state == GONE and list(coming.root().iterdir()) == []


def test_what_is_wrong_is_said_with_the_mend_that_would_help(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", embeddings=np.full((3, 2), np.nan), labels=[0, 1, 1])
    folder = coming.new_folder()
    coming.start(Asked(files=(("a.npz", str(tmp_path / "a.npz")),)), folder).wait()
    status = waited_for(folder.name)
    assert status.state == FAILED and status.mend == "drop-not-finite" and "must be finite" in status.message
    assert (folder / "files").exists(), "they are wanted once more"


def slow(tmp_path: Path) -> Path:
    """What takes some seconds: many images, each of many pixels."""
    from tests.core.admission.made import png

    content = png(size=(4000, 4000))
    return zipped(tmp_path / "slow.zip", [(f"p{number % 9}/{number}.png", content) for number in range(300)])


def test_it_can_be_called_off_and_then_leaves_nothing(tmp_path: Path) -> None:
    folder = coming.new_folder()
    process = coming.start(Asked(files=(("slow.zip", str(slow(tmp_path))),)), folder)
    until = time.monotonic() + 60
    while (status := coming.look(folder.name)).seconds_left is None:  # for a moment too little is done to tell
        assert time.monotonic() < until, status
        time.sleep(0.05)
    assert status.state == COMING and status.stage == "reading" and status.share > 0
    others = psutil.Process(process.pid).children(recursive=True)
    coming.cancel(folder.name)
    assert process.wait(60) != 0
    assert list(coming.root().iterdir()) == [] and list(data_root().iterdir()) == [coming.root()]
    assert coming.look(folder.name).state == GONE
    psutil.wait_procs(others, timeout=60)
    assert not any(other.is_running() and other.status() != psutil.STATUS_ZOMBIE for other in others)


def test_a_process_that_is_killed_is_seen_and_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = coming.new_folder()
    process = coming.start(Asked(files=(("slow.zip", str(slow(tmp_path))),)), folder)
    until = time.monotonic() + 60
    while coming.look(folder.name).share == 0:
        assert time.monotonic() < until
        time.sleep(0.05)
    process.kill()
    process.wait()
    status = waited_for(folder.name)
    assert status.state == FAILED and "whose reading ended early" in status.message
    coming.sweep()
    assert folder.exists(), "somebody may still want to know"
    monkeypatch.setattr(coming, "KEPT_SECONDS", 0.0)
    coming.sweep()
    assert not folder.exists()


def test_sets_that_were_never_finished_are_swept_and_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, broken = data_root() / ("a" * 32), data_root() / ("b" * 32)
    for folder in (whole, broken):
        folder.mkdir(parents=True)
        (folder / "samples.npy").write_bytes(b"x")
    (whole / "data.json").write_text("{}")
    coming.sweep()
    assert broken.exists()
    old = time.time() - 2 * coming.KEPT_SECONDS
    os.utime(broken, (old, old))
    coming.sweep()
    assert whole.exists() and not broken.exists()


@pytest.mark.parametrize("token", ["", "..", "../../etc", "A" * 32, "0" * 31])
def test_what_is_no_token_leads_nowhere(token: str) -> None:
    for what in (coming.look, coming.cancel, coming.forget):
        with pytest.raises(ValueError, match="the token must be 32 hexadecimal characters"):
            what(token)


def test_a_damaged_status_is_none() -> None:
    folder = coming.new_folder()
    (folder / "request.json").write_text("{}")
    (folder / "status.json").write_text('{"stage": "chec')
    assert coming.look(folder.name) == Status(COMING)
    (folder / "answer.json").write_text(json.dumps({"data": "", "message": "so", "mend": ""}))
    assert coming.look(folder.name).message == "so"


def test_who_has_asked_finds_it_again_and_nobody_else() -> None:
    first, second, other = coming.new_folder("ada"), coming.new_folder("ada"), coming.new_folder("bob")
    assert coming.last_of("ada") == "", "nothing is asked for yet"
    for number, folder in enumerate((first, second, other)):
        (folder / "request.json").write_text("{}")
        os.utime(folder, (number, number))
    first.with_name(f"{first.name}.gone").mkdir()
    assert coming.last_of("ada") == second.name and coming.last_of("bob") == other.name
    assert coming.last_of("") == "" and coming.owner_of(first) == "ada"
    coming.forget(second.name)
    assert coming.last_of("ada") == first.name and coming.owner_of(second) is None


def test_the_same_files_are_asked_for_once_more_with_a_mend(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(4, 2))
    values[1] = np.nan
    np.savez(tmp_path / "a.npz", embeddings=values, labels=[0, 0, 1, 1])
    folder = coming.new_folder()
    coming.start(Asked(files=(("a.npz", str(tmp_path / "a.npz")),)), folder).wait()
    assert coming.look(folder.name).mend == "drop-not-finite"
    coming.again(folder.name, "drop-not-finite").wait()
    assert read_card(folder_of(waited_for(folder.name).data)).count == 3
    coming.forget(folder.name)
    with pytest.raises(ValueError, match="the files must still be here, got none"):
        coming.again(folder.name, "drop-not-finite")
