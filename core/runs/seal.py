"""What the files of a finished run were, so that a damaged one is not taken for a result.

`digests.json` holds the size and SHA-256 of every file that a result stands on. A file is hashed when it is read first,
and again when its time or size has changed. Runs of earlier versions have no such file and are read as they are.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from core.system.atomic_files import write_json

FILE = "digests.json"
# The engine and readers write these later, or nothing is read out of them once a run is finished.
OTHERS = {FILE, "state.json", "entry.json", "wanted", ".lock"}
FOLDERS = {"checkpoints", "parts"}
CHUNK = 1 << 20
KEPT = 4096  # files whose soundness is remembered


class _Stamp(NamedTuple):
    changed: int
    size: int
    number: int


_read: dict[Path, tuple[_Stamp, dict[str, Any]]] = {}
_sound: dict[tuple[Path, str], _Stamp] = {}


def seal(folder: Path) -> None:
    """Write down what the files of a run are, once it is finished and nobody writes them any more."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    kept = [name for name in names if name not in OTHERS and name.split("/")[0] not in FOLDERS]
    kept = [name for name in kept if not name.rpartition("/")[2].startswith(".")]
    digests = {name: {"bytes": (folder / name).stat().st_size, "sha256": _digest(folder / name)} for name in kept}
    write_json(folder / FILE, digests)


def check(folder: Path, name: str) -> None:
    """Raise ValueError where a file of a sealed run is not what it was; what it did not have then is not judged."""
    expected = _expected(folder).get(name)
    path = folder / name
    if expected is None or (stamp := _stamp(path)) is None:
        return
    key = path, expected["sha256"]
    if _sound.get(key) == stamp:
        return
    if stamp.size != expected["bytes"] or _digest(path) != expected["sha256"]:
        raise ValueError(
            f"{path} must be what it was when the run finished, got other bytes. Restore it from a copy of the "
            "store, or remove the run and start it again."
        )
    if len(_sound) >= KEPT:
        _sound.clear()
    _sound[key] = stamp


def _expected(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if (stamp := _stamp(path)) is None:
        return {}
    known = _read.get(folder)
    if known is None or known[0] != stamp:
        try:
            found = json.loads(path.read_text())
        except ValueError as problem:
            raise ValueError(f"{path} must be JSON, got {problem}. Restore it, or remove it and the run.") from None
        if len(_read) >= KEPT:
            _read.clear()
        known = _read[folder] = stamp, found if isinstance(found, dict) else {}
    return known[1]


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return _Stamp(found.st_mtime_ns, found.st_size, found.st_ino)


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while content := file.read(CHUNK):
            found.update(content)
    return found.hexdigest()
