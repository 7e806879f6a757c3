"""The process that takes in what is brought: it may take so much memory, says how far it is, and leaves nothing behind
where it fails or is called off."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from filelock import FileLock

from core.admission.admit import NotFinite, admit
from core.admission.asked import NOT_FINITE, Asked
from core.system.atomic_files import write_json
from core.system.environment import number_in
from core.system.memory_limit import limit_memory
from core.system.permissions import keep_to_owner

MEMORY = "METRIC_LAB_READING_MEMORY"
GIGABYTES = 4.0
STATUS_SECONDS, LOOK_SECONDS = 0.4, 0.2
SILENT_SECONDS = 1.0  # after which an estimate is worth something
SCRATCH = "scratch"


class Told:
    """Writes the stage, its share and the seconds left to the status file, not too often."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "status.json"
        self._stage, self._began, self._last = "", monotonic(), 0.0

    def __call__(self, stage: str, share: float) -> None:
        """Say where the work is."""
        now = monotonic()
        if stage != self._stage:
            self._stage, self._began, self._last = stage, now, 0.0
        if now - self._last < STATUS_SECONDS:
            return
        self._last = now
        taken = now - self._began
        left = taken * (1 - share) / share if share > 0 and taken > SILENT_SECONDS else None
        write_json(self._path, {"stage": stage, "share": share, "seconds_left": left})


def take_in(folder: Path, *, memory: int | None = None) -> dict[str, Any]:
    """Do what the request in the folder asks; the answer, which is written there, too. What is large is removed."""
    scratch = folder / SCRATCH
    scratch.mkdir(exist_ok=True)
    answer: dict[str, Any] = {"data": "", "message": "", "mend": ""}
    try:
        asked = Asked.read(json.loads((folder / "request.json").read_text()))
        answer["data"] = admit(asked, scratch, Told(folder), memory=memory).id
    except NotFinite as problem:
        answer |= {"message": str(problem), "mend": NOT_FINITE}
    except ValueError as problem:
        answer["message"] = str(problem)
    except MemoryError:
        answer["message"] = (
            "the files must be readable within the memory that there is, got some that take more. Bring a part of them."
        )
    except OSError as problem:
        answer["message"] = f"files must be readable and writable, got {problem.strerror or problem}. Check the disk."
    shutil.rmtree(scratch, ignore_errors=True)
    if not answer["mend"]:  # files are wanted once more where a mend would help
        shutil.rmtree(folder / "files", ignore_errors=True)
    if folder.exists():
        write_json(folder / "answer.json", answer)
    return answer


def most_memory() -> int:
    """Bytes that taking in may take, and each process that decodes for it; ValueError for what is no number above 0."""
    return int(number_in(MEMORY, GIGABYTES) * 1e9)


def main(words: list[str]) -> int:
    """Take in what the folder asks for, in limits; the exit status."""
    folder = Path(words[0])
    keep_to_owner()
    with FileLock(folder / "lock"):
        memory = most_memory()
        limit_memory(memory)
        ending = threading.Lock()
        threading.Thread(target=_end_if_called_off, args=(folder, ending), daemon=True).start()
        try:
            return 0 if take_in(folder, memory=memory)["data"] else 1
        finally:
            ending.acquire()  # where all is being removed, that goes on to its end


def _end_if_called_off(folder: Path, ending: threading.Lock) -> None:
    """End at once, whatever is being done, and leave nothing; processes that decode end with this one."""
    while not (folder / "cancel").exists():
        if not folder.exists():
            os._exit(1)
        sleep(LOOK_SECONDS)
    ending.acquire()
    gone = folder.with_name(f"{folder.name}.gone")  # where nothing more is written
    os.replace(folder, gone)
    shutil.rmtree(gone, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
