"""Draw changes by a seed, try each against the tests of its file, and list what no test has noticed.

What torch and the tests import stands ready in one process, and each change is made in a copy of that: a change costs
no more than its tests.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from tests.imports import ROOT
from tests.mutants.changes import Change, changed, changes_of

ROOMS = ("losses", "miners", "statistics", "evidence", "thresholds")
EQUIVALENT = Path(__file__).with_name("equivalent.json")
SECONDS = 90.0  # after which tests that go on for ever have noticed
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
    """The tests of a file, the nearest first: those of its name and of its family, then all of its room."""
    room, name = Path(file).parent.name, Path(file).stem
    folder = ROOT / "tests" / "core" / room
    near = [folder / f"test_{name}.py", *sorted(folder.glob("test_every_*.py"))]
    found = [str(path) for path in near if path.exists()]
    return [found, [str(folder), *(["--deselect", *found[:1]] if found else [])]]


def drawn(count: int, seed: int) -> list[Change]:
    """So many changes of all that there are."""
    files = [path for room in ROOMS for path in sorted((ROOT / "core" / room).glob("*.py"))]
    everything = [change for path in files for change in changes_of(path, ROOT)]
    return random.Random(seed).sample(everything, min(count, len(everything)))


def is_noticed(change: Change) -> bool:
    """Whether a test fails, or never ends, by the change; by none at all where its number is below 0."""
    context = multiprocessing.get_context("fork")
    for tests in tests_of(change.file):
        if not tests:
            continue
        child = context.Process(target=_try, args=(change, tests))
        child.start()
        child.join(SECONDS)
        if child.is_alive():
            child.kill()
            child.join()
            return True
        if child.exitcode:
            return True
    return False


def _try(change: Change, tests: list[str]) -> None:
    import pytest

    for name in [name for name in sys.modules if name.split(".")[0] == "core"]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Mutated(change))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    status = pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *tests])
    os._exit(int(status != 0))


def unchanged(changes: list[Change]) -> list[Change]:
    """A change of nothing in one file of each room."""
    rooms = {Path(change.file).parent: change for change in changes}
    return [replace(change, number=-1) for change in rooms.values()]


def equivalents() -> dict[str, str]:
    """Changes that change nothing, as they are told, with the reason."""
    return json.loads(EQUIVALENT.read_text())


def key_of(change: Change) -> str:
    """What a change is known by while its line stays: not by the number of that."""
    return f"{change.file} | {change.kind} | {change.was.strip()}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    import torch  # noqa: F401  # before the copies are made

    import tests.conftest  # noqa: F401

    known, changes, began = equivalents(), drawn(asked.count, asked.seed), time.monotonic()
    left = [change for change in changes if key_of(change) not in known]
    if failing := [change.file for change in unchanged(changes) if is_noticed(change)]:
        print(f"the tests must pass before anything is changed, got failures of {', '.join(failing)}")
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
