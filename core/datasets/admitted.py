"""The folder of a data set that somebody brought, once it is admitted, in files that can be read without this code.

data.json      what it is, where it came from, and what was found when it was admitted
samples.npy    pixels uint8 (N, H, W) or (N, H, W, 3), all of one size; or vectors float32 (N, D)
columns.npz    labels (N,); and groups, sessions, times and names (N,), where the data have them
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np

from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors
from core.records.fields import JsonObject, values_of, written_fields
from core.system.atomic_files import stream_bytes, write_json
from core.system.locations import store_root

FORMAT = 1
DATA_ID = re.compile(r"[0-9a-f]{32}")
KINDS: dict[str, type[Samples]] = {"images": Images, "vectors": Vectors}
COLUMNS = ("groups", "sessions", "times", "names")


@dataclass(frozen=True, kw_only=True)
class DataCard:
    """data.json: `kind` is a name in KINDS; `origin` says what was brought (file, form, sizes), `preparation` what was
    done to each sample, `found` what the admission found, `mends` what of it was mended, in the order of the clicks."""

    format: int = FORMAT
    id: str
    kind: str
    title: str
    created: str
    count: int
    class_names: tuple[str, ...]
    group_names: tuple[str, ...] = ()
    session_names: tuple[str, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    preparation: Mapping[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)
    mends: tuple[str, ...] = ()
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged or of a newer format."""
        card = cls(**values_of(cls, written, "data.json"))
        if card.format > FORMAT or card.kind not in KINDS:
            raise ValueError(
                f"data.json must be of format {FORMAT} or older and hold images or vectors, got format {card.format} "
                f"with {card.kind}. Open it with a newer Metric Lab."
            )
        return card

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)


def data_root() -> Path:
    """Where admitted data sets lie, one folder each, named by its id."""
    return store_root() / "data"


def folder_of(data_id: str) -> Path:
    """Where the set of this id lies, or would. Raises ValueError for what is no id."""
    if not DATA_ID.fullmatch(data_id):
        raise ValueError(
            f"data must be the id of an admitted data set (32 hexadecimal characters), got {data_id[:60]!r}. "
            "Choose one of your data, or bring it."
        )
    return data_root() / data_id


def write_admitted(samples: Samples, card: DataCard, same_values: Path | None = None) -> Path:
    """Keep samples under the first characters of their digest, which `card` must name; the folder. What is there
    already stays as it is. `same_values` is the folder of a set that has the same ones: they are one file then, where
    the disk can do that."""
    assert card.id == samples.digest[:32], "the card must be of these samples"
    folder = folder_of(card.id)
    if (folder / "data.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    columns = {name: getattr(samples, name) for name in COLUMNS if getattr(samples, name) is not None}
    if not _linked(same_values, folder):
        # numpy writes an array that is mapped from the disk, and any other that is contiguous, without a copy in
        # memory.
        with stream_bytes(folder / "samples.npy") as file:
            np.save(file, samples.values, allow_pickle=False)
    with stream_bytes(folder / "columns.npz") as file:
        np.savez(file, allow_pickle=False, labels=samples.labels, **columns)
    write_json(folder / "data.json", card.written())  # last: a folder without it is no data set
    return folder


def _linked(same_values: Path | None, folder: Path) -> bool:
    """Whether the values of another set are now those of this one, too: a second name of one file."""
    if same_values is None:
        return False
    try:
        (folder / "samples.npy").unlink(missing_ok=True)
        (folder / "samples.npy").hardlink_to(same_values / "samples.npy")
    except OSError:  # a disk without such names, or another disk
        return False
    return True


def read_card(folder: Path) -> DataCard:
    """What data.json of an admitted set says. Raises ValueError where it is missing or damaged."""
    try:
        return DataCard.read(json.loads((folder / "data.json").read_text()))
    except FileNotFoundError:
        raise ValueError(
            f"the data set {folder.name} must have been admitted here, got none. Bring its files again."
        ) from None
    except (OSError, ValueError) as problem:
        raise ValueError(f"{folder}: {problem}") from None


def read_admitted(folder: Path) -> Samples:
    """The samples of an admitted set, the values mapped from the disk. Raises ValueError where files are missing or
    damaged."""
    card = read_card(folder)
    try:
        values = np.load(folder / "samples.npy", mmap_mode="r", allow_pickle=False)
        # Opened here: np.load leaves a file open when it is no archive.
        with (folder / "columns.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            columns = {name: arrays[name] for name in arrays.files}
        samples = KINDS[card.kind](
            values,
            columns.pop("labels"),
            card.class_names,
            group_names=card.group_names,
            session_names=card.session_names,
            **columns,
        )
    except (OSError, EOFError, KeyError, TypeError, ValueError, BadZipFile, zlib.error) as problem:
        raise ValueError(f"{folder} must hold a whole data set, got {problem}. Bring its files again.") from None
    if samples.digest[:32] != card.id:
        raise ValueError(f"{folder} must hold what was admitted, got other samples. Bring its files again.")
    return samples
