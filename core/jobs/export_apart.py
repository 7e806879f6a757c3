"""What is taken home, made in a process of its own: a page shows how far it is, may cancel it and offers the zip.

Each export has a folder in the store, `exports/KEY/`: `card.json` of the threshold, or the runs that count of a
comparison; `process.json`, whose process makes
it; `doing` in words; and at the end `export.zip`, or `problem` in a sentence. So a page that is opened anew finds what
another has asked for. They are removed a day later.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from filelock import FileLock

from core.comparison.record import COMPARISON_ID, Comparison
from core.handover.page_language import in_language
from core.handover.run_archive import ARCHIVE as RUN_ARCHIVE
from core.handover.run_archive import pack_folder
from core.jobs.comparison_results import comparison_named
from core.jobs.export_comparison import REPORT, export_comparison
from core.jobs.export_run import export
from core.jobs.read_apart import ONE_THREAD
from core.runs.run_folder import Run
from core.system.atomic_files import write_bytes, write_json
from core.system.locations import ROOT, store_root
from core.system.permissions import keep_to_owner
from core.system.phrasebook import Phrasebook

ARCHIVE, PACKED, PROBLEM, DOING = "export.zip", "packed.zip", "problem", "doing"
PROCESS, CARD = "process.json", "card.json"
RUNS, LANGUAGE, PHRASES = "runs", "language", "phrases"  # in the card of a comparison
SECONDS = 900  # after which an export is ended
KEPT_SECONDS = 86_400.0
STARTING_SECONDS = 10.0
MOST = 4  # exports that wait or are made at a time
NICENESS = 10


class Standing(NamedTuple):
    """How an export stands: what is being done while it is made, since when (seconds since 1970), the archive once it
    is there, or why it never will be. All are empty where nobody has asked for it."""

    doing: str = ""
    since: float = 0.0
    archive: Path | None = None
    problem: str = ""


class Spoken(NamedTuple):
    """A language other than English, and the files of what is said in it (core/system/phrasebook.py)."""

    language: str
    phrases: tuple[Path, ...]


def key_of(run: Run, kind: str, card: Mapping[str, Any]) -> str:
    """The same for the same run, kind and threshold, whatever the date."""
    told = {name: value for name, value in card.items() if name != "date"}
    return sha256(json.dumps([str(run.folder), kind, told], sort_keys=True).encode()).hexdigest()[:32]


def folder_of(key: str) -> Path:
    """Where an export lies, or would."""
    return store_root() / "exports" / key


def key_of_comparison(
    comparison: Comparison, kind: str, finished: Collection[str], spoken: Spoken | None = None
) -> str:
    """The same for the same comparison, kind, finished runs and language."""
    told = [comparison.id, kind, sorted(finished), *([spoken.language] if spoken else [])]
    return sha256(json.dumps(told).encode()).hexdigest()[:32]


def begin(run: Run, kind: str, card: Mapping[str, Any]) -> None:
    """Have an export made, unless it is being made; what was made before goes. Raises ValueError where many others are
    being made."""
    _begin(folder_of(key_of(run, kind, card)), card, str(run.folder.resolve()), kind)


def begin_comparison(
    comparison: Comparison, kind: str, finished: Collection[str], spoken: Spoken | None = None
) -> None:
    """The same of a comparison in the store, of which no other than these `finished` runs count; the page in a language
    other than English where one is `spoken`."""
    card: dict[str, Any] = {RUNS: sorted(finished)}
    if spoken:
        card |= {LANGUAGE: spoken.language, PHRASES: [str(file) for file in spoken.phrases]}
    _begin(folder_of(key_of_comparison(comparison, kind, finished, spoken)), card, comparison.id, kind)


def _begin(folder: Path, card: Mapping[str, Any], what: str, kind: str) -> None:
    _sweep(folder.parent)
    if standing(folder).doing:
        return
    if (under_way := sum(bool(standing(other).doing) for other in folder.parent.glob("[0-9a-f]*"))) >= MOST:
        raise ValueError(f"at most {MOST} exports may be under way, got {under_way}. Wait until one has ended.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / CARD, dict(card))
    write_bytes(folder / DOING, b"starting")
    command = [sys.executable, "-m", "core.jobs.export_apart", str(folder), what, kind]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **silent)
    with suppress(psutil.NoSuchProcess):
        created = psutil.Process(process.pid).create_time()
        write_json(folder / PROCESS, {"pid": process.pid, "created": created, "since": time.time()})
    threading.Thread(target=process.wait, daemon=True).start()  # so that nothing is left of it once it has ended


def standing(folder: Path) -> Standing:
    """Of the export in a folder, whoever has asked for it."""
    archive, problem = folder / ARCHIVE, _text(folder / PROBLEM)
    if archive.exists():
        return Standing(archive=archive)
    if problem or not folder.exists():
        return Standing(problem=problem)
    process, since = _process(folder)
    if process is not None or _is_being_started(folder):
        return Standing(doing=_text(folder / DOING) or "starting", since=since or time.time())
    if archive.exists() or _text(folder / PROBLEM) or not folder.exists():  # it has ended meanwhile
        return standing(folder)
    return Standing(
        problem="an export must end with its files, got a process that ended early, for want of memory or time. Try it "
        "again, or use `python -m core export`."
    )


def cancel(folder: Path) -> None:
    """End the process of an export, and forget it."""
    process, _ = _process(folder)
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


def make(folder: Path, run_folder: Path, kind: str, started: Callable[[], None] = lambda: None) -> None:
    """Make the export that was asked for: what the process does, one at a time in a store; `started` is called when it
    has waited for its turn."""
    card = json.loads((folder / CARD).read_text())

    def written(into: Path) -> list[str]:
        return export(Run(run_folder), kind, into, card=card, report=lambda what: _say(folder, what))

    _make(folder, written, started)


def make_comparison(folder: Path, comparison_id: str, kind: str, started: Callable[[], None] = lambda: None) -> None:
    """The same of a comparison in the store."""
    card = json.loads((folder / CARD).read_text())

    def written(into: Path) -> list[str]:
        named = comparison_named(comparison_id)
        export_comparison(*named, kind, str(into), lambda what: _say(folder, what), card[RUNS])
        if LANGUAGE in card and (page := into / REPORT).exists():
            phrases = Phrasebook.of(*map(Path, card[PHRASES]))
            write_bytes(page, in_language(page.read_text(), card[LANGUAGE], phrases.translated).encode())
        return []

    _make(folder, written, started)


def _make(folder: Path, written: Callable[[Path], list[str]], started: Callable[[], None]) -> None:
    """`written` puts the files into a folder, and says what is left out."""
    try:
        _say(folder, "waiting for another export to end")
        with FileLock(folder.parent / ".lock"), tempfile.TemporaryDirectory(dir=folder) as temporary:
            started()
            if remarks := written(Path(temporary)):
                (Path(temporary) / "left_out.txt").write_text("\n".join(remarks) + "\n")
            _say(folder, "packing")
            _pack(folder / PACKED, Path(temporary))
        (folder / PACKED).replace(folder / ARCHIVE)  # which is there once nothing half made is
    except (ValueError, OSError) as problem:
        write_bytes(folder / PROBLEM, str(problem).encode())


def _pack(path: Path, made: Path) -> None:
    """Everything in a folder as one zip; what is one already stays as it is."""
    files = list(made.iterdir())
    if len(files) == 1 and files[0].name == RUN_ARCHIVE:
        files[0].replace(path)
    else:
        pack_folder(path, made)


def _say(folder: Path, what: str) -> None:
    write_bytes(folder / DOING, what.encode())


def _process(folder: Path) -> tuple[psutil.Process | None, float]:
    """The process that makes an export, if it is still at work, and since when. Its number alone would not do: the
    system gives it to others later."""
    try:
        told = json.loads((folder / PROCESS).read_text())
        process = psutil.Process(told["pid"])
        is_same = process.create_time() == told["created"] and process.status() != psutil.STATUS_ZOMBIE
        return (process if is_same else None), float(told["since"])
    except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
        return None, 0.0


def _is_being_started(folder: Path) -> bool:
    """Whether somebody has made the folder just now, and not yet written down whose process it is."""
    with suppress(OSError):
        return not (folder / PROCESS).exists() and time.time() - folder.stat().st_mtime < STARTING_SECONDS
    return False


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _sweep(exports: Path) -> None:
    """Remove the exports that nobody has asked for in a day."""
    for folder in exports.glob("[0-9a-f]*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS and not standing(folder).doing:
                shutil.rmtree(folder, ignore_errors=True)


def _limit_time() -> None:
    """As far as the system knows how."""
    if hasattr(signal, "alarm"):
        signal.alarm(SECONDS)


def main() -> None:
    """The process: it steps back behind trainings, and ends where it takes too long."""
    keep_to_owner()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    folder, what, kind = sys.argv[1:]
    if COMPARISON_ID.fullmatch(what):
        make_comparison(Path(folder), what, kind, _limit_time)
    else:
        make(Path(folder), Path(what), kind, _limit_time)


if __name__ == "__main__":
    main()
