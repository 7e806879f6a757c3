"""A run that is worked on in parts: which parts there are, and what came of each.

What: `parts/plan.json` in the run folder names the parts, `parts/<name>.npz` holds the result of one. Why files: a
result outlives its worker, its engine and its attempt, and whoever gathers needs no messages. numpy is loaded only
where results are, since a page imports the engine, which imports this.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from core.system.atomic_files import write_bytes, write_json

if TYPE_CHECKING:
    import numpy as np

NAME = re.compile(r"[0-9a-z][0-9a-z-]{0,99}")


def spread(folder: Path, names: Sequence[str]) -> None:
    """Say which parts the run has, in their order; results that are kept under the same names stay valid."""
    for name in names:
        _path(folder, name)
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f"the parts of a run must be one or more of different names, got {len(names)} of "
            f"{len(set(names))} names. Name each by what it covers, as 0-5700."
        )
    (folder / "parts").mkdir(exist_ok=True)
    write_json(folder / "parts" / "plan.json", list(names))


def planned(folder: Path) -> list[str]:
    """The names of all parts, in order."""
    plan = folder / "parts" / "plan.json"
    try:
        names = json.loads(plan.read_text())
    except (FileNotFoundError, ValueError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{plan} must list the parts of the run, got none. Start the run again.")
    return names


def missing(folder: Path) -> list[str]:
    """The names of the parts without a result, in order."""
    return [name for name in planned(folder) if not is_kept(folder, name)]


def has_unclaimed(folder: Path) -> bool:
    """Whether a part has no result and nobody is making it."""
    return any(not _is_locked(lock_of(folder, name)) for name in missing(folder))


def is_kept(folder: Path, name: str) -> bool:
    """Whether the part has a result."""
    return _path(folder, name).exists()


def keep(folder: Path, name: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Write the result of a part, whole or not at all; as it is, since it is read once and soon gone."""
    import numpy as np

    if name not in planned(folder):
        raise ValueError(f"a part must be one of those the run was spread over, got {name[:40]!r}. Call spread first.")
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    write_bytes(_path(folder, name), content.getvalue())


def results(folder: Path) -> Iterator[dict[str, np.ndarray]]:
    """The arrays of one part after the other, in the order of the plan; none may be missing."""
    import numpy as np

    if absent := missing(folder):
        raise ValueError(
            f"every part must have a result before they are gathered, got none of {', '.join(absent[:3])}. "
            "Make the missing parts first."
        )
    for name in planned(folder):
        with np.load(_path(folder, name), allow_pickle=False) as arrays:
            yield dict(arrays)


def clear(folder: Path) -> None:
    """Forget the parts and their results, if there are any."""
    if (folder / "parts").exists():
        shutil.rmtree(folder / "parts")


def lock_of(folder: Path, name: str) -> Path:
    """The file to lock while the part is made."""
    return _path(folder, name).with_suffix(".lock")


def _is_locked(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


def _path(folder: Path, name: str) -> Path:
    """Where the result of a part is kept; a name that is no plain word is refused, since it becomes a file's."""
    if not NAME.fullmatch(name):
        raise ValueError(
            f"the name of a part must be up to 100 characters of 0-9, a-z and -, got {name[:40]!r}. "
            "Name it by what it covers, as 0-5700."
        )
    return folder / "parts" / f"{name}.npz"
