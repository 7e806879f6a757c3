"""Compile every numerical kernel before somebody waits for it: `python -m core.jobs.warm_up`.

numba keeps what it compiled beside the code, so the first call on a machine takes about a minute on two idle cores and
every later one in a new process some eight seconds, most of them imports. A file beside the kernels says that they are
compiled, for this code, these versions and this processor.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
from filelock import FileLock

from core.system.locations import ROOT
from core.system.status_line import StatusLine

LOOK_SECONDS = 0.5
FIRST_JOB_SECONDS = 2.0  # in which a worker gets the job that its engine was started for
NEXT_JOB_SECONDS = 15.0  # in which somebody who has waited for one run brings the next
COMPILED_BY = ("core", "umap", "pynndescent")
KERNELS = 150  # compiled where nothing is kept, as `_count` last saw

# Who holds the warm-up back, and whether anybody or nobody does: a thread can wait only for an event to be set.
_holders, _holding = set[str](), Lock()
_held, _free = Event(), Event()
_free.set()


def warm_up() -> None:
    """Import what training and statistics need and call each of them once on a small set."""
    for part in PARTS:
        part()


def warm_up_in_background(trains: bool = True) -> None:
    """Warm up in a thread that ends with the process; a job that begins meanwhile may hold it back (`held_back`), and
    so may the engine (`hold_back`). A worker that trains nothing goes without what only training needs, and all go
    without what processes of their own do (core/admission/apart.py)."""
    parts = [part for part in PARTS if part is not _admission and (trains or part is not _training)]
    if trains:
        parts.insert(0, torch_first)
    Thread(target=_warm_up_beside_jobs, args=(parts,), name="warm-up", daemon=True).start()


def torch_first() -> None:
    """Import torch whole. SciPy, where it is imported in one thread while another is half through importing torch,
    raises AttributeError: so a job that trains does this before anything else, and the warm-up beside it as well."""
    import_module("torch")


@contextmanager
def held_back() -> Iterator[None]:
    """Hold the warm-up in the background back meanwhile: for a job that needs little of it, and would share its core
    and its memory with the rest."""
    hold_back("the job", True)
    try:
        yield
    finally:
        hold_back("the job", False)


def hold_back(holder: str, is_held: bool) -> None:
    """Hold the warm-up in the background back between two of its parts until every holder has let it go."""
    with _holding:
        (_holders.add if is_held else _holders.discard)(holder)
        first, second = (_free, _held) if _holders else (_held, _free)
        first.clear()
        second.set()


def _warm_up_beside_jobs(parts: Sequence[Callable[[], None]]) -> None:
    """These parts one after the other, none begun while it is held back, and not at once after that: the process often
    gets the next job of the same run then."""
    _held.wait(FIRST_JOB_SECONDS)
    for part in parts:
        while _held.is_set():
            _free.wait()
            _held.wait(NEXT_JOB_SECONDS)
        part()


def are_kept() -> bool:
    """Whether the kernels are compiled on this machine; takes the import of numba."""
    return _mark().exists()


def compile_elsewhere() -> None:
    """Compile in a process of its own, which takes more than this one's single thread."""
    subprocess.run([sys.executable, "-m", "core.jobs.warm_up"], cwd=ROOT, check=False)


def _mark() -> Path:
    from numba.core.registry import cpu_target

    from core.kernels.pair_histogram import count_products

    context: Any = cpu_target.target_context
    processor = context.codegen().magic_tuple()  # by which numba tells its own compiled files apart
    parts = [*map(str, processor), platform.python_version(), *_sources()]
    parts += [version(name) for name in ("numba", "llvmlite", "umap-learn", "pynndescent")]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    kernel: Any = count_products
    return Path(kernel.stats.cache_path) / f"kernels-{digest}"


def _sources() -> Iterator[str]:
    """The files whose kernels numba keeps, with the times and sizes by which it knows them again; of ours those of one
    room (tests/test_floors.py)."""
    files = sorted((ROOT / "core" / "kernels").glob("*.py"))
    files += [Path(str(module.origin)) for name in ("umap", "pynndescent") if (module := find_spec(name))]
    return (f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files)


def _maps() -> None:
    from core.maps import projector

    projector.warm_up()


def _statistics() -> None:
    from core.measurement.measurement import Measurement
    from core.statistics.distance_blocks import DIRECT_LIMIT
    from core.statistics.retrieval import retrieval
    from core.statistics.summary import Prepared

    generator = np.random.default_rng(0)
    for points, count, dtype in (
        (64, 32, np.float32),
        (DIRECT_LIMIT + 1, 32, np.float32),
        (DIRECT_LIMIT + 1, 1024, np.float32),  # with few positives and many identities
        (DIRECT_LIMIT + 1, 1024, np.float64),  # as files often bring them
    ):
        embeddings, identities = generator.normal(size=(points, 4)).astype(dtype), np.arange(points) % count
        for at_once in (points, points - 1):  # one block, and many
            for is_rough in (False, True):
                work = Measurement(Prepared(embeddings, identities, 0.2, at_once=at_once), is_rough=is_rough)
                work.deepened(work.whole())
        retrieval(embeddings, identities)
    embeddings[0] *= 1e6  # so far out that float32 tells no other distances apart
    for dtype in (np.float32, np.float64):
        Measurement(Prepared(embeddings.astype(dtype), identities)).identities.of()


def _training() -> None:
    import torch

    import core.jobs.train_run  # noqa: F401
    from core.batch.euclidean import euclidean_matrix
    from core.batch.mined import Band, all_pairs
    from core.batch.triplet_sums import hardness_shares, triplet_sums
    from core.losses import Circle, Contrastive, LiftedStructured
    from core.losses.base import Batch
    from core.miners import SemiHard
    from core.miners.base import Candidates

    torch.set_num_threads(1)
    labels = torch.arange(64) % 8
    for dtype in (torch.float32, torch.float64):
        points = torch.randn(64, 8, dtype=dtype, requires_grad=True)
        batch = Batch(points, labels, euclidean_matrix(points), {}, torch.Generator())
        for loss in (Contrastive(), LiftedStructured(), Circle()):
            loss(batch, all_pairs(labels)).objective.backward(retain_graph=True)
        distances = batch.distances.detach()
        hardness_shares(distances, labels, 0.2)
        for focus in (0.0, 1.0):
            triplet_sums(distances, labels, Band(0.0, 0.2, focus), 0.2)
        for dialect in ("Wu-TF", "siamese-triplet"):
            SemiHard(dialect=dialect)(Candidates(distances, labels, 0.2, 8, torch.Generator().manual_seed(0)))


def _admission() -> None:
    from core.admission.csv_vectors import read_csv

    with TemporaryDirectory() as folder:
        path = Path(folder) / "warm.csv"
        path.write_text("label,x0\na,1\n", encoding="utf-8")
        read_csv(path, {}, Path(folder), lambda share: None)


PARTS = (_maps, _training, _statistics, _admission)


def main() -> None:
    """Compile what is not kept; of two that start together one does it, and the other waits."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(mark.with_suffix(".lock")):
        if not mark.exists():
            _compile(StatusLine())
            mark.touch()


def _compile(status: StatusLine) -> None:
    """Compile each part in a process of its own."""
    context = multiprocessing.get_context("spawn")
    counter = context.Value("i", 0)
    with ProcessPoolExecutor(len(PARTS), context, _count, (counter,)) as pool:
        waiting = {pool.submit(part) for part in PARTS}
        while waiting:
            done, waiting = wait(waiting, LOOK_SECONDS)
            for part in done:
                part.result()
            total = max(KERNELS, counter.value)
            status.show(f"Metric Lab: {counter.value} of about {total} kernels compiled, once for this machine")
    status.end("Metric Lab: the kernels are compiled")


def _count(counter: Any) -> None:
    """In a process that compiles: count the kernels of ours and of UMAP that were not kept."""
    from numba.core.event import Listener, register

    class Compiled(Listener):
        def on_start(self, event: Any) -> None:
            pass

        def on_end(self, event: Any) -> None:
            if event.data["dispatcher"].py_func.__module__.split(".")[0] in COMPILED_BY:
                with counter.get_lock():
                    counter.value += 1

    register("numba:compile", Compiled())


if __name__ == "__main__":
    main()
