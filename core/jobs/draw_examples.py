"""Examples of what a training does to its images, drawn by a process that stays for the next ones: `python -m
core.jobs.draw_examples`.

What: one request a line, each a JSON object that names the file in which the answer comes to lie. Why a process that
stays: pages must not load torch, and loading it takes seconds that nobody should wait for at every setting they type.
Refused: a job of the engine, which would wait behind the trainings whose settings one is still choosing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.images import Images
from core.experiment.experiment import Experiment
from core.jobs.read_apart import ONE_THREAD
from core.lazy import torch
from core.runs.run_folder import UNREADABLE
from core.system.atomic_files import write_bytes
from core.system.locations import ROOT

VERSION = 1  # of what is kept
ACROSS, DRAWS = 6, 3  # images of so many identities, each drawn so often
FAMILIES = ("dataset", "split", "augmentation")
IDLE_SECONDS = 120.0  # without a request, after which the process ends
MOST_KEPT = 200  # files in the store
HOME = "examples"


def shown_rows(experiment: Experiment) -> np.ndarray:
    """(R,) rows of the first training image of each of up to ACROSS identities at equal steps among those that are
    trained on. Raises ValueError where the data cannot be split so."""
    rows = experiment.split.split_of(experiment.dataset).training_rows
    _, firsts = np.unique(experiment.dataset.labels()[rows], return_index=True)
    steps = np.linspace(0, len(firsts) - 1, min(ACROSS, len(firsts))).round().astype(np.int64)
    return rows[firsts[steps]]


def untouched(experiment: Experiment) -> np.ndarray:
    """(R, H, W) or (R, H, W, 3) uint8: the images of `shown_rows` as they are. Raises ValueError for vectors."""
    images = experiment.dataset.load()
    if not isinstance(images, Images):
        raise ValueError(
            f"examples must be of images, got {type(images).__name__.lower()}. Choose data that have pixels."
        )
    return images.pixels[shown_rows(experiment)]


def drawn(experiment: Experiment, number: int) -> np.ndarray:
    """(DRAWS, R, H, W) or (DRAWS, R, H, W, 3) uint8: the same images as training takes them, by the draws of this
    number."""
    from core.training.random_moves import moved
    from core.training.scaling import as_tensor

    pixels = untouched(experiment)
    images, generator = as_tensor(pixels), torch.Generator().manual_seed(number)
    found = []
    for _ in range(DRAWS):
        changed = experiment.augmentation(moved(images, experiment.schedule, generator), generator)
        found.append((255 * changed).round().to(torch.uint8).permute(0, 2, 3, 1).numpy().reshape(pixels.shape))
    return np.stack(found)


def kept_at(root: Path, experiment: Experiment, number: int) -> Path:
    """Where the store at `root` keeps draws: the name changes with everything that has a say in them."""
    name = hashlib.sha256(json.dumps([VERSION, number, _asked(experiment)], sort_keys=True).encode()).hexdigest()
    return root / HOME / f"{name[:32]}.npz"


def kept(path: Path) -> np.ndarray | None:
    """What is kept there; None where nothing is, or nothing that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return arrays["drawn"]
    except (FileNotFoundError, *UNREADABLE):
        return None


def problem_at(path: Path) -> str:
    """Why nothing will be kept there; empty while nobody knows of a reason."""
    try:
        return path.with_suffix(".problem").read_text(encoding="utf-8")
    except OSError:
        return ""


class Drawer:
    """The process that draws for one server, started at its first request, and anew where it has ended meanwhile. It
    ends by itself once it is not asked any more, and with the process that has started it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, experiment: Experiment, number: int, path: Path) -> subprocess.Popen[bytes]:
        """Have draws made and kept at `path`; the process that does it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".problem").unlink(missing_ok=True)
        line = json.dumps({"path": str(path.absolute()), "number": number, "experiment": _asked(experiment)})
        with self._lock:
            for _ in range(2):  # it may end between the look at it and the request
                process = self._living()
                assert process.stdin is not None, "it is started with a pipe"
                try:
                    process.stdin.write(line.encode() + b"\n")  # shorter than what a pipe takes at once
                    break
                except BrokenPipeError:
                    process.wait()
        return process

    def close(self) -> None:
        """End the process once it has drawn what it was asked for."""
        with self._lock:
            if self._process is not None:
                _let_go(self._process)
                self._process = None

    def _living(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            if self._process is not None:
                _let_go(self._process)
            command = [sys.executable, "-m", "core.jobs.draw_examples"]
            environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
            pipes: dict[str, Any] = {
                "stdin": subprocess.PIPE,
                "stdout": subprocess.DEVNULL,
                "stderr": subprocess.DEVNULL,
            }
            self._process = subprocess.Popen(command, env=environment, cwd=ROOT, bufsize=0, **pipes)
        return self._process


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe, at the end of which the process ends, and wait for that."""
    assert process.stdin is not None, "it is started with a pipe"
    process.stdin.close()
    process.wait()


def answer(line: str) -> None:
    """Draw what a request asks for and keep it, or why that cannot be."""
    asked = json.loads(line)
    path = Path(asked["path"])
    try:
        content = io.BytesIO()
        np.savez_compressed(
            content, allow_pickle=False, drawn=drawn(Experiment.from_described(asked["experiment"]), asked["number"])
        )
        write_bytes(path, content.getvalue())
    except (ValueError, OSError) as problem:
        write_bytes(path.with_suffix(".problem"), str(problem).encode())
    with suppress(OSError):  # another server's process may be at it, too
        _sweep(path.parent)


def _sweep(folder: Path) -> None:
    """Remove the oldest answers beyond MOST_KEPT."""
    files = [*folder.glob("*.npz"), *folder.glob("*.problem")]
    for file in sorted(files, key=lambda file: file.stat().st_mtime)[:-MOST_KEPT]:
        file.unlink(missing_ok=True)


def main() -> None:
    """Answer requests until there are none for long, or nobody is left to ask."""
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    # Read beside the work: a full pipe would hold up a page while torch is loaded.
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    torch.set_num_threads(1)
    while True:
        try:
            line = requests.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            return
        if not line:
            return
        answer(line)


def _read(requests: queue.SimpleQueue[str]) -> None:
    """Queue the lines that come in, and an empty one at the end."""
    for line in sys.stdin:
        requests.put(line)
    requests.put("")


def _asked(experiment: Experiment) -> dict[str, Any]:
    """What of an experiment has a say in its draws, as `Experiment.from_described` takes it."""
    described, schedule = experiment.described(), experiment.schedule
    moves = {"kind": schedule.name, "shift": schedule.shift, "mirror": schedule.mirror}
    return {family: described[family] for family in FAMILIES} | {"schedule": moves}


if __name__ == "__main__":
    main()
