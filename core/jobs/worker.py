"""What happens in a worker process around one job: a locked run folder, requests read, progress sent."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from core.records.kinds import Kind, kind_of_request
from core.records.messages import Report, Send
from core.runs.parts import is_kept, lock_of, planned
from core.system.atomic_files import write_bytes

ORPHAN_SECONDS = 60.0
READ_SECONDS = 0.05


def run_job(send: Send, job: str, folder: str, experiment: Mapping[str, Any], device: str, part: str = "") -> str:
    """Do `job`, named "module:function", in the folder; its answer: finished, paused or stopped.

    A whole job may also answer parts: then each missing one of core/runs/parts.py becomes a job, which is given its
    name as `part`, and once all are kept the whole is called again. It must gather when none is missing.

    The lock is held by the process, so an orphan of a killed engine and its successor never write at the same time.
    """
    place = Path(folder)
    try:
        with FileLock(lock_of(place, part) if part else place / ".lock", timeout=ORPHAN_SECONDS):
            if part and is_kept(place, part):
                return "finished"  # by an orphan, while this one waited for the lock
            only = {"part": part} if part else {}
            answer = named(job)(place, experiment, device=device, report=send, wanted=Request(place), **only)
            _check(answer, place, part)
            return answer
    except Timeout:
        raise ValueError(
            f"a run must have one writer, got another that kept it for {ORPHAN_SECONDS:g} seconds. "
            "End that process, then start the run again."
        ) from None


def train(
    folder: Path,
    experiment: Mapping[str, Any],
    *,
    device: str,
    report: Report,
    wanted: Callable[[], str],
    part: str = "",
) -> str:
    """Train an experiment in its run folder, with first maps that do not wait for UMAP: the job of the engine. What a
    user brought is only measured, in parts where it is much, and takes neither torch nor the memory of it. The files of
    a finished run are sealed."""
    answer = _answer(folder, experiment, device, report, wanted, part)
    if answer == "finished" and not part:
        from core.runs.seal import seal

        seal(folder)
    return answer


def _answer(
    folder: Path,
    experiment: Mapping[str, Any],
    device: str,
    report: Report,
    wanted: Callable[[], str],
    part: str,
) -> str:
    kind = kind_of_request(experiment)
    if not kind.is_trained:
        from core.jobs.warm_up import held_back

        with held_back():
            return _measure(folder, kind, report, wanted, part)
    from core.jobs.warm_up import torch_first

    torch_first()
    from core.experiment.experiment import Experiment
    from core.jobs.measure_embeddings import let_go
    from core.jobs.train_run import record
    from core.runs.run_folder import Run

    let_go()  # a part of an upload, made here before, would keep its memory from the training
    run = Run.create(folder, Experiment.from_described(experiment), title=_asked_name(folder))
    return record(run, device=device, report=report, wanted=wanted, wait_for_umap=False)


def _asked_name(folder: Path) -> str:
    """What the run was called when it was asked for; nothing where the folder does not say it."""
    try:
        return str(json.loads((folder / "state.json").read_text())["name"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _measure(folder: Path, kind: Kind, report: Report, wanted: Callable[[], str], part: str) -> str:
    if kind.is_of_pairs:
        from core.jobs import measure_scores

        return measure_scores.measure(folder, report=report, wanted=wanted)
    from core.jobs import measure_embeddings

    return measure_embeddings.measure(folder, report=report, wanted=wanted, part=part)


def _check(answer: str, folder: Path, part: str) -> None:
    """Refuse an answer that the folder does not bear out: the engine would ask for the same job for ever."""
    if answer == "parts" and not part:
        planned(folder)
    elif part and answer not in ("paused", "stopped") and not is_kept(folder, part):
        raise ValueError(f"a part must be kept before it is {answer}, got no result of {part}. Call keep first.")


def warm_up(send: Send, trains: bool = True) -> None:
    """Before a worker takes its first job: compile the kernels that its machine lacks, and say so meanwhile; load the
    rest in a thread beside whatever else the process does. One that trains nothing is spared torch, half its memory."""
    from core.jobs import warm_up

    if not warm_up.are_kept():
        send({"compiling": True})
        warm_up.compile_elsewhere()
    warm_up.warm_up_in_background(trains)


def hold_back(is_held: bool) -> None:
    """Keep this worker, which has no job, from loading anything beforehand, or no longer: while somebody waits for a
    run, the cores and the memory are that run's."""
    from core.jobs import warm_up

    warm_up.hold_back("the engine", is_held)


def named(name: str) -> Callable[..., Any]:
    """The function that "module:function" names."""
    module, function = name.split(":")
    return getattr(import_module(module), function)


class Request:
    """What the engine wants of a run: run, pause or stop, read from its folder at most every 50 ms."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "wanted"
        self._read_at = float("-inf")
        self._wanted = "run"

    def __call__(self) -> str:
        now = time.monotonic()
        if now - self._read_at >= READ_SECONDS:
            self._read_at = now
            self._wanted = self._path.read_text()
        return self._wanted


def request(folder: Path, wanted: str) -> None:
    """For the engine: say to the worker what is wanted."""
    write_bytes(folder / "wanted", wanted.encode())
