"""How the engine and the pages stand up to many runs: what a step of the engine, a request and a place in the queue
cost with a hundred thousand runs that wait beside a thousand, what the engine adds to a run, and how long a look at a
page takes with ten thousand kept runs beside ten. The small and the large store take turns, so that both meet the
same machine."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from core.comparison.record import HOME
from core.engine.dispatcher import Dispatcher
from core.engine.process import ensure_engine, stop_engine
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.runs.queue_places import place_of
from core.runs.run_row import Row
from core.runs.store import Store
from core.system.atomic_files import write_json
from dashboard.components.page_end import ICON
from tests.core.scripted import Scripted
from tests.dashboard.made_runs import made_run

FEW, MANY = 1_000, 100_000  # that wait
SMALL, LARGE = 10, 10_000  # that are kept
OWNERS, IN_A_SWEEP = 30, 60
STEPS, LOOKS, RUNS = 30, int(os.environ.get("METRIC_LAB_LOOKS", "60")), 20
MOST = 1.3
PAGES = ("train", "compare", "mine", "verify")


def rows() -> list[dict[str, Any]]:
    """All of it; in this process, so that a page is a script that is run."""
    logging.disable(logging.WARNING)  # Streamlit warns of every script without a browser
    with tempfile.TemporaryDirectory() as folder:
        found = [*_waiting(Path(folder)), _overhead(Path(folder))]
        return found + _kept(Path(folder))


def _waiting(folder: Path) -> list[dict[str, Any]]:
    stores = {count: _with_runs(folder / f"waits-{count}", count, "queued") for count in (FEW, MANY)}
    loops = {count: Dispatcher(store, Scripted(2), "no:job") for count, store in stores.items()}
    for count, loop in loops.items():
        for row in stores[count].next_queued(50):
            stores[count].folder(row.id).mkdir()
        stores[count]._has_caught_up = True  # which an engine does once, at its start
        loop.step()
    last = {count: store.row(f"{count:032x}") for count, store in stores.items()}
    asked = {
        "step of the engine, two at work": lambda count: loops[count].step(),
        "next run is taken from the queue": lambda count: stores[count].next_queued(10),
        "one more run is asked for": lambda count: _ask_for_one(stores[count]),
    }
    found = [_against(what, _in_turns(of, (FEW, MANY), STEPS), f"{FEW:,} wait", 1.5) for what, of in asked.items()]
    places = _in_turns(lambda count: place_of(stores[count], last[count]), (FEW, MANY), STEPS)
    told = _against("the place of the last run of the queue is looked up", places, f"{FEW:,} wait", 0.0)
    look = partial(_look_at_one, stores, {count: row.id for count, row in last.items()})
    page = "Train with the last run of the queue, 95 of 100"
    page_row = _against(page, _in_turns(look, (FEW, MANY), LOOKS), f"{FEW:,} wait", MOST)
    return [*found, told | {"bar": None, "holds": None}, page_row]


def _look_at_one(stores: dict[int, Store], names: dict[int, str], count: int) -> None:
    _look(stores[count], "train", is_open=False, run=names[count])


def _ask_for_one(store: Store) -> None:
    store.submit({}, f"{time.monotonic_ns():032x}", "one more")


def _overhead(folder: Path) -> dict[str, Any]:
    """From the end of one run to the beginning of the next on one worker whose work is to answer at once."""
    store = Store(folder / "overhead")
    options = ("--slots", "1", "--job", "tests.faults.jobs:count", "--warm-up", "")
    for number in range(RUNS + 1):
        store.submit({"epochs": 0}, f"{number:032x}", "run")  # nothing is left to count
    ensure_engine(store.root, *options)
    try:
        while any(row.state != "finished" for row in store.rows()):
            time.sleep(0.05)
    finally:
        stop_engine(store.root)
    ends = sorted(_seconds(row) for row in store.rows())
    each = float(np.median(np.diff(ends)))
    return _row("what the engine adds to a run", each, "s", 0.25, "one look around each 0.2 s", each <= 0.25)


def _seconds(row: Row) -> float:
    return datetime.fromisoformat(row.ended_at).timestamp()


def _kept(folder: Path) -> list[dict[str, Any]]:
    stores = {}
    for count in (SMALL, LARGE):
        root = folder / f"kept-{count}"
        experiment = Experiment(schedule=Schedule(epochs=2))
        for seed in range(2):
            made_run(root, experiment.changed({"schedule": {"seed": seed}}))
        stores[count] = _with_runs(root, count - 2, "finished")
    found = []
    for page in PAGES:
        for is_open in (False, True):
            look = partial(_look_in, stores, page, is_open=is_open)
            times = _in_turns(look, (SMALL, LARGE), LOOKS)
            what = f"{page.capitalize()}, the list of runs {'open' if is_open else 'closed'}, 95 of 100"
            found.append(_against(what, times, f"{SMALL} runs kept", MOST))
    return found


def _look_in(stores: dict[int, Store], page: str, count: int, *, is_open: bool) -> None:
    _look(stores[count], page, is_open=is_open)


def _look(store: Store, page: str, *, is_open: bool, run: str = "") -> None:
    """One look at a page that is open already, as after any click."""
    app = _opened(store, page)
    if run:
        app.query_params["run"] = run
    app.session_state["runs.panel"] = is_open
    app.run()
    assert not app.exception, app.exception
    assert not (ended := [one.value for one in app.error if one.icon == ICON]), ended


_pages: dict[tuple[Path, str], Any] = {}


def _opened(store: Store, page: str) -> Any:
    from streamlit.testing.v1 import AppTest

    from dashboard.lookups import runs
    from dashboard.runs import submit
    from tests.imports import ROOT

    os.environ["METRIC_LAB_STORE"] = str(store.root)
    submit.ensure_engine = lambda root: None
    runs.store.clear()
    if (store.root, page) not in _pages:
        app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=300)
        app.switch_page(f"views/{page}.py")
        app.run()
        _pages[store.root, page] = app
    return _pages[store.root, page]


def _with_runs(root: Path, count: int, state: str) -> Store:
    """A store with so many runs in its index; half of those that are kept belong to sweeps, and all have a folder."""
    store = Store(root)
    experiment = Experiment(schedule=Schedule(epochs=2))
    described = json.dumps(experiment.described())
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    values = [
        replace(Row(f"{number:032x}", f"run {number}", f"owner {number % OWNERS}", {}, now), state=state).columns()
        | {
            "experiment": described,
            "number": number + 10,
            "queue_order": number,
            "dataset": experiment.dataset.name,
            "size": 1_000_000,
        }
        for number in range(1, count + 1)
    ]
    with closing(sqlite3.connect(root / "index.sqlite")) as connection, connection:
        names = ", ".join(values[0])
        marks = ", ".join(f":{name}" for name in values[0])
        connection.executemany(f"INSERT INTO runs ({names}) VALUES ({marks})", values)
    if state == "finished":
        _with_sweeps(store, count)
        whole = next(folder for folder in store.runs.iterdir() if (folder / "result.json").exists())
        for one in values:
            store.folder(one["id"]).mkdir()
            for path in whole.iterdir():  # all are the same training, which is drawn whole
                if path.name not in ("state.json", "entry.json"):
                    (store.folder(one["id"]) / path.name).symlink_to(path)
    return store


def _with_sweeps(store: Store, count: int) -> None:
    (store.root / HOME).mkdir(exist_ok=True)
    for sweep, first in enumerate(range(1, max(count // 2, 5), IN_A_SWEEP), start=1):
        last = min(first + IN_A_SWEEP, count // 2 + 1)
        members = {f"{number:032x}": [f"strategy {number % 4}", number // 4, 0] for number in range(first, last)}
        made = {"format": 1, "id": f"{sweep:032x}", "title": f"sweep {sweep}", "created": "2026-01-01T00:00:00+00:00"}
        write_json(store.root / HOME / f"{sweep:032x}.json", made | {"members": members, "budget": {"updates": 1}})


def _in_turns(of: Callable[[int], object], counts: tuple[int, int], times: int) -> dict[int, list[float]]:
    """Seconds of each, after a first time that does not count."""
    taken: dict[int, list[float]] = {count: [] for count in counts}
    for turn in range(times + 1):
        for count in counts:
            begun = time.perf_counter()
            of(count)
            if turn:
                taken[count].append(time.perf_counter() - begun)
    return taken


def _against(what: str, times: dict[int, list[float]], name: str, most: float) -> dict[str, Any]:
    (few, many), at = times.values(), 95
    ours, peer = float(np.percentile(many, at)), float(np.percentile(few, at))
    print(f"{what}: medians {np.median(many):.5f} and {np.median(few):.5f} s", file=sys.stderr, flush=True)
    return _row(what, ours, "s", peer, f"with {name}, in turns", ours <= most * peer, f"<= {most}")


def _row(what: str, ours: float, unit: str, peer: float, name: str, holds: bool, bar: str = "<= 1") -> dict[str, Any]:
    cells = {"what": what, "ours": ours, "unit": unit, "peer": peer, "peer_name": name}
    return cells | {"ratio": ours / peer, "bar": bar, "holds": holds}
