"""Thousands of spoilt files and strange addresses: each is read, shown, or refused in a sentence, and memory stays."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from core.distances import EUCLIDEAN
from core.jobs.read_upload import Asked, read
from core.readers.pair_list import Corrections
from core.runs.store import Store
from tests.core.readers.fuzzed_files import fuzzed
from tests.dashboard.made_runs import made_run
from tests.dashboard.pages import visited

FILES, ADDRESSES = 5000, 1000
ON_THE_PAGE = Corrections(closer_otherwise="larger", failures_otherwise="refused")
PAGES = ("learn", "train", "mine", "verify", "compare", "status")
NAMES = (
    *("run", "runs", "lesson", "frame", "moment", "metric", "numbers", "epoch", "anchor", "margin", "snapshot", "goal"),
    *("far", "frr", "threshold", "safe", "weights", "protocol", "section", "order", "beside", "share", "seed", "loss"),
)
VALUES = (
    *("", " ", "0", "-1", "1e999", "nan", "inf", "-inf", "9" * 400, "0x10", "1_000", "٣", "½", "None", "null", "true"),
    *("../../etc/passwd", "\0", "%00", "'; DROP TABLE runs; --", "<script>", "${x}", "{x}", "{0}", "a,b,,", ",", "\n"),
    *(
        "digits-softmax",
        "digits-softmax,digits-semi-hard",
        "digits-softmax," * 50,
        "f" * 32,
        "F" * 32,
        "g" * 32,
        "é" * 99,
    ),
)

pytestmark = pytest.mark.soak


def resident() -> float:
    return psutil.Process().memory_info().rss / 1e6


def test_spoilt_files(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    outcomes, held = Counter[str](), []
    for seed in range(FILES):
        files, words, how = fuzzed(seed)
        folder = tmp_path / str(seed % 50)
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        others = [name for name in files if name != words[0]]
        listed = folder / others[0] if others else None
        asked = Asked(folder / words[0], listed, (words[0], others[0] if others else None), EUCLIDEAN, ON_THE_PAGE)
        try:
            read(asked)
            outcomes["read"] += 1
        except ValueError as problem:
            outcomes["refused"] += 1
            assert " must " in str(problem) and "\n" not in str(problem), how
        for name in files:
            (folder / name).unlink()
        if seed % 500 == 499:
            held.append(resident())
    assert min(outcomes.values()) > FILES / 10
    assert held[-1] <= 1.1 * held[len(held) // 2], held
    record_property(
        "told", f"{FILES:,} spoilt files: {dict(outcomes)}, no traceback, memory {held[0]:.0f} to {held[-1]:.0f} MB"
    )


def test_strange_addresses(store: Store, record_property: Callable[[str, object], None]) -> None:
    own = made_run(store.root).folder.name
    chance, held = random.Random(0), []
    for number in range(ADDRESSES):
        said = {name: chance.choice((*VALUES, own)) for name in chance.sample(NAMES, chance.randint(1, 6))}
        app = visited(chance.choice(PAGES), **said)
        assert not app.exception, said
        if number % 100 == 99:
            held.append(resident())
    assert held[-1] <= 1.15 * held[len(held) // 2], held
    record_property("told", f"{ADDRESSES:,} strange addresses: no traceback, memory {held[0]:.0f} to {held[-1]:.0f} MB")
