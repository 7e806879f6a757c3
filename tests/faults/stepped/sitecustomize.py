"""A clock that a test sets: Python loads this first in every process whose path begins with this folder.

`time.time` is ahead of the machine's clock by the seconds in the file that METRIC_LAB_TEST_CLOCK names, and so is
`datetime.now` where the store and Dask's certificates ask it: elsewhere libraries rely on the class as it was compiled.
`time.monotonic` is left alone, as by whoever sets a clock.
"""

import datetime
import mmap
import os
import struct
import sys
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, SimpleNamespace
from typing import Any

ASKING = ("core.runs.store", "distributed.security")

with open(os.environ["METRIC_LAB_TEST_CLOCK"], "rb") as file:
    ahead = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

true_time = time.time


def set_time() -> float:
    """In place of `time.time`."""
    return true_time() + struct.unpack("d", ahead)[0]


class SetDatetime(datetime.datetime):
    """In place of `datetime.datetime`."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "SetDatetime":
        """By the clock that the test has set."""
        return cls.fromtimestamp(set_time(), tz)


class Finder(MetaPathFinder):
    """Gives those who ask the time the other class, once they are loaded."""

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As the usual finder; None for all others."""
        spec = PathFinder.find_spec(name, path) if name in ASKING else None
        if spec and spec.loader:
            load = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                load(module)
                is_class = module.datetime is datetime.datetime
                module.datetime = SetDatetime if is_class else SimpleNamespace(**vars(datetime) | NAMES)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


NAMES = {"datetime": SetDatetime}
time.time = set_time
sys.meta_path.insert(0, Finder())
