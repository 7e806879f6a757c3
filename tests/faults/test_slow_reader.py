"""A reader whose line is slow: nobody else waits for them, and what they have not taken does not pile up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tests.bench.thirty_viewers import _Written
from tests.bench.viewer import Viewer
from tests.browser.served import started
from tests.engines import Lab, eventually
from tests.faults.test_kill import submitted
from tests.faults.undisturbed import EXPERIMENT

WATCHED_SECONDS, REST_SECONDS = 30.0, 5.0  # after 40 the client itself takes a line on which nothing moves for dead
LATEST = 5.0  # seconds from a map to its frame at whoever reads as usual, of two cores that also train
MEGABYTES = 150


class SlowViewer(Viewer):
    """Takes a message, and rests."""

    def _take(self, content: str | bytes) -> None:
        super()._take(content)
        time.sleep(REST_SECONDS)


@pytest.mark.soak
def test_nobody_waits_for_a_slow_reader(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    experiment = replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, epochs=1000))
    lab, run = Lab(tmp_path / "store", "--slots", "1"), submitted(tmp_path / "store", experiment)
    lab.ensure()
    server = started("dashboard/app.py", {"METRIC_LAB_STORE": str(lab.store.root)}, tmp_path)
    try:
        eventually(lambda: len(run.maps()) >= 30, "the run shows its first maps")
        query = f"run={run.folder.name}"
        slow = [SlowViewer(server.address, "train", query) for _ in range(3)]
        usual = Viewer(server.address, "train", query)
        eventually(lambda: usual.arrivals, "the first maps arrive")
        written, before = _Written(run.folder), psutil.Process(server.process.pid).memory_info().rss
        began = time.monotonic()
        time.sleep(WATCHED_SECONDS)
        grown = (psutil.Process(server.process.pid).memory_info().rss - before) / 1e6
        for one in (usual, *slow, written):
            one.close()
    finally:
        server.close()
        lab.stop()
    end = began + WATCHED_SECONDS
    came = {name: at for name, at in usual.arrivals.items() if began < at < end and name in written.at}
    waits = [at - written.at[name] for name, at in came.items()]
    moments = [began, *sorted(came.values()), end]
    assert max(later - earlier for earlier, later in pairwise(moments)) < LATEST, "maps come all the time"
    assert len(came) > 5 and max(waits) < LATEST
    assert not usual.problems and all(one.received for one in slow)
    assert grown < MEGABYTES
    record_property("told", f"three slow readers: {len(came)} maps reach another within {max(waits):.2f} s")
