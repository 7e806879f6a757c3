"""Whether the server can work, and what it works on, as who asks may see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.runs.store import Store
from core.system import atomic_files
from core.system.locations import ROOT
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from dashboard.lookups import server_status
from dashboard.lookups.disk_use import bytes_used


def test_it_works_and_leaves_no_trace(empty_store: Store) -> None:
    before = sorted(path.name for path in empty_store.root.iterdir())
    server_status._problem_of.clear()
    assert server_status.problem() == ""
    assert sorted(path.name for path in empty_store.root.iterdir()) == before


def test_a_store_that_cannot_be_written_or_read_is_a_problem(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    server_status._problem_of.clear()
    with monkeypatch.context() as patched:
        patched.setattr(atomic_files.os, "fsync", full)
        assert server_status.problem() == "OSError in the store"
    assert not list(empty_store.root.glob(".health*"))
    assert server_status.problem() == "OSError in the store", "as it was a moment ago"
    server_status._problem_of.clear()
    (empty_store.root / "index.sqlite").unlink()
    (empty_store.root / "index.sqlite").mkdir()
    assert "in the store" in server_status.problem()


def test_all_are_told_how_many_runs_there_are(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_used.clear()
    for number, kind in enumerate(("training", "embeddings", "training")):
        empty_store.submit({"kind": kind} if kind != "training" else {}, f"{number:032x}", kind)
    empty_store.set_state(f"{2:032x}", "running")
    found = server_status.status()
    assert (found.at_work, found.waiting) == (1, 2)
    assert found.engine.process is None and found.page_memory > 20e6 and found.free_memory > 0
    assert 0 < found.store < 10e6 < found.free_disk
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    monkeypatch.setattr(visitors, "found_in", lambda *_: Visitor("b" * 32, "Ben"))
    assert server_status.status().waiting == 2, "how many, and not what"


def test_versions_and_the_commit(tmp_path: Path) -> None:
    assert server_status.versions()["torch"].startswith("2.")
    assert server_status.code_of(tmp_path) == ""
    (tmp_path / ".git" / "refs").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/main\n")
    (tmp_path / ".git" / "refs" / "main").write_text("0123456789abcdef\n")
    assert server_status.code_of(tmp_path) == "0123456789ab"
    (tmp_path / ".git" / "HEAD").write_text("fedcba9876543210\n")
    assert server_status.code_of(tmp_path) == "fedcba987654"
    assert len(server_status.code_of(ROOT)) in (0, 12)
