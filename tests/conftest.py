"""What every test shares. The limits stand before anything imports torch, which reads them once."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

# One thread each: bit-equal results, and a test machine's few cores are shared with workers and a browser.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

# Compiling and importing make a first example slow; a deadline would fail on that and find no fault.
settings.register_profile("metric-lab", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("metric-lab")

ENDS = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """A page that a test gives no store has an empty one of this process, where the lock of an engine is held: it
    believes that one is at work, and starts none. Not by tests/engines.py, for whoever changes core before a test
    imports it (tests/mutants)."""
    ends = config.stash[ENDS] = ExitStack()
    store = ends.enter_context(tempfile.TemporaryDirectory(prefix="metric-lab-tests-"))
    (Path(store) / "engine").mkdir(mode=0o700)
    ends.enter_context(FileLock(Path(store) / "engine" / "lock"))
    os.environ["METRIC_LAB_STORE"] = store


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[ENDS].close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take longest come first, so that two processes that share the files end together."""
    items.sort(key=lambda item: not {"browser", "faults"} & set(item.path.parts))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What long tests have measured, which says more than that they passed."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [str(value) for report in reports for name, value in report.user_properties if name == "told"]
    if told:
        terminalreporter.section("measured")
        for line in told:
            terminalreporter.write_line(line)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
