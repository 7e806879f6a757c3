from __future__ import annotations

import hashlib
import io
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

from core.runs import checkpoints
from core.runs.checkpoints import (
    Healthy,
    checkpoint_at,
    checkpoint_bytes,
    checkpoint_digest,
    healthy_path,
    keep_healthy,
    kept_steps,
    last_checkpoint,
    last_healthy,
    save_checkpoint,
)


def state(number: int) -> dict[str, Any]:
    return {
        "weights": torch.arange(20.0) * number,
        "generator": torch.Generator().manual_seed(number).get_state(),
        "nested": {"list": [1, 2.5, None, "text"], "rate": 0.1},
    }


def assert_is(found: tuple[int, dict[str, Any]] | None, number: int) -> None:
    assert found is not None and found[0] == number
    expected = state(number)
    assert torch.equal(found[1]["weights"], expected["weights"])
    assert torch.equal(found[1]["generator"], expected["generator"])
    assert found[1]["nested"] == expected["nested"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three checkpoints were written, after 10, 20 and 30 updates."""
    for step in (10, 20, 30):
        save_checkpoint(tmp_path, step, state(step))
    return tmp_path


def test_a_folder_without_checkpoints_has_none(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    assert last_checkpoint(tmp_path / "missing") is None


def test_the_newest_is_read_back_as_it_was(folder: Path) -> None:
    assert_is(last_checkpoint(folder), 30)


def test_every_checkpoint_that_is_kept_is_found_by_its_step(folder: Path) -> None:
    keep_healthy(folder, 30, 3.0)
    for step in (40, 50):
        save_checkpoint(folder, step, state(step))
    assert kept_steps(folder) == [30, 40, 50] and kept_steps(folder / "missing") == []
    for step in (30, 40, 50):
        found = checkpoint_at(folder, step)
        assert found is not None
        assert_is((step, {**found}), step)
    assert checkpoint_at(folder, 20) is None


def test_a_checkpoint_of_other_bytes_is_not_found(folder: Path) -> None:
    path = folder / "000030.pt"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert checkpoint_at(folder, 30) is None and checkpoint_at(folder, 20) is not None
    path.unlink()
    assert checkpoint_at(folder, 30) is None


def test_the_digest_is_that_of_the_checkpoint_of_the_step(folder: Path) -> None:
    for step in (20, 30):
        content = (folder / f"{step:06d}.pt").read_bytes()
        assert checkpoint_digest(folder, step) == hashlib.sha256(content).hexdigest()
    assert checkpoint_digest(folder, 20) != checkpoint_digest(folder, 30)
    assert checkpoint_digest(folder, 10) == checkpoint_digest(folder, 25) == ""
    assert checkpoint_digest(folder / "missing", 30) == ""


def test_the_digest_of_the_last_healthy_one_outlives_its_place_among_the_newest(folder: Path) -> None:
    keep_healthy(folder, 30, 3.0)
    digest = checkpoint_digest(folder, 30)
    for step in (40, 50):
        save_checkpoint(folder, step, state(step))
    assert not (folder / "000030.pt").exists()
    assert checkpoint_digest(folder, 30) == digest == digest_of(last_healthy(folder), folder)


def test_the_last_two_are_kept_and_nothing_else(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == ["000020.pt", "000030.pt", "manifest.json"]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_one_falls_back_to_the_one_before(folder: Path, share: float) -> None:
    content = (folder / "000030.pt").read_bytes()
    (folder / "000030.pt").write_bytes(content[: int(len(content) * share)])
    assert_is(last_checkpoint(folder), 20)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.999])
def test_a_flipped_bit_falls_back_to_the_one_before(folder: Path, share: float) -> None:
    content = bytearray((folder / "000030.pt").read_bytes())
    content[int(len(content) * share)] ^= 1
    (folder / "000030.pt").write_bytes(content)
    assert_is(last_checkpoint(folder), 20)


def test_a_missing_one_falls_back_to_the_one_before(folder: Path) -> None:
    (folder / "000030.pt").unlink()
    assert_is(last_checkpoint(folder), 20)


def test_when_none_is_whole_there_is_none(folder: Path) -> None:
    for name in ("000020.pt", "000030.pt"):
        (folder / name).write_bytes(b"half")
    assert last_checkpoint(folder) is None


def test_writing_goes_on_after_a_damaged_one(folder: Path) -> None:
    (folder / "000030.pt").write_bytes(b"half")
    save_checkpoint(folder, 25, state(25))
    assert_is(last_checkpoint(folder), 25)
    save_checkpoint(folder, 30, state(30))
    assert_is(last_checkpoint(folder), 30)
    (folder / "000030.pt").write_bytes(b"half")
    assert_is(last_checkpoint(folder), 25)


def test_the_same_step_again_replaces_its_checkpoint(folder: Path) -> None:
    save_checkpoint(folder, 30, state(30))
    assert_is(last_checkpoint(folder), 30)
    assert [entry["step"] for entry in json.loads((folder / "manifest.json").read_text())] == [20, 30]


@pytest.mark.parametrize("content", ["", "[{", "null", "[1]", '[{"file": "000030.pt"}]', '{"step": 30}', "\x00\x00"])
def test_a_damaged_manifest_means_no_checkpoint_and_not_a_crash(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content)
    assert last_checkpoint(folder) is None
    save_checkpoint(folder, 40, state(40))
    assert_is(last_checkpoint(folder), 40)


def test_a_write_that_fails_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(folder, 40, state(40))
    monkeypatch.undo()
    assert_is(last_checkpoint(folder), 30)
    assert sorted(file.name for file in folder.iterdir()) == ["000020.pt", "000030.pt", "manifest.json"]


def test_code_in_a_checkpoint_is_not_run(folder: Path) -> None:
    """Run folders are passed around: only tensors and plain values are read, also where the digest fits."""

    class Intruder:
        def __reduce__(self) -> Any:
            return (Path.touch, (folder / "touched",))

    content = io.BytesIO()
    torch.save(Intruder(), content)
    (folder / "000030.pt").write_bytes(content.getvalue())
    entry = {"file": "000030.pt", "step": 30, "sha256": hashlib.sha256(content.getvalue()).hexdigest(), "records": {}}
    (folder / "manifest.json").write_text(json.dumps([entry]))
    with pytest.raises(pickle.UnpicklingError):
        last_checkpoint(folder)
    assert not (folder / "touched").exists()


def digest_of(healthy: Healthy | None, folder: Path) -> str:
    assert healthy
    return hashlib.sha256(healthy_path(folder, healthy).read_bytes()).hexdigest()


def test_a_note_on_the_healthy_checkpoint_is_never_of_another_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or a kill may come between the checkpoint and what says so."""
    keep_healthy(folder, 30, 3.0)
    save_checkpoint(folder, 40, state(40))

    def fails(*arguments: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "write_json", fails)
        with pytest.raises(OSError, match="No space"):
            keep_healthy(folder, 40, 4.0)
    healthy = last_healthy(folder)
    assert healthy and healthy["step"] == 30 and digest_of(healthy, folder) == healthy["sha256"]
    for step in (40, 50):
        save_checkpoint(folder, step, state(step))
        keep_healthy(folder, step, step / 10)
    assert sorted(file.name for file in folder.glob("healthy*.pt")) == ["healthy-000040.pt", "healthy-000050.pt"]


def test_a_healthy_checkpoint_of_an_earlier_version_is_found(folder: Path) -> None:
    keep_healthy(folder, 30, 3.0)
    (folder / "healthy-000030.pt").rename(folder / "healthy.pt")
    healthy = last_healthy(folder)
    assert healthy and digest_of(healthy, folder) == healthy["sha256"]
    save_checkpoint(folder, 40, state(40))
    keep_healthy(folder, 40, 4.0)
    assert healthy_path(folder, healthy).name == "healthy.pt", "for whoever forks just now"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"step": 3}'])
def test_a_damaged_note_on_the_healthy_checkpoint_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "healthy.json").write_text(content)
    assert last_healthy(tmp_path) is None and checkpoint_digest(tmp_path, 3) == ""


def test_its_bytes_are_those_that_were_written(folder: Path) -> None:
    assert checkpoint_bytes(folder, 20) == (folder / "000020.pt").read_bytes()
    (folder / "000020.pt").write_bytes(b"another")
    assert checkpoint_bytes(folder, 20) is None and checkpoint_bytes(folder, 10) is None
