"""A finished run is read as it was when it finished, or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from core.runs import seal as module
from core.runs.seal import FILE, check, seal
from core.runs.store import Store
from core.system.atomic_files import write_json
from tests.dashboard.made_runs import made_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "checkpoints").mkdir()
    for name in ("result.json", "snapshots/000001.npz", "checkpoints/one", "state.json", "entry.json", ".lock"):
        (tmp_path / name).write_text('{"as": "it was"}')
    seal(tmp_path)
    return tmp_path


def test_a_seal_names_what_a_result_stands_on(folder: Path) -> None:
    assert sorted(json.loads((folder / FILE).read_text())) == ["result.json", "snapshots/000001.npz"]


def test_what_is_as_it_was_is_read_and_hashed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(folder, "result.json")
    monkeypatch.setattr(module, "_digest", lambda path: pytest.fail("hashed again"))
    check(folder, "result.json")


@pytest.mark.parametrize("name", ["result.json", "snapshots/000001.npz"])
@pytest.mark.parametrize("place", [0, 7, -1])
def test_one_changed_bit_is_found(name: str, place: int, folder: Path) -> None:
    check(folder, name)
    content = bytearray((folder / name).read_bytes())
    content[place] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ValueError, match=f"{name} must be what it was when the run finished"):
        check(folder, name)
    with pytest.raises(ValueError, match="Restore it"):
        check(folder, name)


@pytest.mark.parametrize("eighth", range(8))
def test_so_is_a_file_that_was_cut(eighth: int, folder: Path) -> None:
    path = folder / "result.json"
    os.truncate(path, path.stat().st_size * eighth // 8)
    with pytest.raises(ValueError, match="got other bytes"):
        check(folder, "result.json")


def test_a_file_that_came_back_is_read_again(folder: Path) -> None:
    path = folder / "result.json"
    content = path.read_bytes()
    path.write_bytes(b"{}")
    with pytest.raises(ValueError, match="got other bytes"):
        check(folder, "result.json")
    path.write_bytes(content)
    check(folder, "result.json")


def test_what_readers_and_the_engine_write_later_is_not_judged(folder: Path) -> None:
    for name in ("state.json", "entry.json", "checkpoints/one", "report.html"):
        (folder / name).write_text("other")
        check(folder, name)


def test_a_run_without_a_seal_is_read_as_it_is(folder: Path) -> None:
    (folder / FILE).unlink()
    (folder / "result.json").write_text("other")
    check(folder, "result.json")


def test_a_damaged_seal_is_a_sentence(folder: Path) -> None:
    (folder / FILE).write_text("{")
    with pytest.raises(ValueError, match="must be JSON"):
        check(folder, "result.json")
    write_json(folder / FILE, {})
    check(folder, "result.json")


def test_whatever_a_run_reads_of_itself_is_checked(tmp_path: Path) -> None:
    run = made_run(Store(tmp_path).root, pulls=(0.0, 0.5))
    seal(run.folder)
    step = run.snapshots()[-1].step
    reads = {
        "run.json": run.record,
        "probe.npz": run.probe,
        "maps.jsonl": run.maps,
        "snapshots.jsonl": run.snapshots,
        f"snapshots/{step:06d}.npz": lambda: run.snapshot(step),
        "appraisal.npz": lambda: run.appraisal(step),
        "result.json": run.result,
    }
    for name, read in reads.items():
        read()
        content = (run.folder / name).read_bytes()
        (run.folder / name).write_bytes(content[:-9] + b" " + content[-8:])
        with pytest.raises(ValueError, match=f"{name} must be what it was"):
            read()
        (run.folder / name).write_bytes(content)
    assert {name for name in json.loads((run.folder / FILE).read_text()) if name not in reads} <= {
        "baselines.json", "probe.png", "steps.jsonl", *(f"snapshots/{one.step:06d}.npz" for one in run.snapshots())
    }  # fmt: skip
