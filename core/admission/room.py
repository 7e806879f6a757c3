"""How much brought data may take: of one person, of all together, and what of the disk stays free."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from core.admission.data_owners import Owner, admitted_ids, entries_of
from core.datasets.admitted import data_root, folder_of
from core.system.environment import number_in

EACH, ALL, RESERVE = "METRIC_LAB_BROUGHT_EACH", "METRIC_LAB_BROUGHT", "METRIC_LAB_RESERVE"
GIGABYTES_EACH, GIGABYTES_FREE = 5.0, 1.0
GB = 1e9
WAY_OUT = "Delete sets under Your data, remove deleted ones for good, or bring less."


class NoRoom(ValueError):
    """Raised where one more set would be too much."""


def check_room(size: int, owner: Owner, of_owner: int | None = None) -> None:
    """Raise NoRoom where `size` bytes more on the disk are too many, for the disk with its reserve or for all brought
    data; or as many more for one person, or `of_owner` where what they bring is there already.

    What is deleted counts for all as long as its files are there, and for no owner.
    """
    data_root().mkdir(parents=True, exist_ok=True)
    more, free = size / GB, shutil.disk_usage(data_root()).free / GB
    reserve = number_in(RESERVE, GIGABYTES_FREE, is_above_zero=False)
    if free - more < reserve:
        raise NoRoom(
            f"the disk of the store must keep {reserve:g} GB free, got {free:.2f} GB of room for {more:.2f} GB more. "
            f"{WAY_OUT}"
        )
    most = number_in(ALL, 0.0, is_above_zero=False)
    if most and (kept := bytes_of(admitted_ids()) / GB) + more > most:
        raise NoRoom(
            f"all brought data together must take at most {most:g} GB, got {kept:.2f} GB and {more:.2f} GB more. "
            f"{WAY_OUT}"
        )
    if not owner.is_limited:
        return
    most, kept = most_of_one() / GB, bytes_of_owner(owner.id) / GB
    more = more if of_owner is None else of_owner / GB
    if kept + more > most or kept >= most:
        raise NoRoom(
            f"data of one person must take at most {most:g} GB, got {kept:.2f} GB that you keep and {more:.2f} GB "
            f"more. {WAY_OUT}"
        )


def most_of_one() -> int:
    """Bytes that the data of one person may take; ValueError for what is no number above 0."""
    return int(number_in(EACH, GIGABYTES_EACH) * GB)


def bytes_of_owner(owner: str) -> int:
    """What somebody keeps; sets that others have brought, too, count whole for each."""
    entries = ((data_id, entries_of(data_id).get(owner)) for data_id in admitted_ids())
    return bytes_of(data_id for data_id, entry in entries if entry is not None and not entry.deleted_at)


def bytes_of(data_ids: Iterable[str]) -> int:
    """The bytes of these sets; values that several of them share are one file and count once."""
    sizes: dict[tuple[int, int], int] = {}
    for data_id in data_ids:
        for path in folder_of(data_id).rglob("*"):
            try:
                status = path.stat()
            except OSError:  # it goes meanwhile
                continue
            if path.is_file():
                sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values())
