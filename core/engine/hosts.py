"""A scheduler and workers that stand ready for engines, each started by one command on whichever host.

What: what `python -m core cluster` runs. They are set up as the engine's own are (core/engine/cluster.py). Other ways
to start them, such as a batch system's, must say the same of one thread and the resource.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from pathlib import Path

import dask
from distributed import Nanny, Scheduler

from core.engine.cluster import CONFIGURATION, MEMORY_SHARE
from core.engine.tls import made_certificate, security_here, security_of
from core.system.locations import store_root

CLOSE_SECONDS = 10.0
Told = Callable[[str], None]


def serve_scheduler(host: str, port: int, told: Told) -> None:
    """Serve until ended; `told` gets the address once it listens. The certificate is made where there is none."""
    if not dask.config.get("distributed.comm.tls.ca-file", None):
        made_certificate()
    _set_up()
    asyncio.run(_scheduler(host, port, told))


def serve_workers(scheduler: str, count: int, memory: str, told: Told) -> None:
    """Serve until ended, or until the scheduler has ended; each worker that dies is replaced. Raises ValueError where
    no scheduler answers, or it does not take the certificate."""
    security_of(scheduler)
    _set_up()
    asyncio.run(_workers(scheduler, count, memory, told))


def _set_up() -> None:
    dask.config.set(CONFIGURATION)
    logging.getLogger("distributed").setLevel(logging.WARNING)


async def _scheduler(host: str, port: int, told: Told) -> None:
    try:
        scheduler = await Scheduler(protocol="tls", host=host, port=port, security=security_here(), dashboard=False)
    except (OSError, RuntimeError) as problem:  # Dask wraps the error of a socket, at some moments
        cause = problem if isinstance(problem, OSError) else problem.__cause__
        if not isinstance(cause, OSError):
            raise
        raise ValueError(f"the port of the scheduler must be free, got {cause}. Choose another: --port.") from None
    async with scheduler:
        told(scheduler.address)
        await _until_ended()


async def _workers(scheduler: str, count: int, memory: str, told: Told) -> None:
    folder = store_root() / "engine"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    nannies = [_nanny(scheduler, count, memory, folder) for _ in range(count)]
    ended = asyncio.create_task(_until_ended())
    try:
        await asyncio.wait({ended, asyncio.gather(*nannies)}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            told(scheduler)
            finished = asyncio.gather(*(nanny.finished() for nanny in nannies))
            await asyncio.wait({ended, finished}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await asyncio.gather(*(nanny.close(timeout=CLOSE_SECONDS) for nanny in nannies))


def _nanny(scheduler: str, count: int, memory: str, folder: Path) -> Nanny:
    return Nanny(
        scheduler,
        nthreads=1,
        resources={"train": 1},
        memory_limit=memory or MEMORY_SHARE / count,
        local_directory=str(folder),
        security=security_here() if scheduler.startswith("tls") else None,
        env={"METRIC_LAB_STORE": str(store_root().absolute())},
    )


async def _until_ended() -> None:
    """Until this process is asked to end."""
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
