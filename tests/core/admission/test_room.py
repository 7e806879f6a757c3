from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from core.admission import room
from core.admission.data_owners import Owner, add_owner, change
from core.admission.room import ALL, EACH, RESERVE, NoRoom, bytes_of, bytes_of_owner, check_room, most_of_one
from core.datasets.admitted import DataCard, data_root, folder_of, write_admitted
from core.datasets.vectors import Vectors

ADA = Owner("ada", "Ada", is_limited=True)


class Usage(NamedTuple):
    """Of a disk, as shutil tells it."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr(room.shutil, "disk_usage", lambda path: Usage(100 * 10**9, 0, 3 * 10**9))


def kept(owner: Owner, count: int = 250_000, seed: int = 0) -> str:
    """A set of about so many times four bytes."""
    samples = Vectors(np.full((count, 1), seed, np.float32), np.zeros(count, np.int64), ("a",))
    card = DataCard(id=samples.digest[:32], kind="vectors", title="t", created="", count=count, class_names=("a",))
    write_admitted(samples, card)
    add_owner(card.id, owner)
    return card.id


def test_what_somebody_keeps_is_what_lies_on_the_disk() -> None:
    name = kept(ADA)
    size = sum(path.stat().st_size for path in folder_of(name).iterdir())
    assert bytes_of_owner(ADA.id) == bytes_of([name]) == size > 3_000_000
    add_owner(name, Owner("ben"))
    assert bytes_of_owner("ben") == pytest.approx(size, abs=500), "each is counted whole"
    change(name, [ADA.id], deleted_at="2026-01-01")
    assert bytes_of_owner(ADA.id) == 0 and bytes_of([name]) >= size


def test_values_that_two_sets_share_count_once() -> None:
    first, second = kept(ADA), kept(ADA, seed=1)
    apart = bytes_of([first, second])
    (folder_of(second) / "samples.npy").unlink()
    (folder_of(second) / "samples.npy").hardlink_to(folder_of(first) / "samples.npy")
    assert apart - bytes_of([first, second]) == (folder_of(first) / "samples.npy").stat().st_size


def test_one_person_is_limited_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    kept(ADA)
    monkeypatch.setenv(EACH, "0.004")
    check_room(0, ADA)
    with pytest.raises(NoRoom, match=r"of one person must take at most 0.004 GB, got 0.00 GB that you keep .* Delete"):
        check_room(10**6, ADA)
    check_room(10**6, Owner("ben", "Ben", is_limited=True))
    check_room(10**6, Owner("teacher", "Ms Li"))
    check_room(10**6, Owner())
    monkeypatch.setenv(EACH, "0.003")
    with pytest.raises(NoRoom, match="of one person must take at most 0.003 GB"):
        check_room(0, ADA)


def test_what_is_there_already_counts_for_its_new_owner_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALL, "0.001")
    check_room(0, ADA, of_owner=10**6)
    monkeypatch.setenv(EACH, "0.0001")
    with pytest.raises(NoRoom, match="of one person must take at most 0.0001 GB, got 0.00 GB that you keep"):
        check_room(0, ADA, of_owner=10**6)


def test_all_together_are_limited_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    name = kept(ADA)
    check_room(10**9, Owner())
    monkeypatch.setenv(ALL, "0.004")
    check_room(0, Owner())
    change(name, [ADA.id], deleted_at="2026-01-01")
    with pytest.raises(NoRoom, match="all brought data together must take at most 0.004 GB, got 0.00 GB and 0.00 GB"):
        check_room(10**6, Owner())


def test_the_reserve_of_the_disk_stays_free(monkeypatch: pytest.MonkeyPatch) -> None:
    check_room(2 * 10**9, Owner())
    with pytest.raises(NoRoom, match=r"must keep 1 GB free, got 3.00 GB of room for 2.10 GB more"):
        check_room(21 * 10**8, Owner())
    monkeypatch.setenv(RESERVE, "0.5")
    check_room(21 * 10**8, Owner())


def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_of_one() == 5_000_000_000
    monkeypatch.setenv(EACH, "much")
    with pytest.raises(ValueError, match=f"{EACH} must be a number above 0, got 'much'"):
        check_room(0, ADA)
    assert data_root().exists()
