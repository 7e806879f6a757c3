"""Files that a browser sent, each in a folder with a number, under what is plain of its name, which errors quote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from core.admission.asked import Asked
from core.admission.data_owners import Owner
from core.admission.preparation import Preparation

NAME_LENGTH = 80


class File(Protocol):
    """What a browser sent."""

    @property
    def name(self) -> str:
        """As on the user's disk, with the folders of it where a whole one was sent."""

    def getbuffer(self) -> memoryview:
        """The whole content."""


def keep_files(files: Sequence[File], folder: Path) -> tuple[tuple[str, str], ...]:
    """Write them into the folder; each one's name with its path."""
    kept: list[tuple[str, str]] = []
    for number, file in enumerate(files):
        path = folder / str(number) / plain_name(file.name)
        path.parent.mkdir()
        with path.open("wb") as written:
            written.write(file.getbuffer())
        kept.append((file.name, str(path)))
    return tuple(kept)


def plain_name(name: str) -> str:
    """Letters, digits, points, hyphens and underscores of a name, with its suffix; it leads nowhere."""
    base = re.sub(r"[^A-Za-z0-9._-]+", "_", re.split(r"[/\\]", name)[-1]).lstrip(".")
    return base[-NAME_LENGTH:].lstrip(".") or "file"


def asked_for(
    files: tuple[tuple[str, str], ...],
    preparation: Preparation,
    *,
    groups_from_folders: bool = False,
    chosen: Mapping[str, str] | None = None,
    owner: Owner | None = None,
) -> Asked:
    """A request for these files, which become the owner's; `chosen` says of a role which column has it.

    Raises ValueError where there are none.
    """
    return Asked(
        files=files,
        preparation=preparation,
        groups_from_folders=groups_from_folders,
        chosen=dict(chosen or {}),
        owner=owner or Owner(),
    )
