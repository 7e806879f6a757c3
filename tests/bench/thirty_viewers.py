"""Thirty readers of live pages, 25 on Train and 5 on Compare, while two trainings run: `watched` measures a build.

A live tick is the time from the moment a map's line is in the run folder to the last byte of its frame at a client.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil

from tests.bench.viewer import Viewer
from tests.browser.served import ROOT, Server, started

ON_TRAIN, ON_COMPARE = 25, 5
ALONE_SECONDS = 15.0
OPENING_SECONDS = 20.0
LOOK_SECONDS = 0.005
BEGUN = 12  # maps, of which seven are of the first epoch: what happens once is over then

# Starts two trainings in a store, by the build whose folder it runs in, and says their ids.
SUBMITTED = """
import sys
from pathlib import Path

try:
    from core.datasets.fashion_mnist import FashionMnist
    from core.engine.process import ensure_engine
    from core.experiment.experiment import Experiment
    from core.experiment.schedule import Schedule
    from core.runs.store import Store
except ImportError:
    from core.datasets.fashion_mnist import FashionMnist
    from core.schedule import Schedule
    from core.store import Store

    from core.engine import ensure_engine
    from core.experiment import Experiment
store = Store(Path(sys.argv[1]))
for seed in (0, 1):
    experiment = Experiment(dataset=FashionMnist(), schedule=Schedule(epochs=1000, seed=seed))
    print(store.submit(experiment.described(), experiment.run_id(), experiment.title()).id, flush=True)
ensure_engine(store.root, "--slots", "2")
"""


@dataclass(frozen=True)
class Watched:
    """`ticks` (seconds) of all readers of Train, how many a second for each, the longest time one went without a map,
    updates per second of both trainings alone and watched, megabytes of the web process in the middle and the last
    third, seconds of processor time per second of it and of the client, and what pages told of that went wrong."""

    ticks: list[float]
    rate: float
    longest_gap: float
    alone: float
    watched: float
    middle: float
    last: float
    server: float
    client: float
    problems: list[str]

    def percentile(self, share: float) -> float:
        """Of the ticks."""
        return sorted(self.ticks)[min(int(share * len(self.ticks)), len(self.ticks) - 1)]

    def __str__(self) -> str:
        half, most = statistics.median(self.ticks), self.percentile(0.95)
        return (
            f"{len(self.ticks)} ticks, {self.rate:.2f} a second for each reader: median {half:.3f} s, "
            f"p95 {most:.3f} s, worst {max(self.ticks):.3f} s; longest time without one {self.longest_gap:.2f} s\n"
            f"updates: {self.watched:.1f} a second, alone {self.alone:.1f}: {self.watched / self.alone:.3f}\n"
            f"web process {self.server:.2f} of a core, {self.middle:.0f} and {self.last:.0f} MB; "
            f"clients {self.client:.2f} of a core\n{len(self.problems)} problems {self.problems[:5]}"
        )


def watched(build: Path, seconds: float, readers: tuple[int, int] = (ON_TRAIN, ON_COMPARE)) -> Watched:
    """Measure a build for so long, after its trainings were alone for a while and all pages are open. Raises ValueError
    where a training has ended by then."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        environment = {**os.environ, "PYTHONPATH": str(build)}
        command = [sys.executable, "-c", SUBMITTED, str(store)]
        done = subprocess.run(command, cwd=build, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        names = done.stdout.split()
        server = started(build / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder), build)
        try:
            return _watched(server, [store / "runs" / name for name in names], seconds, readers)
        finally:
            server.close()


def _watched(server: Server, runs: Sequence[Path], seconds: float, readers: tuple[int, int]) -> Watched:
    while not all(_lines(run / "maps.jsonl") >= BEGUN for run in runs):
        time.sleep(0.5)
    alone = _speed(runs, ALONE_SECONDS)
    written = [_Written(run) for run in runs]
    names = [run.name for run in runs]
    viewers = [Viewer(server.address, "train", f"run={names[place % 2]}") for place in range(readers[0])]
    viewers += [Viewer(server.address, "compare", f"runs={','.join(names)}") for _ in range(readers[1])]
    time.sleep(OPENING_SECONDS)
    began, web = time.monotonic(), psutil.Process(server.process.pid)
    memory: list[float] = []
    times = web.cpu_times(), psutil.Process().cpu_times()
    counts = [_lines(run / "steps.jsonl") for run in runs]
    while time.monotonic() < began + seconds:
        time.sleep(min(1.0, seconds / 20))
        memory.append(web.memory_info().rss / 1e6)
    took = time.monotonic() - began
    updates = sum(_lines(run / "steps.jsonl") - before for run, before in zip(runs, counts, strict=True))
    ends = web.cpu_times(), psutil.Process().cpu_times()
    server_time, client_time = (
        (end.user + end.system - first.user - first.system) / took for first, end in zip(times, ends, strict=True)
    )
    for viewer in viewers:
        viewer.close()
    for one in written:
        one.close()
    if ended := [run.name for run in runs if (run / "result.json").exists()]:
        raise ValueError(
            f"both trainings must last as long as they are watched, got {ended} ended. Watch for less long."
        )
    ticks, gaps = _ticks(viewers[: readers[0]], written, began)
    third = len(memory) // 3
    return Watched(
        ticks=ticks,
        rate=len(ticks) / readers[0] / took,
        longest_gap=max(gaps, default=seconds),
        alone=alone,
        watched=updates / took,
        middle=statistics.median(memory[third : 2 * third]),
        last=statistics.median(memory[2 * third :]),
        server=server_time,
        client=client_time,
        problems=[problem for viewer in viewers for problem in viewer.problems],
    )


def _ticks(viewers: Sequence[Viewer], written: Sequence[_Written], began: float) -> tuple[list[float], list[float]]:
    """Of maps written since then: how long each took to each reader, who see one run and the other in turn, and the
    seconds between two that reached the same one."""
    ticks, gaps = list[float](), list[float]()
    for place, viewer in enumerate(viewers):
        came = viewer.arrivals
        moments = sorted(
            (came[name], came[name] - at) for name, at in written[place % 2].at.items() if at > began and name in came
        )
        ticks += [tick for _, tick in moments]
        gaps += [later - earlier for (earlier, _), (later, _) in pairwise(moments)]
    return ticks, gaps


class _Written:
    """When each map of a run was there, by the name of its frame."""

    def __init__(self, run: Path) -> None:
        self.at: dict[str, float] = {}
        self._path, self._is_open = run / "maps.jsonl", True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_open = False
        self._thread.join()

    def _watch(self) -> None:
        from core.records.snapshot_record import MapRecord
        from core.system.json_lines import read_lines
        from dashboard.figures.maps import frame_name

        size = -1
        while self._is_open:
            if (now := self._path.stat().st_size) != size:
                size, moment = now, time.monotonic()
                for line in read_lines(self._path, MapRecord.read):
                    self.at.setdefault(frame_name(line.epoch), moment)
            time.sleep(LOOK_SECONDS)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _speed(runs: Sequence[Path], seconds: float) -> float:
    """Updates a second of all together."""
    before, began = sum(_lines(run / "steps.jsonl") for run in runs), time.monotonic()
    time.sleep(seconds)
    return (sum(_lines(run / "steps.jsonl") for run in runs) - before) / (time.monotonic() - began)


if __name__ == "__main__":
    build = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    seconds, on_train, on_compare = (*map(float, sys.argv[2:5]), *(60.0, ON_TRAIN, ON_COMPARE)[len(sys.argv[2:5]) :])
    print(watched(build, seconds, (int(on_train), int(on_compare))))
