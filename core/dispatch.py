"""The engine's loop: answer requests, hear workers, start what is next in the queue."""

from __future__ import annotations

import logging
import time
import traceback
from typing import TYPE_CHECKING

from core.rows import Row
from core.states import ACTIVE, ANSWERS, before
from core.store import Store
from core.worker import request, run_job

if TYPE_CHECKING:
    from core.cluster import Cluster, Ended

GRACE_SECONDS = 5.0
FRUITLESS_LIMIT = 3
log = logging.getLogger("core.engine")


class Dispatcher:
    """Moves runs along the table of core/states.py; one `step` is one look around, whatever happened before it."""

    def __init__(self, store: Store, cluster: Cluster, job: str, device: str = "cpu") -> None:
        self.store, self.cluster, self.job, self.device = store, cluster, job, device
        self.is_closing = False
        self.is_idle = True  # as of the last step
        self._jobs: dict[str, str] = {}  # key of an attempt -> id of its run
        self._patience: dict[str, float] = {}  # key -> monotonic time at which a job that should stop is killed

    def step(self) -> None:
        ended = self.cluster.ended()
        self._hear()  # after `ended`, so that the last word of a job is heard before its end is written
        for end in ended:
            self._end(end)
        for row in self.store.in_states(*ACTIVE):
            if row.id not in self._jobs.values():
                self._interrupt(row, "the engine was ended")
        for row in self.store.to_answer():
            self._answer(row)
        self._lose_patience()
        while not self.is_closing and len(self._jobs) < self.cluster.capacity() and self._start_next():
            pass
        self.is_idle = not self._jobs and not self.store.next_queued(1)

    def ask_all_to_pause(self) -> None:
        """Before the engine ends: every run writes a checkpoint and, if still wanted, goes back into the queue."""
        self.is_closing = True
        for row in self.store.in_states("running"):
            request(self.store.folder(row.id), "pause")
            self.store.set_state(row.id, "pausing")

    def has_jobs(self) -> bool:
        return bool(self._jobs)

    def _hear(self) -> None:
        latest = {message["key"]: message for message in self.cluster.heard() if "epoch" in message}
        for key, message in latest.items():
            if key in self._jobs:
                self.store.progress(
                    self._jobs[key],
                    epoch=message["epoch"],
                    epochs=message["epochs"],
                    step=message["step"],
                    seconds=message["seconds"],
                    seconds_left=message.get("left") or 0.0,
                )

    def _end(self, end: Ended) -> None:
        row = self.store.row(self._jobs.pop(end.key))
        self._patience.pop(end.key, None)
        if end.is_out_of_memory:
            self._fail(row, "The run needed more memory than one worker may have. Take a smaller batch or encoder.")
        elif end.is_lost:
            self._interrupt(row, "its worker process was ended")
        elif end.error:
            trace = "".join(traceback.format_exception(type(end.error), end.error, end.trace))
            log.error("run %s failed at epoch %d\n%s", row.id, row.epoch, trace)
            kind = "" if isinstance(end.error, ValueError) else f"{type(end.error).__name__}: "
            self._fail(row, f"{kind}{end.error}")
        else:
            self._settle(row, end.answer)

    def _settle(self, row: Row, answer: str) -> None:
        """Write the end that the job itself chose; a stop that came after a pause turns the pause into a stop."""
        if answer == "paused" and row.state == "stopping":
            answer = "stopped"
        if row.state not in before(answer):
            row = self.store.set_state(row.id, {"paused": "pausing", "stopped": "stopping"}[answer])
        self.store.set_state(row.id, answer, "")

    def _interrupt(self, row: Row, reason: str) -> None:
        row = self.store.set_state(row.id, "interrupted", f"Interrupted at epoch {row.epoch}: {reason}.")
        if row.wanted == "run" and row.fruitless >= FRUITLESS_LIMIT:
            self._fail(
                row,
                f"Given up after {row.fruitless} attempts that did not get past epoch {row.epoch}: {reason}. "
                "Often there was too little memory; take a smaller batch or encoder.",
            )

    def _fail(self, row: Row, sentence: str) -> None:
        self.store.set_state(row.id, "failed", sentence)

    def _answer(self, row: Row) -> None:
        state = ANSWERS[row.state, row.wanted]
        if state in ("pausing", "stopping"):
            request(self.store.folder(row.id), row.wanted)
        if state == "stopping":
            key = next(key for key, run_id in self._jobs.items() if run_id == row.id)
            self._patience[key] = time.monotonic() + GRACE_SECONDS
        self.store.set_state(row.id, state, None if row.state == "interrupted" else "")

    def _lose_patience(self) -> None:
        for key, until in list(self._patience.items()):
            if time.monotonic() > until:
                log.warning("job %s did not stop within %g seconds; ending its worker", key, GRACE_SECONDS)
                del self._patience[key]
                self.cluster.kill(key)

    def _start_next(self) -> bool:
        for row in self.store.next_queued(1):
            folder = self.store.folder(row.id)
            request(folder, "run")
            key = f"{row.id}-{self.store.set_state(row.id, 'running').attempts}"
            self.cluster.submit(key, run_job, self.job, str(folder), row.experiment, self.device)
            self._jobs[key] = row.id
            return True
        return False
