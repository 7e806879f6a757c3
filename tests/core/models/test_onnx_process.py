"""The process that opens a network, asked by its own pipe."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from core.models.messages import receive, send
from core.models.onnx_process import embedded, graph_of
from core.models.opened_onnx import ALONE
from core.system.locations import ROOT
from tests.core.models.made import network, saved


def said_by(file: Path, asked: bytes = b"") -> tuple[BytesIO, int]:
    """What the process writes when it is sent this and then nothing more, and its exit status."""
    command = [sys.executable, "-m", "core.models.onnx_process", str(file), str(2_000_000_000)]
    done = subprocess.run(command, input=asked, capture_output=True, cwd=ROOT, env=ALONE, timeout=60, check=False)
    return BytesIO(done.stdout), done.returncode


def test_it_says_what_the_file_holds_answers_and_ends_with_its_input(tmp_path: Path) -> None:
    asked = BytesIO()
    send(asked, {"output": "embedding", "at_once": True}, np.ones((2, 3, 6, 5), np.float32))
    answers, status = said_by(saved(network(), tmp_path / "a.onnx"), asked.getvalue())
    first, second = receive(answers), receive(answers)
    assert first is not None and first[0]["graph"]["operators"] == {"Flatten": 1, "MatMul": 1}
    assert second is not None and second[1].shape == (2, 4) and receive(answers) is None and status == 0


def test_what_is_wrong_is_its_only_answer(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"PK\x03\x04")
    answers, status = said_by(tmp_path / "a.onnx")
    answer = receive(answers)
    assert answer is not None and "got a zip archive" in answer[0]["error"] and status == 1


def test_a_file_of_another_size_than_is_taken_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(network(), tmp_path / "a.onnx")
    assert graph_of(file).weights == 360
    monkeypatch.setattr("core.models.onnx_process.MOST_BYTES", 10)
    with pytest.raises(ValueError, match="must be a file of 1 to 10 bytes, got"):
        graph_of(file)


def test_an_output_without_a_row_for_each_sample_is_refused() -> None:
    class Session:
        """Gives one row whatever comes."""

        def get_inputs(self) -> list[object]:
            return [type("Input", (), {"name": "x"})]

        def run(self, outputs: list[str], fed: dict[str, np.ndarray]) -> list[np.ndarray]:
            return [np.zeros((1, 4), np.float32)]

    told = {"output": "y", "at_once": True}
    assert embedded(Session(), np.zeros((1, 2), np.float32), told).shape == (1, 4)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"must have a row for each of 2 samples, got \(1, 4\)"):
        embedded(Session(), np.zeros((2, 2), np.float32), told)  # type: ignore[arg-type]
    told["at_once"] = False
    assert embedded(Session(), np.zeros((2, 2), np.float32), told).shape == (2, 4)  # type: ignore[arg-type]
