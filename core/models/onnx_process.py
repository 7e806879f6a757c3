"""The process that opens an ONNX file, in limits, and embeds what it is sent: python -m core.models.onnx_process FILE

It answers on its first output with messages (messages.py): first one that says what the file holds, then one for every
array that comes in. Where something is wrong the message says so in a sentence.
"""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from core.models.messages import receive, send
from core.models.onnx_errors import refusals, what_it_says
from core.models.onnx_graph import MOST_BYTES, OnnxGraph, read_graph
from core.system.memory_limit import limit_memory

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

AT_ONCE, MOST_VALUES = 32, 1 << 22  # samples, and their numbers, that the network is given
MOST_FEATURES = 4096  # numbers of an embedding
QUIET = 4  # onnxruntime's severity for what ends the process


def main(words: list[str]) -> int:
    """Open the file, and embed until nothing more comes; the exit status."""
    file, memory = Path(words[0]), int(words[1])
    limit_memory(memory)
    answers = _answers()
    try:
        graph = graph_of(file)
        session = _opened(file)
    except (ValueError, MemoryError) as problem:
        send(answers, {"error": str(problem) or "the network must fit into the memory that there is, got too little."})
        return 1
    send(answers, {"graph": graph.written()})
    while (asked := receive(sys.stdin.buffer)) is not None:
        told, values = asked
        try:
            send(answers, {}, embedded(session, values, told))
        except ValueError as problem:
            send(answers, {"error": str(problem)})
    return 0


def graph_of(file: Path) -> OnnxGraph:
    """What the file holds. Raises ValueError for what is not taken."""
    size = file.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise ValueError(
            f"the network must be a file of 1 to {MOST_BYTES:,} bytes, got {size:,}. Take a smaller one, or float16."
        )
    with file.open("rb") as opened:
        return read_graph(memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)))


def embedded(session: InferenceSession, values: np.ndarray, told: dict[str, Any]) -> np.ndarray:
    """What the output `told` gives of samples (N, ...) float32, as (N, F) float32. Raises ValueError where it does not
    take them, or gives no row of numbers for each."""
    name, output = session.get_inputs()[0].name, told["output"]
    step = max(1, min(AT_ONCE, MOST_VALUES // values[0].size)) if told["at_once"] else 1
    rows: list[np.ndarray] = []
    for start in range(0, len(values), step):
        part = values[start : start + step]
        try:
            (found,) = session.run([output], {name: part})
        except (*refusals(), RuntimeError, ValueError) as problem:
            raise ValueError(
                f"the network must embed samples of {part.shape}, got {what_it_says(problem)}. Correct what it takes."
            ) from None
        if not isinstance(found, np.ndarray) or found.ndim < 1 or len(found) != len(part):
            shape = getattr(found, "shape", "none")
            raise ValueError(f"the output must have a row for each of {len(part)} samples, got {shape}. Take another.")
        if not 1 <= found[0].size <= MOST_FEATURES:
            raise ValueError(
                f"an embedding must be 1 to {MOST_FEATURES:,} numbers for each sample, got {found[0].size:,}. Choose "
                "another output."
            )
        rows.append(found.reshape(len(part), -1).astype(np.float32))
    return np.concatenate(rows)


def _opened(file: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = QUIET
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except (*refusals(), RuntimeError) as problem:
        raise ValueError(
            f"the file must be an ONNX model that onnxruntime {onnxruntime.__version__} opens, got "
            f"{what_it_says(problem)}. Export the network again."
        ) from None


def _answers() -> BinaryIO:
    """What was the standard output: whatever a library prints goes elsewhere from now on."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
