"""A cluster of the tests' own: jobs end when, and as, the test says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.cluster import Ended


class Scripted:
    """Stands for core.cluster.Cluster; `jobs` holds what was submitted and not yet ended, by key."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.jobs: dict[str, Path] = {}
        self.killed: list[str] = []
        self._ended: list[Ended] = []
        self._heard: list[dict[str, Any]] = []

    def capacity(self) -> int:
        return self.slots

    def submit(self, key: str, function: Callable[..., str], *arguments: Any) -> None:
        job, folder, experiment, device = arguments
        self.jobs[key] = Path(folder)
        assert len(self.jobs) <= self.slots

    def heard(self) -> list[dict[str, Any]]:
        heard, self._heard = self._heard, []
        return heard

    def ended(self) -> list[Ended]:
        ended, self._ended = self._ended, []
        return ended

    def kill(self, key: str) -> None:
        self.killed.append(key)
        self.end(key, is_lost=True)

    def say(self, key: str, epoch: int) -> None:
        self._heard.append({"key": key, "epoch": epoch, "epochs": 10, "step": epoch, "seconds": float(epoch)})

    def end(self, key: str, **what: Any) -> None:
        del self.jobs[key]
        self._ended.append(Ended(key, **what))

    def wanted(self, key: str) -> str:
        return (self.jobs[key] / "wanted").read_text()
