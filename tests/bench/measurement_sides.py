"""One task of a build, measured: `python measurement_sides.py TASK` in the folder of this build or of an earlier one.

Prints seconds, and where it says so the most memory of all its processes in MB. Nothing of the tests is imported, since
the earlier build does not have it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np

LOOK_SECONDS = 0.2


def faces(points: int, dimension: int, identities: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of unit length around their identities, float32."""
    generator = np.random.default_rng(0)
    labels = np.arange(points) % identities
    found = generator.normal(size=(identities, dimension))[labels] + generator.normal(size=(points, dimension))
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found.astype(np.float32), labels


def snapshot() -> dict[str, float]:
    """Statistics and appraisal of a last snapshot, for 10 classes and for 100, one thread each."""
    once = {count: _snapshot_of(*faces(2000, 64, count)) for count in (10, 100)}
    for work in once.values():
        work()
    seconds = []
    for _ in range(5):
        start = time.process_time()
        for work in once.values():
            work()
        seconds.append(time.process_time() - start)
    return {"seconds": float(np.median(seconds))}


def _snapshot_of(embeddings: np.ndarray, labels: np.ndarray) -> Callable[[], None]:
    try:
        from core.measurement.measurement import Measurement
        from core.statistics.summary import Prepared
    except ImportError:
        from core.thresholds.appraisal import appraise, deepened

        from core.statistics import summarise

        def work() -> None:
            found = summarise(embeddings, labels, margin=0.2)
            edges = getattr(found, "thresholds", found.edges)
            deepened(appraise(embeddings, labels, edges), embeddings, labels, edges)
    else:

        def work() -> None:
            measurement = Measurement(Prepared(embeddings, labels, 0.2))
            whole = measurement.whole()
            measurement.statistics(whole), measurement.appraisal(whole, with_folds=False)
            measurement.deepened(whole)

    return work


def upload() -> dict[str, float]:
    """3,000 x 128 of 400 identities from the file to the card, as a worker and a page do it; maps are left out."""
    embeddings, labels = faces(3000, 128, 400)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faces.npz"
        np.savez(path, embeddings=embeddings, labels=labels)
        _card_of(path, Path(folder) / "warm")
        seconds = []
        for turn in range(3):
            start = time.perf_counter()
            _card_of(path, Path(folder) / str(turn))
            seconds.append(time.perf_counter() - start)
    return {"seconds": float(np.median(seconds))}


def _card_of(path: Path, root: Path) -> None:
    try:
        from core.distances import EUCLIDEAN
        from core.jobs.measure_embeddings import Upload, keep, measure
        from core.maps import projector
        from core.readers.embeddings_file import load_embeddings
        from core.runs.run_folder import Run
        from core.runs.store import Store
        from core.thresholds.outcome import outcome
        from core.verification.goals import Far

        goal = Far(0.01)
    except ImportError:
        from core.brought.embeddings_file import load_embeddings
        from core.brought.uploads import Upload, keep, measure
        from core.store import Store
        from core.thresholds.goals import Goal

        goal = Goal("far", 0.01)

        from core import projection as projector
        from core.distances import EUCLIDEAN
        from core.runs import Run
        from core.thresholds.outcome import outcome
    projector.Projector.layout = _flat  # the same plain map for both
    store = Store(root)
    row = keep(store, Upload("faces.npz", *load_embeddings(path), EUCLIDEAN))
    measure(store.folder(row.id), report=lambda progress: None, wanted=lambda: "run")
    appraisal = Run(store.folder(row.id)).appraisal(0)
    outcome(appraisal, goal, "other-identities")


def _flat(self: object, embeddings: np.ndarray) -> SimpleNamespace:
    from types import SimpleNamespace

    return SimpleNamespace(points=np.ascontiguousarray(embeddings[:, :2], dtype=np.float32), method="pca")


def engine() -> dict[str, float]:
    """70,000 x 64 of 7,000 identities through the engine with two workers, from the request to the result."""
    return _through_the_engine(*faces(70_000, 64, 7_000))


def workers() -> dict[str, float]:
    """The same with 200,000 x 64 of 20,000 identities, which `verify` measures on the command line."""
    return _through_the_engine(*faces(200_000, 64, 20_000))


def _through_the_engine(embeddings: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    try:
        from core.distances import EUCLIDEAN
        from core.engine.process import ensure_engine
        from core.jobs.measure_embeddings import Upload, keep
        from core.runs.run_folder import Run
        from core.runs.store import Store
    except ImportError:
        from core.brought.uploads import Upload, keep
        from core.store import Store

        from core.distances import EUCLIDEAN
        from core.engine import ensure_engine
        from core.runs import Run
    names = tuple(map(str, range(1 + labels.max())))
    with tempfile.TemporaryDirectory() as folder:
        store, start = Store(Path(folder)), time.perf_counter()
        row = keep(store, Upload("faces.npz", embeddings, labels, names, EUCLIDEAN))
        with _Watched(Path(folder)) as watched:
            ensure_engine(store.root, "--slots", "2", "--idle-minutes", "0.05")
            while not Run(store.folder(row.id)).result():
                time.sleep(LOOK_SECONDS)
                if store.row(row.id).state in ("failed", "stopped"):
                    raise RuntimeError(f"the run must finish, got {store.row(row.id)}. Look into its log.")
            seconds = time.perf_counter() - start
        time.sleep(8)  # the engine ends and lets its folder go
    return {"seconds": seconds, "megabytes": watched.most}


def verify() -> dict[str, float]:
    """200,000 x 64 of 20,000 identities on the command line."""
    embeddings, labels = faces(200_000, 64, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faces.npz"
        np.savez(path, embeddings=embeddings, labels=labels)
        start = time.perf_counter()
        with _Watched(path) as watched:
            command = [sys.executable, "-m", "core", "verify", str(path)]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
        json.loads(done.stdout)
    return {"seconds": time.perf_counter() - start, "megabytes": watched.most}


class _Watched:
    """The most memory that all processes whose command line names a path have had together, without what they share."""

    def __init__(self, path: Path) -> None:
        self.most, self._path, self._ended = 0.0, str(path), threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watched:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self.most = max(self.most, sum(map(_own_megabytes, self._processes())))

    def _processes(self) -> list[int]:
        """Those that name the path, and their descendants."""
        parents, named = {}, []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    words = (folder / "cmdline").read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if self._path in words and int(folder.name) != os.getpid():
                    named.append(int(folder.name))
        found = set(named)
        while more := {process for process, parent in parents.items() if parent in found} - found:
            found |= more
        return sorted(found)


def _own_megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    tasks = {"snapshot": snapshot, "upload": upload, "engine": engine, "workers": workers, "verify": verify}
    print(json.dumps(tasks[sys.argv[1]]()))
