"""Contents come back as they were put, from any thread, and the file goes with them."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from threading import Thread

import pytest

from dashboard.components import spool as spools
from dashboard.components.spool import Content, Spool, Spooled


def open_files() -> int:
    """Files without a name that this process has open: what else it has open other tests may close meanwhile."""
    found = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return sum(name.endswith("(deleted)") for name in found)


def test_contents_come_back_as_they_were_put() -> None:
    spool = Spool()
    contents = [b"one", b"", b"three" * 5000]
    kept = [spool.put(content) for content in contents]
    assert all(isinstance(one, Spooled) for one in kept)
    assert [bytes(one) for one in kept] == contents and [len(one) for one in kept] == [3, 0, 25_000]


def test_several_threads_put_and_read() -> None:
    spool = Spool()
    kept: list[tuple[bytes, Content]] = []

    def work(name: int) -> None:
        for count in range(200):
            content = f"{name} {count} ".encode() * (count + 1)
            kept.append((content, spool.put(content)))

    threads = [Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 800 and all(bytes(one) == content for content, one in kept)


def test_the_file_goes_with_the_last_content() -> None:
    gc.collect()
    before = open_files()
    kept = Spool().put(b"content")
    assert open_files() == before + 1 and bytes(kept) == b"content"
    del kept
    gc.collect()
    assert open_files() == before


def test_without_a_folder_for_the_file_a_content_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool()
    with monkeypatch.context() as patched:
        patched.setattr("tempfile.tempdir", str(tmp_path / "gone"))
        assert spool.put(b"first") == b"first"
    assert bytes(spool.put(b"second")) == b"second"


@pytest.mark.parametrize("writes", [OSError(28, "full"), 3])
def test_without_room_a_content_stays_in_memory(monkeypatch: pytest.MonkeyPatch, writes: OSError | int) -> None:
    """A write that fails, or takes a part alone, leaves nothing that is read as the next content."""
    spool = Spool()
    first, write = spool.put(b"first"), os.pwrite

    def full(number: int, content: bytes, at: int) -> int:
        if isinstance(writes, OSError):
            raise writes
        return write(number, content[:writes], at)

    with monkeypatch.context() as patched:
        patched.setattr(spools.os, "pwrite", full)
        assert spool.put(b"second") == b"second"
    third = spool.put(b"third")
    assert (bytes(first), bytes(third)) == (b"first", b"third") and isinstance(third, Spooled)
