"""A set whose columns get other roles: what was the session becomes the group, say, or nothing; values stay as they
are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from core.admission.column_meaning import NONE
from core.datasets.samples import Samples

ROLES = ("label", "group", "session")  # that can be exchanged: numbers with names


def with_roles(samples: Samples, chosen: Mapping[str, str]) -> Samples:
    """`chosen` says of a role which column of the set has it now: `label`, `group` or `session`, or NONE; of `time`
    only `time` or NONE. What is not named stays. Raises ValueError where the set has no such column, and where nothing
    would be the label."""
    columns = {
        "label": (samples.labels, samples.class_names),
        "group": (samples.groups, samples.group_names),
        "session": (samples.sessions, samples.session_names),
    }
    _check(samples, columns, chosen)
    taken = {role: chosen.get(role, role) for role in ROLES}
    arguments: dict[str, Any] = {}
    for role, plural, named in (
        ("label", "labels", "class_names"),
        ("group", "groups", "group_names"),
        ("session", "sessions", "session_names"),
    ):
        numbers, names = (None, ()) if taken[role] == NONE else columns[taken[role]]
        arguments |= {plural: numbers, named: names}
    times = None if chosen.get("time") == NONE else samples.times
    return replace(samples, **arguments, times=times)


def _check(
    samples: Samples, columns: Mapping[str, tuple[np.ndarray | None, tuple[str, ...]]], chosen: Mapping[str, str]
) -> None:
    there = [name for name, (numbers, _) in columns.items() if numbers is not None]
    for role, column in chosen.items():
        is_known = column in there if role in ROLES else column == "time" and samples.times is not None
        if not is_known and (column != NONE or role == "label"):
            raise ValueError(
                f"the {role} must be one of the columns {', '.join(there)} of the set, got {column[:60]!r}. Choose one "
                "of these, or bring the files again and name the column."
            )
