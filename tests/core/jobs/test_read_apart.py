"""Reading apart is reading, within so much memory and time; whatever happens there is a sentence here."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.jobs import read_apart as module
from core.jobs.measure_embeddings import Upload
from core.jobs.read_apart import MEMORY, _Plain, most_memory, read_apart
from core.jobs.read_upload import Asked, Waiting, read
from core.readers.pair_list import Corrections
from tests.core.readers.fuzzed_files import SOUND

ON_THE_PAGE = Corrections(closer_otherwise="larger", failures_otherwise="refused")


def asked_of(path: Path) -> Asked:
    return Asked(path, None, (path.name, None), EUCLIDEAN, ON_THE_PAGE)


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    path = tmp_path / "faces.npz"
    np.savez(path, embeddings=np.random.default_rng(0).normal(size=(60, 4)), labels=np.arange(60) % 6)
    return path


def assert_equal(one: Any, other: Any) -> None:
    """By their fields, arrays in them too."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    elif hasattr(one, "__dataclass_fields__"):
        for field in fields(one):
            assert_equal(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            assert_equal(*pair)
    else:
        assert one == other


def test_embeddings_are_what_they_are_here(faces: Path) -> None:
    found = read_apart(asked_of(faces))
    assert isinstance(found, Upload)
    assert_equal(found, read(asked_of(faces)))
    assert found.run_id == read(asked_of(faces)).run_id  # type: ignore[union-attr]


def test_so_are_pairs(tmp_path: Path) -> None:
    files, _ = SOUND["scores"]
    ((name, content),) = files.items()
    (tmp_path / name).write_bytes(content)
    found = read_apart(asked_of(tmp_path / name))
    assert isinstance(found, Waiting)
    assert_equal(found, read(asked_of(tmp_path / name)))


def test_what_is_wrong_is_said_as_here(tmp_path: Path) -> None:
    path = tmp_path / "faces.npz"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ValueError) as here:
        read(asked_of(path))
    with pytest.raises(ValueError) as apart:
        read_apart(asked_of(path))
    assert str(apart.value) == str(here.value)


def test_more_memory_than_is_allowed_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "faces.npz"
    np.savez(path, embeddings=np.ones((400_000, 128), np.float32), labels=np.arange(400_000) % 6)
    monkeypatch.setenv(MEMORY, "0.4GB")
    with pytest.raises(ValueError, match=r"faces\.npz must be"):
        read_apart(asked_of(path))


def test_more_time_is_one(faces: Path) -> None:
    with pytest.raises(ValueError, match="faces.npz must be read within 0.01 seconds"):
        read_apart(asked_of(faces), seconds=0.01)


def test_the_end_of_the_process_is_one(faces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = SimpleNamespace(returncode=-9, stderr=b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)
    with pytest.raises(ValueError, match=r"ended early \(it was ended by SIGKILL\)"):
        read_apart(asked_of(faces))
    ended.returncode, ended.stderr = 1, b"Traceback\n  File\nRecursionError: too deep\n"
    with pytest.raises(ValueError, match=r"ended early \(RecursionError: too deep\)"):
        read_apart(asked_of(faces))


def _touch(path: str) -> None:
    raise AssertionError("it ran")


class Evil:
    def __init__(self, does: Any, *arguments: Any) -> None:
        self.does, self.arguments = does, arguments

    def __reduce__(self) -> Any:
        return self.does, self.arguments


@pytest.mark.parametrize(
    "evil",
    [Evil(os.getcwd), Evil(_touch, "x"), Evil(eval, "1"), Evil(module.most_memory), Evil(subprocess.Popen, ["true"])],
    ids=["os", "tests", "builtins", "a function of core", "a class elsewhere"],
)
def test_an_answer_runs_nothing(evil: Evil) -> None:
    with pytest.raises(ValueError, match="must be arrays and values"):
        _Plain(io.BytesIO(pickle.dumps(evil))).load()


def test_how_much_memory_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MEMORY, raising=False)
    assert most_memory() == 4
    for told in ("0", "-1", "much", "nan", "inf"):
        monkeypatch.setenv(MEMORY, told)
        with pytest.raises(ValueError, match="number above 0"):
            most_memory()
