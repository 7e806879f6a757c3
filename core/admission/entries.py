"""The files in whatever was brought: a folder, a zip or tar archive, or files one by one."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.admission.entry import Entry, Limits, is_aside, refusal_of, too_many, written_name
from core.admission.tar_entries import tar_entries
from core.admission.zip_entries import zip_entries
from core.system.quoting import brief

TARS = (".tar", ".tar.gz", ".tgz")
Listed = Sequence[tuple[str, Path]]  # files by the names that they are brought under


def entries_in(path: Path, limits: Limits | None = None) -> Iterator[Entry]:
    """Every file that is not hidden, as a stream. Raises ValueError for what is neither folder nor archive."""
    limits = limits or Limits()
    if path.is_dir():
        return listed_entries(_files_in(path, limits), limits)
    if path.name.lower().endswith(TARS):
        return tar_entries(path, limits)
    if path.name.lower().endswith(".zip") or zipfile.is_zipfile(path):
        return zip_entries(path, limits)
    raise ValueError(
        f"what is brought must be a folder, a zip or a tar archive, got {path.name!r}. Pack the images into a zip, one "
        "folder for each class."
    )


def listed_entries(files: Listed, limits: Limits | None = None) -> Iterator[Entry]:
    """Files of the disk, by name; links are not followed."""
    limits = limits or Limits()
    for number, (name, path) in enumerate(files, start=1):
        name = written_name(name)
        if is_aside(name):
            continue
        refusal = refusal_of(name) or _refusal_of(path, limits)
        content = b""
        if not refusal:
            try:
                content = path.read_bytes()
            except OSError as problem:
                refusal = f"it cannot be read ({brief(problem.strerror)})"
        yield Entry(name, content, number / len(files), refusal)


def _refusal_of(path: Path, limits: Limits) -> str:
    try:
        found = path.lstat()
    except OSError as problem:
        return f"it cannot be read ({brief(problem.strerror)})"
    if not stat.S_ISREG(found.st_mode):
        return "it is a link or a device, not a file"
    return f"it is larger than {limits.entry_bytes:,} bytes" if found.st_size > limits.entry_bytes else ""


def _files_in(root: Path, limits: Limits) -> list[tuple[str, Path]]:
    """All files of a folder in the order of their names, which is the same on every machine."""
    found: list[tuple[str, Path]] = []
    for folder, inner, files in os.walk(root, followlinks=False):
        inner.sort()
        for file in sorted(files):
            path = Path(folder) / file
            found.append((path.relative_to(root).as_posix(), path))
        if len(found) > limits.entries:
            raise too_many(root.name, limits)
    return found
