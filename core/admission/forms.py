"""In which form data are brought, by the names of the files and where these do not tell by what lies in them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from core.admission.array_files import read_npy, read_npz
from core.admission.asked import Asked
from core.admission.brought import Brought
from core.admission.csv_vectors import read_csv
from core.admission.entries import TARS, entries_in, listed_entries
from core.admission.entry import Limits
from core.admission.image_files import is_image_name, read_image_files
from core.admission.parquet_table import read_parquet
from core.admission.web_dataset import is_web_dataset, read_web_dataset

TEXTS = (".csv", ".tsv", ".txt")
LABELS = (".npy", *TEXTS)
PEEKED = 64  # files of a tar archive, from which its form is told
SAVED = "a folder or a zip of images, a Parquet file, a WebDataset tar, or embeddings as .npz, .npy, .csv or .parquet"


def read_brought(
    asked: Asked,
    scratch: Path,
    told: Callable[[float], None],
    *,
    memory: int | None = None,
    limits: Limits | None = None,
) -> tuple[str, Brought]:
    """The form in words, and what was read. Raises ValueError where no form fits, or the files do not fit theirs."""
    files = asked.paths
    if len(files) > 1:
        return _several(asked, scratch, told, memory, limits)
    name, path = files[0]
    suffix = Path(name).suffix.lower()
    if not path.exists():
        raise ValueError(f"what is brought must exist, got {str(path)[-200:]!r}. Check the path.")
    if path.is_dir() or suffix == ".zip":
        return _images("folder" if path.is_dir() else "zip", asked, scratch, told, memory, limits)
    if name.lower().endswith(TARS):
        names = [entry.name for entry in islice(entries_in(path, limits), PEEKED)]
        if not is_web_dataset(names):
            return _images("tar", asked, scratch, told, memory, limits)
        entries = entries_in(path, limits)
        arguments = asked.chosen, asked.preparation, scratch
        return "WebDataset", read_web_dataset(entries, *arguments, told=told, memory=memory)
    if suffix == ".npz":
        return "NPZ", read_npz(path, asked.chosen)
    if suffix in (".parquet", ".pq"):
        return "Parquet", read_parquet(path, asked.chosen, asked.preparation, scratch, told, memory)
    if suffix in TEXTS:
        return "CSV", read_csv(path, asked.chosen, scratch, told)
    if suffix == ".npy":
        raise ValueError(
            f"{name[-80:]!r} must come with a file of its labels, got it alone. Bring an .npy or a .txt of labels, too."
        )
    raise ValueError(f"what is brought must be {SAVED}, got {name[-80:]!r}. Save it in one of these forms.")


def _several(
    asked: Asked, scratch: Path, told: Callable[[float], None], memory: int | None, limits: Limits | None
) -> tuple[str, Brought]:
    files = asked.paths
    suffixes = [Path(name).suffix.lower() for name, _ in files]
    if len(files) == 2 and ".npy" in suffixes and set(suffixes) <= set(LABELS):
        first = suffixes.index(".npy")
        if suffixes.count(".npy") == 2 and "label" in files[0][0].lower():
            first = 1
        return "NPY", read_npy(files[first][1], files[1 - first][1])
    if any(is_image_name(name) for name, _ in files):
        return _images("files", asked, scratch, told, memory, limits)
    raise ValueError(
        f"several files must be images in folders, or an .npy with its labels, got {files[0][0][-60:]!r} and "
        f"{len(files) - 1} more. Bring {SAVED}."
    )


def _images(
    form: str, asked: Asked, scratch: Path, told: Callable[[float], None], memory: int | None, limits: Limits | None
) -> tuple[str, Brought]:
    files = asked.paths
    entries = entries_in(files[0][1], limits) if len(files) == 1 else listed_entries(files, limits)
    return f"images ({form})", read_image_files(
        entries, asked.preparation, scratch, told=told, has_groups=asked.groups_from_folders, memory=memory
    )
