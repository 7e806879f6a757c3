"""Reading what somebody brings in a process of its own, which may take so much memory and time, and whose end, whatever
the file makes of it, is a sentence for who brought it."""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from dataclasses import is_dataclass
from enum import Enum
from typing import Any

from core.jobs.measure_embeddings import Brought
from core.jobs.read_upload import Asked, Waiting, read
from core.system.environment import number_in
from core.system.locations import ROOT
from core.system.memory_limit import limit_memory

MEMORY = "METRIC_LAB_READING_MEMORY"
GIGABYTES = 4.0
SECONDS = 300.0
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# What results are made of beside classes of core that only hold values.
PLAIN = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
}


def read_apart(asked: Asked, *, seconds: float = SECONDS) -> Waiting | Brought:
    """`read` in a process of its own, of at most METRIC_LAB_READING_MEMORY gigabytes; raises ValueError as that does,
    and where the file takes more memory or time, or ends the process."""
    most, name = most_memory(), asked.names[0]
    with tempfile.TemporaryFile() as answer:
        # Into a file: what is read may be large, and this process has nobody to empty a pipe meanwhile.
        command = [sys.executable, "-m", "core.jobs.read_apart", str(int(most * 1e9))]
        environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
        pipes = {"stdout": answer, "stderr": subprocess.PIPE}
        try:
            done = subprocess.run(
                command, input=pickle.dumps(asked), **pipes, env=environment, cwd=ROOT, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise ValueError(
                f"{name} must be read within {seconds:g} seconds, got a file that takes longer. Bring fewer points, or "
                "use `python -m core verify`."
            ) from None
        answer.seek(0)
        if done.returncode:
            raise ValueError(_why_it_ended(name, done.returncode, most, done.stderr.decode(errors="replace")))
        found = _Plain(answer).load()
    if isinstance(found, str):
        raise ValueError(found)
    return found


def most_memory() -> float:
    """Gigabytes that reading a file may take; ValueError for what is no number above 0."""
    return number_in(MEMORY, GIGABYTES)


def _why_it_ended(name: str, status: int, most: float, said: str) -> str:
    if status < 0:
        said = f"it was ended by {signal.Signals(-status).name}"
    last = (said.strip().splitlines() or ["nothing was said"])[-1][:200]
    return (
        f"{name} must be readable within {most:g} GB of memory, got one whose reading ended early ({last}). Save it "
        "again, bring fewer points, or use `python -m core verify`."
    )


class _Plain(pickle.Unpickler):
    """Takes arrays and values alone: who reads an evil file may not have this process run anything for it."""

    def find_class(self, module: str, name: str) -> Any:
        """The classes of core that hold values; `PLAIN` beside them."""
        if (module, name) in PLAIN:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module.startswith("core.") and "." not in name else None
        if not isinstance(found, type) or not _holds_values(found):
            got = f"{module}.{name}"[:60]
            raise ValueError(f"what was read must be arrays and values, got {got}. Save the file again.")
        return found


def _holds_values(kind: type) -> bool:
    return issubclass(kind, Enum) or (issubclass(kind, tuple) and hasattr(kind, "_fields")) or is_dataclass(kind)


def main() -> None:
    """The process that reads: its request comes on stdin, its answer goes to stdout, a sentence where it is wrong."""
    limit_memory(int(sys.argv[1]), maps_count=True)
    asked = Asked(*pickle.load(sys.stdin.buffer))
    answer = io.BytesIO()
    try:
        pickle.dump(read(asked), answer, protocol=5)
    except ValueError as problem:
        answer = io.BytesIO(pickle.dumps(str(problem)))
    except MemoryError:
        answer = io.BytesIO(pickle.dumps(_why_it_ended(asked.names[0], 0, int(sys.argv[1]) / 1e9, "no memory left")))
    sys.stdout.buffer.write(answer.getbuffer())


if __name__ == "__main__":
    main()
