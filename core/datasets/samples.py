"""What is learned from, whatever it is: samples with their labels and what else is known of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np


@dataclass(frozen=True, eq=False)
class Samples:
    """Values (N, ...), labels (N,) int64 (class or identity) and one name per label.

    A set may also say of each sample who made it, or with what: `groups` (N,) int64 with one name per group (an
    artist, a camera); and when: `sessions` (N,) int64 with names, or `times` (N,) float64, in seconds or any other
    unit. `names` (N,) are what the samples are called, mostly their files. The arrays become read-only, since one
    loaded set is shared by all who ask for it and has one digest.
    """

    values: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    groups: np.ndarray | None = None
    group_names: tuple[str, ...] = ()
    sessions: np.ndarray | None = None
    session_names: tuple[str, ...] = ()
    times: np.ndarray | None = None
    names: np.ndarray | None = None

    def __post_init__(self) -> None:
        self._check_values()
        count = len(self.values)
        _check_numbers(self.labels, count, self.class_names, what="labels", each="class", all_of="classes")
        _check_column(self.groups, count, self.group_names, "group")
        _check_column(self.sessions, count, self.session_names, "session")
        if self.times is not None and (
            self.times.dtype != np.float64 or self.times.shape != (count,) or not np.isfinite(self.times).all()
        ):
            raise ValueError(
                f"times must be ({count},) finite numbers of type float64, got {self.times.shape} of type "
                f"{self.times.dtype}. Give each sample its time, or none."
            )
        if self.names is not None and (self.names.dtype.kind != "U" or self.names.shape != (count,)):
            raise ValueError(
                f"names must be ({count},) words, got {self.names.shape} of type {self.names.dtype}. Name each sample."
            )
        for array in (self.values, self.labels, self.groups, self.sessions, self.times, self.names):
            if array is not None:
                array.setflags(write=False)

    def _check_values(self) -> None:
        """Raise ValueError where the values are not of the kind."""
        raise NotImplementedError

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self.values)

    @property
    def class_count(self) -> int:
        """How many classes have a name, seen or not."""
        return len(self.class_names)

    @property
    def known(self) -> dict[str, np.ndarray]:
        """What is known of each sample beside its label (N,): numbers of its `group` and `session`, and its `time`."""
        told = {"group": self.groups, "session": self.sessions, "time": self.times}
        return {column: values for column, values in told.items() if values is not None}

    def columns(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """What is known of each of some samples (R,) beside its label: `group` and `session` by name, `time`, and the
        `names` of the samples; only what the set says."""
        told: dict[str, np.ndarray] = {}
        for column, numbers, names in (
            ("group", self.groups, self.group_names),
            ("session", self.sessions, self.session_names),
        ):
            if numbers is not None:
                told[column] = np.array(names, np.str_)[numbers[rows]]
        if self.times is not None:
            told["time"] = self.times[rows]
        return told if self.names is None else told | {"names": self.names[rows]}

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex of everything a training could see: shape, type, values, labels, names of the classes, and
        groups, sessions and times if any."""
        header: list[object] = [self.values.shape, self.values.dtype.str, "<i8", self.class_names]
        header += [self.group_names] if self.groups is not None else []
        # Sets of groups alone are named as before there were sessions.
        header += [{"sessions": self.session_names}] if self.sessions is not None else []
        header += ["times"] if self.times is not None else []
        content = sha256(json.dumps(header).encode())
        content.update(np.ascontiguousarray(self.values).data)
        content.update(np.ascontiguousarray(self.labels, dtype="<i8").data)
        for numbers in (self.groups, self.sessions):
            if numbers is not None:
                content.update(np.ascontiguousarray(numbers, dtype="<i8").data)
        if self.times is not None:
            content.update(np.ascontiguousarray(self.times, dtype="<f8").data)
        return content.hexdigest()


def _check_column(numbers: np.ndarray | None, samples: int, names: tuple[str, ...], what: str) -> None:
    if numbers is not None:
        _check_numbers(numbers, samples, names, what=f"{what}s", each=what, all_of=f"{what}s")
    elif names:
        raise ValueError(f"{what}s must be given with their names, got {len(names)} names alone. Add them.")


def _check_numbers(
    numbers: np.ndarray, samples: int, names: tuple[str, ...], *, what: str, each: str, all_of: str
) -> None:
    if numbers.dtype != np.int64 or numbers.shape != (samples,):
        raise ValueError(
            f"{what} must be ({samples},) of type int64, one for each sample, "
            f"got {numbers.shape} of type {numbers.dtype}. Number the {all_of} from 0."
        )
    if numbers.min() < 0 or numbers.max() >= len(names):
        raise ValueError(
            f"{what} must be from 0 to {len(names) - 1}, one number for each {each} name, "
            f"got {numbers.min()} to {numbers.max()}. Number the {all_of} from 0 and name each."
        )
    if len(set(names)) < len(names):
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{each} names must differ, got {repeated!r} more than once. Rename one of them.")
