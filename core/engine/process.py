"""The engine: one process per store that owns the queue and the state of every run.

What: this module starts and ends the process, core/engine/dispatcher.py is its loop, core/engine/attempt.py what that
knows of a run under way, core/engine/cluster.py the small interface behind which Dask stands, core/jobs/worker.py what
a worker does. Why so many: a page imports this one, and must not load Dask. The process is started as a command and
never forked from the web process, whose page would run again in it.

Options may stand in the environment: METRIC_LAB_SLOTS, METRIC_LAB_MEMORY, METRIC_LAB_DEVICE, METRIC_LAB_SCHEDULER and
METRIC_LAB_EXCHANGE. How certificates are named stands in core/engine/tls.py; a scheduler's workers need the resource
train=1, and the folder of the store or an exchange (core/engine/exchanging.py).
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from core.engine.dispatcher import Dispatcher
from core.jobs.worker import named
from core.runs.store import DAYS_KEPT, Store
from core.system.atomic_files import write_bytes, write_json
from core.system.locations import ROOT, store_root
from core.system.permissions import keep_to_owner
from core.system.shared_memory import check_shared_memory

if TYPE_CHECKING:
    from core.engine.cluster import Cluster
    from core.engine.conductors import Conductors

TICK_SECONDS = 0.2
START_SECONDS = 20.0
CLOSE_SECONDS = 10.0
LOG_BYTES = 5_000_000
PROBLEM = "problem"
NO_WORKERS: dict[str, Any] = {"ready": 0, "compiling": []}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1") | {
    "OMP_WAIT_POLICY": "PASSIVE"
}
log = logging.getLogger("core.engine")


def is_alive(root: Path) -> bool:
    """Whether an engine has the store: only a living process holds its lock. Takes a quarter of a millisecond."""
    if not (root / "engine").is_dir():
        return False
    try:
        with _lock_of(root, timeout=0):
            return False
    except Timeout:
        return True


def ensure_engine(root: Path, *options: str) -> None:
    """Start the engine of a store unless it runs; returns when it has the store. `options` are its command line's."""
    if is_alive(root):
        return
    folder = root / "engine"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "log").open("ab") as output:  # appended to, so that `_rotate` may shorten it
        process = subprocess.Popen(
            [sys.executable, "-m", "core.engine", "--store", str(root.absolute()), *options],
            cwd=ROOT,
            env=os.environ | ONE_THREAD,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # else an ended engine stays a zombie
    deadline = time.monotonic() + START_SECONDS
    while not is_alive(root) and process.returncode is None and time.monotonic() < deadline:
        time.sleep(0.02)


def stop_engine(root: Path) -> None:
    """End the engine of a store, if it runs: runs under way write a checkpoint and wait in the queue."""
    deadline = time.monotonic() + 2 * CLOSE_SECONDS
    while is_alive(root):
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(engine_process(root), signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.05)


def engine_process(root: Path) -> int:
    """The process id of the engine that was started last."""
    return json.loads((root / "engine" / "process.json").read_text())["process"]


def engine_problem(root: Path) -> str:
    """Why the engine that was started last could not serve, in a sentence; empty where it could."""
    try:
        return (root / "engine" / PROBLEM).read_text()
    except FileNotFoundError:
        return ""


def compiling_workers(root: Path) -> list[str]:
    """Host and port of the workers that compile their kernels before they take their first run."""
    return _workers(root)["compiling"]


def ready_workers(root: Path) -> int | None:
    """How many workers take runs, be they at work or free; None where no engine is there."""
    return _workers(root)["ready"] if is_alive(root) else None


def _workers(root: Path) -> dict[str, Any]:
    try:
        return {"ready": 1} | json.loads((root / "engine" / "workers.json").read_text())  # earlier ones do not say it
    except FileNotFoundError:
        return NO_WORKERS


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the queue of a store until told to end; the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    keep_to_owner()
    try:
        check_shared_memory()
    except ValueError as problem:
        log.error("%s", problem)
        return 1
    store = Store(options.store)
    (store.root / "engine").mkdir(mode=0o700, exist_ok=True)
    try:
        with _lock_of(store.root, timeout=2):
            write_json(store.root / "engine" / "process.json", {"process": os.getpid(), "slots": options.slots})
            try:
                was_requested = _serve(store, options)
            except ValueError as problem:  # of a cluster elsewhere, or the way to it
                write_bytes(store.root / "engine" / PROBLEM, str(problem).encode())
                log.error("%s", problem)
                return 1
    except Timeout:
        log.info("another engine has the store %s", store.root)
        return 0
    if not was_requested and _is_wanted_again(store):
        ensure_engine(store.root, *sys.argv[1:])
    return 0


def _is_wanted_again(store: Store) -> bool:
    """Whether a run, a word to one or a comparison came while this engine was already leaving."""
    from core.comparison.asked import all_asked  # loads numpy

    return bool(store.next_queued(1) or store.to_answer() or all_asked(store.root))


def _serve(store: Store, options: argparse.Namespace) -> bool:
    """Work until asked to end or idle for long; whether it was asked."""
    end_request = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end_request.set())
    written = _write_workers(store.root, NO_WORKERS, None)  # those of an earlier engine are gone
    from core.engine.conductors import Conductors

    with ExitStack() as ends:  # all of them in the opposite order, whatever ends it
        cluster = _cluster_of(store, options)
        ends.callback(cluster.close)
        (store.root / "engine" / PROBLEM).unlink(missing_ok=True)
        if options.warm_up:
            cluster.warm_up(named(options.warm_up))
        dispatcher = Dispatcher(store, cluster, options.job, options.device)
        ends.callback(_leave, dispatcher)
        conductors = Conductors(store.root, options.slots)
        ends.callback(conductors.close)
        _purge(store)
        log.info("engine %d serves %s with %d slots", os.getpid(), store.root, options.slots)
        busy_at, told, told_of_conductors = time.monotonic(), "", ""
        # Busy, it never ends by itself, however short a time without work it is told to wait.
        while not end_request.is_set() and (
            not dispatcher.is_idle or time.monotonic() - busy_at < options.idle_minutes * 60
        ):
            told = _step(dispatcher, told)
            workers = {"ready": dispatcher.capacity, "compiling": cluster.compiling()}
            written = _write_workers(store.root, workers, written)
            _rotate(store.root / "engine" / "log")
            told_of_conductors = _step(conductors, told_of_conductors)
            if told_of_conductors or conductors.are_busy or not dispatcher.is_idle:
                busy_at = time.monotonic()
            end_request.wait(TICK_SECONDS)
    return end_request.is_set()


def _cluster_of(store: Store, options: argparse.Namespace) -> Cluster:
    """Of this machine, or the one that is named. Raises ValueError where that does not answer, or its exchange."""
    folder = store.root / "engine"
    if options.scheduler and options.exchange:
        from core.engine.exchanging import ExchangingCluster

        return ExchangingCluster(options.slots, folder, options.scheduler, options.exchange)
    from core.engine.cluster import Cluster  # here, so that a page can import this module without Dask

    return Cluster(options.slots, folder, options.scheduler, options.memory)


def _purge(store: Store) -> None:
    """Remove the files of runs and of brought data that were deleted a week ago; what cannot be removed is tried again
    next time."""
    from core.admission.data_removal import purge_data  # loads numpy
    from core.runs.sweeps import forget_gone

    try:
        for run_id in store.purge():
            log.info("the files of run %s, deleted %d days ago, are removed", run_id, DAYS_KEPT)
        forget_gone(store)
        for data_id in purge_data(store):
            log.info("the files of the set %s, deleted %d days ago, are removed", data_id, DAYS_KEPT)
    except OSError:
        log.exception("files of what was deleted could not be removed")


def _step(loop: Dispatcher | Conductors, told: str = "") -> str:
    """One look around; a full disk or a busy index is a matter for the next one. Where it was cut short, in short; the
    log says it unless that is what it was `told` last."""
    try:
        loop.step()
    except (sqlite3.Error, OSError, ValueError) as error:
        last = traceback.extract_tb(error.__traceback__)[-1]  # the message may name another temporary file each time
        problem = f"{type(error).__name__} in {last.name}, line {last.lineno}"
        if problem != told:
            log.exception("the step was cut short; said once, and tried again until it succeeds")
        return problem
    return ""


def _rotate(path: Path) -> None:
    """Begin the log anew where it has grown long, and keep the last one. The workers write into the same open file, so
    that its name cannot be given to another one; what is written between copying and cutting is lost."""
    try:
        if path.stat().st_size > LOG_BYTES:
            shutil.copyfile(path, path.with_name("log.old"))
            os.truncate(path, 0)
    except FileNotFoundError:  # an engine that was started by hand writes to its terminal
        pass
    except OSError:
        log.exception("the log could not begin anew")


def _write_workers(root: Path, workers: dict[str, Any], written: dict[str, Any] | None) -> dict[str, Any] | None:
    """Write down for the pages which workers there are, where that has changed; what is written now."""
    if workers == written:
        return written
    try:
        write_json(root / "engine" / "workers.json", workers)
    except OSError:
        log.exception("the pages could not be told of the workers")
        return written
    return workers


def _leave(dispatcher: Dispatcher) -> None:
    deadline = time.monotonic() + CLOSE_SECONDS
    dispatcher.ask_all_to_pause()
    told = ""
    while dispatcher.has_jobs() and time.monotonic() < deadline:
        told = _step(dispatcher, told)
        time.sleep(TICK_SECONDS / 4)
    log.info("engine %d ends", os.getpid())


def _lock_of(root: Path, timeout: float) -> Any:
    return FileLock(root / "engine" / "lock").acquire(timeout=timeout)


def _parser() -> argparse.ArgumentParser:
    """--job and --warm-up name functions as "module:function"."""
    parser = argparse.ArgumentParser(prog="python -m core.engine", description="Run the queue of a store.")
    parser.add_argument("--store", type=Path, default=store_root(), help="folder of the store")
    parser.add_argument("--slots", type=int, default=int(os.environ.get("METRIC_LAB_SLOTS") or cores()))
    parser.add_argument("--device", default=os.environ.get("METRIC_LAB_DEVICE", "cpu"))
    parser.add_argument("--memory", default=os.environ.get("METRIC_LAB_MEMORY", ""), help="of one worker, as 4GB")
    parser.add_argument("--idle-minutes", type=float, default=15.0, help="end after so long without a run")
    parser.add_argument("--scheduler", default=os.environ.get("METRIC_LAB_SCHEDULER", ""), help="address of a cluster")
    parser.add_argument(
        "--exchange", default=os.environ.get("METRIC_LAB_EXCHANGE", ""), help="folder between a cluster and this store"
    )
    parser.add_argument("--job", default="core.jobs.worker:train", help=argparse.SUPPRESS)
    parser.add_argument("--warm-up", default="core.jobs.worker:warm_up", help=argparse.SUPPRESS)
    return parser


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
