"""Where there is no room for a run more, its asker is told why and what helps."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.lookups.disk_use import bytes_used
from dashboard.runs import limits

ADA, TEACHER = Visitor("a" * 32, "Ada"), Visitor("c" * 32, "Li", is_teacher=True)
Usage = namedtuple("Usage", "free")


@pytest.fixture(autouse=True)
def much_room(monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_used.clear()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(5e9))


def ask(store: Store, count: int, who: Visitor) -> None:
    for number in range(count):
        store.join(store.submit({}, f"{number:032x}", "run").id, who.id, who.name)


def test_one_person_has_so_many_runs_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    ask(store, 3, ADA)
    monkeypatch.setenv(limits.WAITING, "3")
    limits.check(store)
    monkeypatch.setattr(visitors, "now", lambda: ADA)
    with pytest.raises(ValueError, match="At most 3 of your runs"):
        limits.check(store)
    store.set_state("0" * 32, "stopped")
    limits.check(store)
    ask(store, 6, TEACHER)
    monkeypatch.setattr(visitors, "now", lambda: TEACHER)
    limits.check(store)


def test_a_reserve_of_the_disk_stays_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0.4e9))
    with pytest.raises(ValueError, match=r"keep 1\.0 GB free, got 0\.4 GB"):
        limits.check(Store(tmp_path))
    monkeypatch.setenv(limits.RESERVE, "0.2")
    limits.check(Store(tmp_path))


def test_the_store_has_a_quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    (tmp_path / "much").write_bytes(bytes(2_000_000))
    assert 2e6 <= bytes_used(str(tmp_path)) < 3e6
    monkeypatch.setenv(limits.QUOTA, "1GB")
    limits.check(store)
    monkeypatch.setenv(limits.QUOTA, "0.001")
    with pytest.raises(ValueError, match="Delete runs that are not needed"):
        limits.check(store)


@pytest.mark.parametrize("told", ["-1", "much", "nan", "inf"])
@pytest.mark.parametrize("name", [limits.WAITING, limits.RESERVE, limits.QUOTA])
def test_limits_are_numbers(name: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, told)
    with pytest.raises(ValueError, match="must be a (whole )?number"):
        limits.check(Store(tmp_path))
