"""A cluster whose workers share no folder with the store: its jobs find and leave their files in an exchange."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.engine.cluster import Cluster, Ended, is_wanted
from core.engine.transfers import Transfers
from core.jobs.elsewhere import run_elsewhere
from core.records.messages import Message
from core.runs.exchange import Exchange


class ExchangingCluster(Cluster):
    """As a cluster elsewhere, for whoever submits `run_job`; `exchange` is the address of the folder where files are
    exchanged, which other engines may use as well."""

    def __init__(self, slots: int, folder: Path, scheduler: str, exchange: str) -> None:
        self._space = hashlib.sha256(f"{platform.node()} {folder.absolute()}".encode()).hexdigest()[:16]
        self._address = exchange.rstrip("/")
        self._place = Exchange(f"{self._address}/{self._space}")
        self._place.check()
        self._place.remove("jobs")  # of an engine that was killed
        self._place.remove("files")
        super().__init__(slots, folder, scheduler)
        self._transfers = Transfers(self._place)
        self._unsettled: list[Ended] = []

    def submit(self, key: str, function: Callable[..., str], *arguments: Any, is_awaited: bool = False) -> None:
        """As of any cluster; the second of the arguments is the run folder, which the job finds elsewhere."""
        job, folder, experiment, *others = arguments
        self._transfers.begin(key, Path(folder), experiment)
        away = (self._address, self._space), key, is_wanted, job, Path(folder).name, experiment, *others
        super().submit(key, run_elsewhere, *away, is_awaited=is_awaited)

    def heard(self) -> list[Message]:
        """What jobs have sent; deliveries are taken in meanwhile."""
        messages = super().heard()
        for message in messages:
            if "delivery" in message:
                self._transfers.hear(message["key"], message["delivery"])
        self._transfers.look()
        return messages

    def ended(self) -> list[Ended]:
        """The jobs that came to an end and whose files are all in the store."""
        self._transfers.look()
        for key in self._transfers.given_up():
            self.kill(key)
        ends = [(end, self._transfers.settled(end)) for end in self._unsettled]
        # What has ended just now may have told of deliveries that `heard` is still to hear of.
        self._unsettled = [end for end, settled in ends if settled is None] + super().ended()
        return [settled for _, settled in ends if settled]

    def kill(self, key: str) -> None:
        """End a job that does not answer; one that has ended, and whose files are still on their way, is left to it."""
        if key in self._futures:
            super().kill(key)

    def close(self) -> None:
        """Let go of the workers, and leave nothing in the exchange."""
        super().close()
        self._transfers.close()
        self._place.remove("jobs")
        self._place.remove("files")
