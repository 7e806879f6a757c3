"""A cluster of the tests' own: jobs end when, and as, the test says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.engine.cluster import Ended
from core.engine.dispatcher import Dispatcher
from core.runs.store import Store


class Scripted:
    """Stands for core.engine.cluster.Cluster; `jobs` holds what was submitted and not yet ended, by key."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.spare = 0  # workers beside the slots
        self.jobs: dict[str, Path] = {}
        self.parts: dict[str, str] = {}  # which part of its run a job is, "" for the whole
        self.killed: list[str] = []
        self.is_held = False  # whether workers without a job are told to wait with what they load beforehand
        self._ended: list[Ended] = []
        self._heard: list[dict[str, Any]] = []

    def capacity(self) -> int:
        return self.slots + self.spare

    def training_slots(self, capacity: int) -> int:
        assert capacity == self.capacity()
        return self.slots

    def submit(self, key: str, function: Callable[..., str], *arguments: Any, is_awaited: bool = False) -> None:
        job, folder, experiment, device, part = arguments
        assert key not in self.parts, "no key is ever given twice"
        self.jobs[key], self.parts[key] = Path(folder), part
        assert len(self.jobs) <= self.slots + self.spare

    def hold_back(self, function: Callable[[bool], None], is_held: bool) -> None:
        self.is_held = is_held

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

    def at_work(self, folder: Path) -> list[str]:
        """The parts of a run that are under way, in the order in which they were submitted."""
        return [self.parts[key] for key, of in self.jobs.items() if of == folder]

    def wanted(self, key: str) -> str:
        return (self.jobs[key] / "wanted").read_text()


class Scene:
    """A store, a cluster of two slots and the loop over both."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root)
        self.restart()

    def restart(self) -> None:
        """As after `kill -9`: nothing but the store is left."""
        self.cluster = Scripted(slots=2)
        self.dispatcher = Dispatcher(self.store, self.cluster, "no:job")

    def submit(self, number: int, owner: str = "") -> str:
        return self.store.submit({}, f"{number:032x}", f"run {number}", owner).id

    def bring(self, number: int, owner: str = "") -> str:
        """Ask for a run that somebody waits for."""
        return self.store.submit({"upload": {}}, f"{number:032x}", f"upload {number}", owner).id

    def state(self, run_id: str) -> str:
        return self.store.row(run_id).state

    def job(self, run_id: str) -> str:
        return next(key for key in self.cluster.jobs if key.startswith(run_id))

    def begun(self, run_id: str) -> list[str]:
        """The parts of a run that are under way, "" for the whole."""
        return self.cluster.at_work(self.store.folder(run_id))
