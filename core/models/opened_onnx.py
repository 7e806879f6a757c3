"""An ONNX file that a process of its own has opened: here one asks it to embed, whatever becomes of it there."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import finalize

import numpy as np

from core.models.messages import receive, send
from core.models.onnx_graph import OnnxGraph
from core.models.onnx_process import MOST_FEATURES
from core.system.environment import number_in
from core.system.locations import ROOT

MEMORY, GIGABYTES = "METRIC_LAB_MODEL_MEMORY", 3.0
SECONDS = 120.0  # for opening it, and for each answer
AT_ONCE, MOST_SENT = 64, 1 << 24  # samples that one answer is of, and their numbers
ALONE = {
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}
HOW_TO_GET = (
    "a network as ONNX must have onnxruntime installed, which Metric Lab does without, got none. Install the extra "
    "where Metric Lab runs: .venv/bin/pip install -c constraints.txt onnxruntime"
)


class OpenedOnnx:
    """Opens the file in a process that may take so much memory, has one thread, and so many seconds for each answer.

    Raises ValueError where the file is not taken or cannot be opened, and at each call where the process ends.
    """

    def __init__(self, file: Path, *, memory: int | None = None, seconds: float = SECONDS) -> None:
        if find_spec("onnxruntime") is None:
            raise ValueError(HOW_TO_GET)
        self._memory, self._seconds, self._lock = memory or most_memory(), seconds, threading.Lock()
        command = [sys.executable, "-m", "core.models.onnx_process", str(file.resolve()), str(self._memory)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | ALONE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._end = finalize(self, _end, self._process)
        try:
            self.graph = OnnxGraph.read(self._answer()[0]["graph"])
        except ValueError:
            self.close()
            raise

    def __call__(self, values: np.ndarray, *, output: str, at_once: bool = True) -> np.ndarray:
        """Samples (N, ...) float32, at least one -> what the output gives of them, (N, F) float32; `at_once` where the
        network takes several."""
        step = max(1, min(AT_ONCE, MOST_SENT // values[0].size))
        parts = [values[start : start + step] for start in range(0, len(values), step)]
        with self._lock:
            return np.concatenate([self._asked(part, {"output": output, "at_once": at_once}) for part in parts])

    def _asked(self, values: np.ndarray, told: dict[str, Any]) -> np.ndarray:
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, told, values)
        except (OSError, ValueError):  # a pipe whose other end is gone, or that was closed since
            raise ValueError(self._why_it_ended(is_late=False)) from None
        return self._answer()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._end()

    def _answer(self) -> tuple[dict[str, Any], np.ndarray]:
        process, late = self._process, threading.Event()

        def give_up() -> None:  # holds the process alone: the thread that may call it ends a little after the answer
            late.set()
            process.kill()

        patience = threading.Timer(self._seconds, give_up)
        patience.daemon = True
        patience.start()
        assert process.stdout is not None
        answer = receive(process.stdout, AT_ONCE * MOST_FEATURES)
        patience.cancel()
        if answer is None:
            self.close()
            raise ValueError(self._why_it_ended(is_late=late.is_set()))
        if "error" in answer[0]:
            raise ValueError(answer[0]["error"])
        return answer

    def _why_it_ended(self, *, is_late: bool) -> str:
        got = f"no answer within {self._seconds:g} s" if is_late else "a process that ended early"
        return (
            f"the network must run within {self._memory / 1e9:g} GB of memory ({MEMORY}) and {self._seconds:g} s, got "
            f"{got}. Take a smaller one."
        )


def most_memory() -> int:
    """Bytes that a network may take; ValueError for what is no number above 0."""
    return int(number_in(MEMORY, GIGABYTES) * 1e9)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # what was still to be sent finds nobody
                pass
    process.wait()
