"""A clock that a test sets: Python loads this first in every process whose path begins with this folder.

`time.time` and `datetime.now` are ahead of the machine's clock by the seconds in the file that METRIC_LAB_TEST_CLOCK
names; `time.monotonic` is left alone, as by whoever sets a clock. Of what other languages read of the clock, such as
the validity of certificates, nothing changes.
"""

import datetime
import mmap
import os
import struct
import time

with open(os.environ["METRIC_LAB_TEST_CLOCK"], "rb") as file:
    ahead = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

true_time, true_datetime = time.time, datetime.datetime


def set_time() -> float:
    """In place of `time.time`."""
    return true_time() + struct.unpack("d", ahead)[0]


class Kind(type):
    """What was made by others is one, too."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, true_datetime)


class SetDatetime(true_datetime, metaclass=Kind):
    """In place of `datetime.datetime`."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "SetDatetime":
        """By the clock that the test has set."""
        return cls.fromtimestamp(set_time(), tz)


SetDatetime.__module__, SetDatetime.__name__, SetDatetime.__qualname__ = "datetime", "datetime", "datetime"
time.time, datetime.datetime = set_time, SetDatetime
