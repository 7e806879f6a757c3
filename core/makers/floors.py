"""The floor of every room of core and of the dashboard: a room looks only at rooms on lower floors.

A room is a folder or a module at the top of its package. The rooms of one floor do not look at each other. Whatever
the dashboard looks at in core lies below all of its own floors.
"""

from __future__ import annotations


def _floors(*floors: str) -> dict[str, int]:
    """Room -> floor, from the names of the rooms on each, the lowest first."""
    return {room: number for number, rooms in enumerate(floors, start=1) for room in rooms.split()}


FLOORS: dict[str, dict[str, int]] = {
    "core": _floors(
        "params lazy system records",
        "kernels models lessons",
        "batch",
        "augmentations distances datasets encoders samplers miners losses",
        "experiment statistics maps",
        "linter training verification",
        "reidentification evidence",
        "thresholds measurement comparison",
        "handover readers runs",
        "admission",
        "jobs",
        "engine makers",
        "cli",
        "__main__",
    ),
    "dashboard": _floors(
        "markdown palette wording",
        "core_words worded",
        "components entrance notices",
        "figures url",
        "lookups settings",
        "classroom",
        "runs",
        "glossary",
        "train mine compare verify explore data playground",
        "lessons",
        "views",
        "reader_language",
        "navigation app",
    ),
}
