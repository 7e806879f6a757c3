"""Dask, and nothing but Dask: jobs go in, what became of them comes out. Its clock, its certificates
and its processes on other hosts know its name beside this module (steady.py, tls.py, hosts.py), and no other does.

What: a LocalCluster inside the engine's own process, or a configured scheduler. Why: a killed worker loses only its
own job, and one laptop and a cluster take the same calls. Refused: process pools, where one death fails every job.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Future, LocalCluster, get_worker
from distributed.scheduler import KilledWorker, Scheduler

from core.engine import steady
from core.engine.certificate import self_signed
from core.engine.tls import one_for_all, security_of
from core.records.messages import Message, Send

Event = tuple[Any, Message]  # when it was logged

TOPIC = "metric-lab"
WARM_UP = "warm-up "  # begins the keys of what is no job of the engine's
MEMORY_TOPIC = "worker-restart-memory"
SPARE = 1  # workers beside those that train; here it bears the last name
SETTLE_SECONDS = 0.5
DEAD_SECONDS = 12.0  # longer than the 10 s that a nanny may take to report a death before it starts the next worker
MEMORY_SHARE = 0.9
CONFIGURATION: dict[str, Any] = {
    "distributed.scheduler.work-stealing": False,
    "distributed.deploy.lost-worker-timeout": "1 day",  # `_renew` does it, and spares a worker that only starts slowly
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,  # a paused worker would hold its next job back for ever
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.preload": [steady.__name__],
    # Dask has freed memory given back at once: every batch then faults its pages in anew, at half the speed.
    "distributed.nanny.pre-spawn-environ": {
        name: 1 for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    },
    "distributed.scheduler.http.routes": [],  # the information pages know no user
    "distributed.worker.http.routes": [],
    "distributed.admin.low-level-log-length": 100,
    # Dask's looks at itself, by default 50 times a second, are half of what an idle engine costs.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.limit": "30s",
    "distributed.admin.system-monitor.interval": "5s",
}
log = logging.getLogger("core.engine")


@dataclass(frozen=True)
class Ended:
    """What became of a job: its answer, its error with the traceback, or the loss of its worker."""

    key: str
    answer: str = ""
    error: BaseException | None = None
    trace: Any = None
    is_lost: bool = False
    is_out_of_memory: bool = False


class Cluster:
    """`slots` workers that train and one beside them for what is awaited, all of one thread, each doing one job at a
    time; on 127.0.0.1 and encrypted.

    Where `scheduler` is an address its workers are used instead, as many as there are. `folder` is for Dask's files,
    `memory` the most that one worker may have ("4GB"), by default its share of nine tenths of the machine.
    """

    def __init__(self, slots: int, folder: Path, scheduler: str = "", memory: str = "") -> None:
        self._slots = slots
        dask.config.set(CONFIGURATION)
        logging.getLogger("distributed").setLevel(logging.WARNING)
        self._local = None if scheduler else _local_cluster(slots + SPARE, folder, memory)
        security = security_of(scheduler) if scheduler else None
        self._client = Client(scheduler or self._local, security=security, set_as_default=False)
        self._client.run_on_scheduler(_give_up_at_once)
        self._heard: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._futures: dict[str, Future[str]] = {}
        self._places: dict[str, tuple[str, int]] = {}  # address and process id, 0 before it began, of a job's worker
        self._condemned: set[str] = set()  # jobs given up before it was known in which process they are
        self._lost_at: dict[str, float] = {}
        self._dead_since: dict[int, float] = {}
        self._warm_up: Callable[[Send], None] | None = None
        self._warming: dict[str, Future[str]] = {}  # by address, ended ones too
        self._compiling: set[str] = set()
        self._held: set[str] = set()  # addresses
        self._teller = ThreadPoolExecutor(1)  # a worker that is busy compiling answers late
        self._starved: list[Event] = []
        self._client.subscribe_topic(TOPIC, self._heard.put)
        self._client.subscribe_topic(MEMORY_TOPIC, self._starved.append)

    def capacity(self) -> int:
        """How many jobs can run at once now: the workers that are warm. Dask gives a job to a worker at once and for
        good, so one more than these would wait behind another job, even when a worker that had to start anew is free
        again."""
        if self._local:
            self._replace_dead()
        return len(self._warm(self._addresses()))

    def training_slots(self, capacity: int) -> int:
        """How many of so many workers may train at once. Another is kept free for what somebody waits for; workers
        elsewhere keep it where they are more than one."""
        return self._slots if self._local else max(capacity - SPARE, 1)

    def warm_up(self, function: Callable[[Send], None]) -> None:
        """Have every worker, those to come as well, call `function(send)` before it counts as one that takes jobs; the
        one beside the slots `function(send, False)`, as one that trains nothing."""
        self._warm_up = function

    def hold_back(self, function: Callable[[bool], None], is_held: bool) -> None:
        """Have every worker without a job, those to come as well, call `function(True)` soon while this is held, and
        `function(False)` once it no longer is or the worker has a job."""
        idle = self._addresses() - {address for address, _ in self._places.values()} if is_held else set()
        for is_told, addresses in ((True, idle - self._held), (False, self._held - idle)):
            if addresses:
                self._teller.submit(self._client.run, function, is_told, workers=sorted(addresses), on_error="ignore")
        self._held = idle

    def compiling(self) -> list[str]:
        """Host and port of the workers whose warm-up has sent that they compile, and goes on."""
        return sorted(address.split("//")[-1] for address in self._compiling if not self._warming[address].done())

    def submit(self, key: str, function: Callable[..., str], *arguments: Any, is_awaited: bool = False) -> None:
        """Run `function(send, *arguments)` in a free worker; `heard` tells what it sends, and first that it began.
        What is awaited takes the worker beside the slots where that is free, and a training where no other is."""
        address = self._best_free(is_awaited)
        only: dict[str, Any] = {"workers": [address], "allow_other_workers": True} if address else {}
        only |= {"resources": {"train": 1}, "pure": False, "retries": 0, "fifo_timeout": "0s"}
        self._places[key] = address, 0
        self._futures[key] = self._client.submit(_call, key, function, arguments, key=key, **only)

    def heard(self) -> list[Message]:
        """What jobs have sent since the last call, in order; each message names its job under "key"."""
        messages = []
        given_up: dict[int, tuple[str, str]] = {}  # by process; a later job in it shows that one given up is over
        while not self._heard.empty():
            _, message = self._heard.get()
            given_up.pop(message["process"], None)
            if message["key"] in self._condemned:
                given_up[message["process"]] = message["key"], message["worker"]
            elif message["key"] in self._futures:
                self._places[message["key"]] = message["worker"], message["process"]
            if message.get("compiling") and message["worker"] in self._warming:
                self._compiling.add(message["worker"])
            if not message["key"].startswith(WARM_UP):
                messages.append(message)
        for process, (key, address) in given_up.items():
            self._condemned.discard(key)
            self._end_process(address, process)
        return messages

    def ended(self) -> list[Ended]:
        """The jobs that came to an end since the last call."""
        ends = [ended for key, future in list(self._futures.items()) if (ended := self._ending(key, future))]
        for ended in ends:
            self._futures.pop(ended.key)
            self._places.pop(ended.key, None)
        return ends

    def kill(self, key: str) -> None:
        """End a job that does not answer, with its worker process; it is reported as lost."""
        address, process = self._places.get(key, ("", 0))
        if process:
            self._end_process(address, process)
        else:
            self._condemned.add(key)  # it may have begun all the same, and `heard` will tell where
            self._futures[key].cancel()

    def _end_process(self, address: str, process: int) -> None:
        if self._local:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        else:
            self._client.run(os.kill, process, signal.SIGKILL, workers=[address], nanny=True, on_error="ignore")

    def close(self) -> None:
        """Let go of the workers; those that were started here end."""
        self._teller.shutdown(wait=False, cancel_futures=True)
        self._client.close()
        if self._local:
            self._local.close()

    def _addresses(self) -> set[str]:
        if self._local:
            return set(self._local.scheduler.workers) if self._local.scheduler else set()
        # Asked directly: a look that `scheduler_info` takes by itself, at no workers, may come between its two steps.
        scheduler = self._client.scheduler
        return set(self._client.sync(scheduler.identity, n_workers=-1)["workers"]) if scheduler else set()

    def _best_free(self, is_awaited: bool) -> str:
        """The address of a worker here that is warm and has no job; elsewhere all are alike, and Dask chooses."""
        if not self._local:
            return ""
        taken = {address for address, _ in self._places.values()}
        free = sorted(self._warm(self._addresses()) - taken)
        return min(free, key=lambda address: self._is_spare(address) != is_awaited, default="")

    def _is_spare(self, address: str) -> bool:
        """Whether it is the worker beside the slots, also after it had to start anew."""
        scheduler = self._local.scheduler if self._local else None
        worker = scheduler.workers.get(address) if scheduler else None
        return worker is not None and worker.name == self._slots

    def _warm(self, addresses: set[str]) -> set[str]:
        """Those that have warmed up; the others are asked to, as a job that takes their one thread."""
        if not self._warm_up:
            return addresses
        for gone in self._warming.keys() - addresses:
            del self._warming[gone]
            self._compiling.discard(gone)
        for new in addresses - self._warming.keys():
            key = f"{WARM_UP}{new} {time.monotonic()}"
            only = {"resources": {"train": 1}, "workers": [new], "pure": False, "retries": 0}
            arguments = (False,) if self._is_spare(new) else ()
            self._warming[new] = self._client.submit(_call, key, self._warm_up, arguments, key=key, **only)
        return {address for address, future in self._warming.items() if future.done()}

    def _ending(self, key: str, future: Future[str]) -> Ended | None:
        if not future.done():
            return None
        if future.status == "finished":
            return Ended(key, answer=future.result())
        error = None if future.cancelled() else future.exception()
        if error and not isinstance(error, KilledWorker):
            return Ended(key, error=error, trace=future.traceback())
        lost_at = self._lost_at.setdefault(key, time.monotonic())
        if time.monotonic() - lost_at < SETTLE_SECONDS:
            return None  # the message that it needed too much memory may still be on its way
        del self._lost_at[key]
        address, _ = self._places.get(key, ("", 0))
        is_starved = any(event["worker"] == address for _, event in self._starved)
        return Ended(key, is_lost=True, is_out_of_memory=is_starved)

    def _replace_dead(self) -> None:
        """Renew the nannies that have had no process for long: one whose worker dies while it starts waits for ever."""
        assert self._local and self._local.loop
        now = time.monotonic()
        for name, nanny in list(self._local.workers.items()):
            if nanny.is_alive():
                self._dead_since.pop(name, None)
            elif now - self._dead_since.setdefault(name, now) > DEAD_SECONDS:
                del self._dead_since[name]
                log.warning("worker %s did not come back; starting another", name)
                self._local.loop.add_callback(_renew, self._local, name)


def _give_up_at_once(dask_scheduler: Scheduler) -> None:
    """A job whose worker died is the engine's to queue again, not Dask's."""
    dask_scheduler.allowed_failures = 0


async def _renew(cluster: LocalCluster, name: int) -> None:
    """In the cluster's own thread."""
    nanny = cluster.workers.pop(name)
    cluster.scale(len(cluster.worker_spec))  # opens what is specified and not there
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(nanny.close(), DEAD_SECONDS)


def _local_cluster(count: int, folder: Path, memory: str) -> LocalCluster:
    return LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        protocol="tls",
        security=one_for_all(*self_signed()),
        dashboard_address="127.0.0.1:0",
        memory_limit=memory or MEMORY_SHARE / count,
        resources={"train": 1},
        local_directory=str(folder),  # a shared /tmp is no place for a worker's files
        env={"METRIC_LAB_STORE": str(folder.parent.absolute())},  # where what was brought lies
    )


def is_wanted(key: str) -> bool:
    """In the worker, in the context of a job: whether whoever submitted the job still waits for it. An engine that was
    killed does not."""
    task = get_worker().state.tasks.get(key)
    return task is not None and task.state == "executing"


def _call(key: str, function: Callable[..., str], arguments: tuple[Any, ...]) -> str:
    """In the worker: the job, with a way to be heard."""
    worker = get_worker()

    def send(message: Message) -> None:
        worker.log_event(TOPIC, message | {"key": key, "worker": worker.address, "process": os.getpid()})

    send({})
    return function(send, *arguments)
