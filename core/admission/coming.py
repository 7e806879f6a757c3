"""Data that are on their way into the store, each in a folder of its own, where a process takes them in and says how
far it is: whoever knows the folder's name can look, come back later, or call it off.

request.json   what is asked for
files/         what a browser sent, by numbers
owner          whose they are, where people are told apart
status.json    the stage, the share done and the seconds left
answer.json    the id of the set, or what was wrong
cancel         lies there where it was called off
lock           held by the process as long as it lives
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from filelock import FileLock, Timeout

from core.admission.asked import Asked
from core.datasets.admitted import data_root
from core.system.atomic_files import write_json
from core.system.locations import ROOT

COMING, FAILED, DONE, GONE = "coming", "failed", "done", "gone"
TOKEN = re.compile(r"[0-9a-f]{32}")
STARTING_SECONDS = 30.0  # until a process must have taken its lock
KEPT_SECONDS = 3600.0  # of what nobody has fetched, and of sets that were never finished
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Status:
    """`data` is the id of the set once it is done, `message` says what was wrong, `mend` which mend would help."""

    state: str
    stage: str = "reading"
    share: float = 0.0
    seconds_left: float | None = None
    data: str = ""
    message: str = ""
    mend: str = ""


def root() -> Path:
    """Where the folders lie."""
    return data_root() / ".coming"


def folder_of(token: str) -> Path:
    """The folder of this name. Raises ValueError for what is none."""
    if not TOKEN.fullmatch(token):
        raise ValueError(f"the token must be 32 hexadecimal characters, got {token[:60]!r}. Bring the files again.")
    return root() / token


def new_folder(owner: str = "") -> Path:
    """An empty folder, for files before they are asked for; `owner` finds it again."""
    sweep()
    folder = root() / token_hex(16)
    (folder / "files").mkdir(parents=True)
    (folder / "owner").write_text(owner)
    return folder


def last_of(owner: str) -> str:
    """The token of what somebody has asked for last and not yet fetched; empty where there is none."""
    folders = [folder for folder in root().glob("*") if TOKEN.fullmatch(folder.name)]
    asked = [folder for folder in folders if (folder / "request.json").exists() and owner_of(folder) == owner]
    return max(asked, key=_changed).name if asked else ""


def owner_of(folder: Path) -> str | None:
    """Whose a folder is; None where nothing says so."""
    try:
        return (folder / "owner").read_text()
    except OSError:
        return None


def start(asked: Asked, folder: Path) -> subprocess.Popen[bytes]:
    """Have a process of its own take in what is asked for, and go on when this one ends."""
    write_json(folder / "request.json", asked.written())
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "core.admission.apart", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # a server would keep its entry otherwise
    return process


def again(token: str, mend: str) -> subprocess.Popen[bytes]:
    """Ask once more for what could not be kept without this mend."""
    folder = folder_of(token)
    written = _read(folder / "request.json")
    if written is None:
        raise ValueError("the files must still be here, got none. Bring them again.")
    asked = Asked.read(written)
    for name in ("answer.json", "status.json", "lock"):
        (folder / name).unlink(missing_ok=True)
    os.utime(folder)
    return start(replace(asked, mends=(*asked.mends, mend)), folder)


def look(token: str) -> Status:
    """How far it is."""
    folder = folder_of(token)
    if not (folder / "request.json").exists():
        return Status(GONE)
    is_alive = _is_alive(folder)  # asked first: an answer that comes meanwhile is seen below
    if (answer := _read(folder / "answer.json")) is not None:
        state = DONE if answer.get("data") else FAILED
        return Status(state, "keeping", 1.0, 0.0, answer.get("data", ""), answer.get("message", ""), answer["mend"])
    if not is_alive:
        return Status(FAILED, message=_why_it_ended(folder))
    told = _read(folder / "status.json") or {}
    return Status(COMING, told.get("stage", "reading"), told.get("share", 0.0), told.get("seconds_left"))


def cancel(token: str) -> None:
    """Call it off; the process ends within a second and leaves nothing."""
    folder = folder_of(token)
    if folder.exists():
        (folder / "cancel").touch()


def forget(token: str) -> None:
    """Remove the folder, once what it says has been seen."""
    shutil.rmtree(folder_of(token), ignore_errors=True)


def sweep() -> None:
    """Remove what killed processes have left, and what nobody has fetched for an hour."""
    now = time.time()
    for folder in root().glob("*"):
        if now - _changed(folder) > KEPT_SECONDS and not _is_alive(folder):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in data_root().glob("*"):
        is_unfinished = TOKEN.fullmatch(folder.name) and not (folder / "data.json").exists()
        if is_unfinished and now - _changed(folder) > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()


def _is_alive(folder: Path) -> bool:
    """Whether the process holds its lock, or may still be about to take it."""
    if not (folder / "lock").exists():
        return (folder / "request.json").exists() and time.time() - _changed(folder) < STARTING_SECONDS
    try:
        with FileLock(folder / "lock", timeout=0):
            return False
    except (Timeout, OSError):
        return folder.exists()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def _why_it_ended(folder: Path) -> str:
    said: list[str] = []
    try:
        said = (folder / "said").read_text(errors="replace").strip().splitlines()
    except OSError:
        pass
    last = (said or ["nothing was said"])[-1][:200]
    return (
        "the files must be readable within the memory that there is, got some whose reading ended early "
        f"({last}). Bring a part of them, or save them again."
    )
