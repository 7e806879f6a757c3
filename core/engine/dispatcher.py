"""The engine's loop: answer requests, hear workers, start what is next in the queue."""

from __future__ import annotations

import errno
import logging
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from core.engine.attempt import WHOLE, Attempt, run_of
from core.jobs.worker import hold_back, request, run_job
from core.runs.parts import missing
from core.runs.run_row import Row
from core.runs.states import ACTIVE, ANSWERS, before
from core.runs.store import Store

if TYPE_CHECKING:
    from core.engine.cluster import Cluster, Ended

GRACE_SECONDS = 5.0
FRUITLESS_LIMIT = 3
BEHIND = 8  # that wait behind as many as there are workers and are looked at, too: some may not begin
OUT_OF_MEMORY = (
    "The run needed more memory than one worker may have. Take a smaller batch or encoder, or bring fewer points."
)
DISK_FULL = "The disk is full. Make room, then resume the run: what it has kept is whole, and it goes on from there."
FOLDER_GONE = "The folder of the run is gone. Start its settings again, or bring its file again."
# Of torch, whose errors know no class for it on the processor.
TORCH_OUT_OF_MEMORY = ("DefaultCPUAllocator", "out of memory")
log = logging.getLogger("core.engine")


class Dispatcher:
    """Moves runs along the table of core/runs/states.py; one `step` is one look around, whatever happened before it."""

    def __init__(self, store: Store, cluster: Cluster, job: str, device: str = "cpu") -> None:
        self.store, self.cluster, self.job, self.device = store, cluster, job, device
        self.is_closing = False
        self.is_idle = True  # as of the last step
        self.capacity = 0  # workers that take jobs, as of the last step
        self._attempts: dict[str, Attempt] = {}  # by the id of the run, the one that was served last at the end
        self._ended: list[Ended] = []

    def step(self) -> None:
        """One look around: write down what has ended, then hand out what waits."""
        self.store.catch_up()
        self._ended += self.cluster.ended()  # a step that is cut short forgets none
        self._hear()  # after `ended`, so that the last word of a job is heard before its end is written
        for end in self._ended:
            if attempt := self._attempt_of(end.key):
                attempt.end(end)
        self._ended.clear()
        for attempt in list(self._attempts.values()):
            self._carry_on(attempt)
        for row in self.store.in_states(*ACTIVE):
            if row.id not in self._attempts:
                self._interrupt(row, "the engine was ended")
        for row in self.store.to_answer():
            self._answer(row)
        self._lose_patience()
        if not self.is_closing:
            self.capacity = self.cluster.capacity()
        queued = self.store.next_queued(self.capacity + BEHIND)  # all others wait, however many they are
        if not self.is_closing:
            while len(self._at_work()) < self.capacity and self._submit_next(queued):
                pass
        self.cluster.hold_back(hold_back, self._somebody_waits())
        self.is_idle = not self._attempts and not queued
        self.store.weigh()

    def ask_all_to_pause(self) -> None:
        """Before the engine ends: every run writes a checkpoint and, if still wanted, goes back into the queue."""
        self.is_closing = True
        for row in self.store.in_states("running"):
            self._ask(row.id, "pause")
            self.store.set_state(row.id, "pausing")

    def has_jobs(self) -> bool:
        """Whether a run is under way, be it between two of its jobs."""
        return bool(self._attempts)

    def _attempt_of(self, key: str) -> Attempt | None:
        """The attempt that has the job under way."""
        attempt = self._attempts.get(run_of(key))
        return attempt if attempt and key in attempt.jobs else None

    def _hear(self) -> None:
        latest = {}
        for message in self.cluster.heard():
            attempt = self._attempt_of(message["key"])
            if attempt and "epoch" in message and attempt.is_news(message["key"], message["epoch"]):
                latest[attempt.run_id] = message
        for run_id, message in latest.items():
            self.store.progress(
                run_id,
                epoch=message["epoch"],
                epochs=message["epochs"],
                step=message["step"],
                seconds=message["seconds"],
                seconds_left=message.get("left") or 0.0,
                took=self._attempts[run_id].took(),
            )

    def _carry_on(self, attempt: Attempt) -> None:
        """What follows from the jobs that have ended: the end of the attempt, or its next jobs."""
        if attempt.is_over():
            self._conclude(attempt)
        elif attempt.ends and not attempt.is_ending:
            self._ask(attempt.run_id, "pause")
        elif not attempt.jobs and not attempt.waiting:
            self._go_on(attempt)

    def _go_on(self, attempt: Attempt) -> None:
        """The missing parts come next, or the whole where none is missing."""
        try:
            attempt.waiting = missing(self.store.folder(attempt.run_id)) or [WHOLE]
        except ValueError as error:  # somebody has removed or damaged the plan
            del self._attempts[attempt.run_id]
            self._fail(self.store.row(attempt.run_id), str(error))

    def _conclude(self, attempt: Attempt) -> None:
        """Write the one end of all jobs; a run that was asked to end and still lacks something is paused. An index that
        cannot be written, as on a full disk, cuts the step short, and the next one writes it."""
        row, end = self.store.row(attempt.run_id), attempt.worst()
        if end is None:
            self._settle(row, "paused", attempt)
        elif end.is_out_of_memory:
            self._fail(row, OUT_OF_MEMORY)
        elif end.error:
            self._fail(row, _in_words(end.error))
        elif end.is_lost:
            self._lose(row)
        else:
            self._settle(row, end.answer, attempt)
        del self._attempts[attempt.run_id]
        for end in attempt.ends:
            if end.error:
                trace = "".join(traceback.format_exception(type(end.error), end.error, end.trace))
                log.error("run %s failed at epoch %d\n%s", row.id, row.epoch, trace)

    def _settle(self, row: Row, answer: str, attempt: Attempt) -> None:
        """Write the end that the job itself chose; a stop that came after a pause turns the pause into a stop."""
        if answer == "paused" and row.state == "stopping":
            answer = "stopped"
        if row.state not in before(answer):
            row = self.store.set_state(row.id, {"paused": "pausing", "stopped": "stopping"}[answer])
        self.store.set_state(row.id, answer, "", took=attempt.took())

    def _interrupt(self, row: Row, reason: str, *, is_lost: bool = False) -> Row:
        """By no wish of anybody's; `is_lost` where its own worker has died."""
        sentence = f"Interrupted at epoch {row.epoch}: {reason}."
        return self.store.set_state(row.id, "interrupted", sentence, is_lost=is_lost)

    def _lose(self, row: Row) -> None:
        """A worker has died with the run: it goes on from its checkpoint, unless that comes to nothing."""
        if row.state != "interrupted":  # else an earlier step was cut short after that
            row = self._interrupt(row, "its worker process was ended", is_lost=True)
        if row.wanted == "run" and row.fruitless >= FRUITLESS_LIMIT:
            self._fail(
                row,
                f"Given up after {row.fruitless} attempts that did not get past epoch {row.epoch}: its worker process "
                "was ended each time, often by a system that is short of memory. Take a smaller batch or encoder, or "
                "bring fewer points.",
            )

    def _fail(self, row: Row, sentence: str) -> None:
        self.store.set_state(row.id, "failed", sentence)

    def _answer(self, row: Row) -> None:
        state = ANSWERS[row.state, row.wanted]
        if state in ("pausing", "stopping"):
            self._ask(row.id, row.wanted)
        self.store.set_state(row.id, state, None if row.state == "interrupted" else "")

    def _ask(self, run_id: str, wanted: str) -> None:
        """Ask all jobs of a run to pause or stop, and submit no other."""
        with suppress(FileNotFoundError):  # its folder is gone, and its jobs fail by that
            request(self.store.folder(run_id), wanted)
        if attempt := self._attempts.get(run_id):
            attempt.wind_up()
            if wanted == "stop":
                attempt.kill_at = time.monotonic() + GRACE_SECONDS

    def _lose_patience(self) -> None:
        for attempt in self._attempts.values():
            if time.monotonic() > attempt.kill_at:
                for key in attempt.jobs:
                    log.warning("job %s did not stop within %g seconds; ending its worker", key, GRACE_SECONDS)
                    self.cluster.kill(key)
                attempt.kill_at = float("inf")

    def _at_work(self) -> list[Attempt]:
        """The attempts, each as often as it has jobs."""
        return [attempt for attempt in self._attempts.values() for _ in attempt.jobs]

    def _submit_next(self, queued: list[Row]) -> bool:
        """One step towards a job, if there is one: of what somebody waits for and none has begun, of a run that has
        none, of the queue, or of the run that has the fewest, in turn; the first of these that has room."""
        waiting = [attempt for attempt in self._attempts.values() if attempt.waiting and self._has_room(attempt)]
        fewest = min(waiting, key=lambda attempt: len(attempt.jobs), default=None)
        is_next = bool(queued) and (queued[0].is_awaited or not fewest or bool(fewest.jobs))
        if is_next and (queued[0].is_awaited or self._has_slot()):
            fewest = self._start(queued.pop(0))
            if not fewest:
                return True
        if fewest:
            self._submit(fewest)
        return fewest is not None

    def _has_room(self, attempt: Attempt) -> bool:
        """Whether a free worker may take another of its jobs: of much that is measured in parts, one at a time where
        all other workers train, and else as many as leave a worker for others who wait."""
        if not attempt.is_awaited:
            return self._has_slot()
        at_work = self._at_work()
        return len(at_work) < self.capacity - 1 or not any(other.is_awaited for other in at_work)

    def _has_slot(self) -> bool:
        """Whether another training may start."""
        trainings = [attempt for attempt in self._at_work() if not attempt.is_awaited]
        return len(trainings) < self.cluster.training_slots(self.capacity)

    def _somebody_waits(self) -> bool:
        return any(attempt.is_awaited for attempt in self._attempts.values())

    def _start(self, row: Row) -> Attempt | None:
        """Begin with a run; one whose folder is gone fails, and nobody behind it waits."""
        try:
            request(self.store.folder(row.id), "run")
        except FileNotFoundError:
            self._fail(row, FOLDER_GONE)
            return None
        number = self.store.set_state(row.id, "running").attempts
        self._attempts[row.id] = Attempt(row.id, number, row.experiment, is_awaited=row.is_awaited)
        return self._attempts[row.id]

    def _submit(self, attempt: Attempt) -> None:
        key, folder, part = attempt.next_key(), str(self.store.folder(attempt.run_id)), attempt.waiting[0]
        arguments = self.job, folder, attempt.experiment, self.device, part
        self.cluster.submit(key, run_job, *arguments, is_awaited=attempt.is_awaited)
        attempt.begin(key)
        self._attempts[attempt.run_id] = self._attempts.pop(attempt.run_id)


def _in_words(error: BaseException) -> str:
    """What a reader is told of an error that ended a job; the log has its traceback."""
    if isinstance(error, ValueError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    is_of_torch = isinstance(error, RuntimeError) and any(words in str(error) for words in TORCH_OUT_OF_MEMORY)
    if isinstance(error, MemoryError) or is_of_torch or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return OUT_OF_MEMORY
    return f"{type(error).__name__}: {error}"
