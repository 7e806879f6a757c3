"""A run folder as a zip that opens elsewhere as the same run."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from core.system.atomic_files import stream_bytes

ARCHIVE = "run.zip"
KEPT_HERE = {"state.json", "entry.json", "wanted", ".lock"}  # where it stands here, and who asked for it
PACKED = {".npz", ".png", ".pt"}  # what packing makes no smaller
THE_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip knows: the same run is the same archive at any hour


def write_archive(path: Path, run_folder: Path, name: str) -> None:
    """The files of a run folder under `name`, but for what is of this store alone: where the run stands in the queue,
    who asked for it, and what is half written."""
    files = sorted(file for file in run_folder.rglob("*") if file.is_file() and not file.is_symlink())
    with stream_bytes(path) as stream, ZipFile(stream, "w") as archive:
        for file in files:
            inner = file.relative_to(run_folder)
            if inner.name in KEPT_HERE or inner.parts[0] == "parts" or inner.name.startswith("."):
                continue
            entry = ZipInfo(f"{name}/{inner.as_posix()}", THE_EARLIEST)
            entry.compress_type = ZIP_STORED if file.suffix in PACKED else ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with file.open("rb") as content, archive.open(entry, "w") as packed:
                while piece := content.read(1 << 20):
                    packed.write(piece)


def pack_folder(path: Path, folder: Path) -> None:
    """The files of a folder as one zip, by their names in it."""
    with stream_bytes(path) as stream, ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            archive.write(file, file.relative_to(folder).as_posix())
