"""Draw changes by a seed, try each against the tests of its file, and list what no test has noticed.

What the tests import stands ready in one process, and each change is made in a copy of that: a change costs no more
than its tests.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import resource
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from tests.imports import ROOT
from tests.mutants.changes import Change, changed, changes_of

ROOMS = ("losses", "miners", "statistics", "evidence", "thresholds")
NEIGHBOURS = ("batch", "kernels", "measurement", "reidentification", "verification")  # whose tests hold numbers, too
EQUIVALENT = Path(__file__).with_name("equivalent.json")
COMPUTING, WAITING = 120, 900.0  # seconds; tests that take longer go on for ever, and have noticed
IMPORTED = ("numba", "pytorch_metric_learning.losses", "scipy.stats", "sklearn.linear_model", "sklearn.metrics")
MOST_EQUIVALENT, FEWEST_CAUGHT = 0.05, 0.95


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module as it is after a change."""

    def __init__(self, change: Change) -> None:
        self.change, self.name = change, change.file.removesuffix(".py").replace("/", ".")

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, ROOT / self.change.file, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        tree = changed((ROOT / self.change.file).read_text(), self.change)
        exec(compile(tree, str(ROOT / self.change.file), "exec"), module.__dict__)


def tests_of(file: str) -> list[list[str]]:
    """The tests of a file, the nearest first: those of its name and of its family, others that import it, then all of
    its room."""
    room, name = Path(file).parent.name, Path(file).stem
    folder = ROOT / "tests" / "core" / room
    own = [folder / f"test_{name}.py", *sorted(folder.glob("test_every_*.py")), *sorted(folder.glob("test_curves.py"))]
    imported = f"from core.{room}.{name} import "
    near = [path for place in (room, *NEIGHBOURS) for path in sorted((folder.parent / place).rglob("test_*.py"))]
    importing = [path for path in near if imported in path.read_text()]
    steps: list[list[str]] = []
    for paths in (own, importing, sorted(folder.glob("test_*.py"))):
        tried = {path for step in steps for path in step}
        steps.append([str(path) for path in paths if path.exists() and str(path) not in tried])
    return [step for step in steps if step]


def every_change() -> list[Change]:
    """All that can be made in the rooms."""
    files = [path for room in ROOMS for path in sorted((ROOT / "core" / room).glob("*.py"))]
    return [change for path in files for change in changes_of(path, ROOT)]


def drawn(count: int, seed: int) -> list[Change]:
    """So many changes of all that there are. Each has its place by its own text: where a line is rewritten, those of
    others stay."""
    places: dict[bytes, Change] = {}
    alike: Counter[str] = Counter()  # of two changes on one line in what reads the same
    for change in every_change():
        key = key_of(change)
        alike[key] += 1
        places[sha256(f"{seed} {alike[key]} {key}".encode()).digest()] = change
    return [places[place] for place in sorted(places)[:count]]


def is_noticed(change: Change) -> bool:
    """Whether a test fails, or never ends, by the change."""
    return any(fails(tests, change) for tests in tests_of(change.file))


def fails(tests: list[str], change: Change | None, seconds: int = COMPUTING) -> bool:
    """Whether one of the tests does, with the change or as everything stands."""
    child = multiprocessing.get_context("fork").Process(target=_try, args=(tests, change, seconds))
    child.start()
    child.join(WAITING)
    if child.is_alive():
        child.kill()
        child.join()
    return bool(child.exitcode)


def _try(tests: list[str], change: Change | None, seconds: int) -> None:
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if change:
        sys.meta_path.insert(0, _Mutated(change))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    status = pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *tests])
    os._exit(int(status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)))


def prepare() -> None:
    """Import what tests import, none of it of core."""
    importlib.import_module("tests.conftest")  # first: it says how many threads others may use
    for name in IMPORTED:
        importlib.import_module(name)


def equivalents() -> dict[str, str]:
    """Changes that change nothing, as they are told, with the reason."""
    return json.loads(EQUIVALENT.read_text())


def key_of(change: Change) -> str:
    """What a change is known by while its line stays: not by the number of that."""
    return f"{change.file} | {change.kind} in {change.part} | {change.was.strip()}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    prepare()
    known, changes, began = equivalents(), drawn(asked.count, asked.seed), time.monotonic()
    left = [change for change in changes if key_of(change) not in known]
    everything = sorted({test for change in left for step in tests_of(change.file) for test in step})
    if fails(everything, None, 10 * COMPUTING):
        print("the tests must pass before anything is changed, got a failure. Run `make test`.")
        return 1
    survived: list[Change] = []
    with ThreadPoolExecutor(asked.workers) as pool:
        for number, (change, noticed) in enumerate(zip(left, pool.map(is_noticed, left), strict=True), start=1):
            if not noticed:
                survived.append(change)
                print(f"not noticed: {change}", flush=True)
            if sys.stderr.isatty():
                print(f"\r{number} of {len(left)}", end="", file=sys.stderr, flush=True)
    caught = 1 - len(survived) / max(len(left), 1)
    same = 1 - len(left) / len(changes)
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(change.kind for change in changes).most_common())
    print(f"{len(changes)} changes by seed {asked.seed} ({kinds}) in {time.monotonic() - began:.0f} s")
    print(f"{len(changes) - len(left)} change nothing ({same:.1%}); of the others {caught:.1%} were noticed")
    return int(caught < FEWEST_CAUGHT or same > MOST_EQUIVALENT)


if __name__ == "__main__":
    raise SystemExit(main())
