from __future__ import annotations

import pytest

from core.system.shared_memory import check_shared_memory


def test_this_machine_has_it() -> None:
    check_shared_memory()


def test_without_it_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**named: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("multiprocessing.synchronize.Lock", refused)
    with pytest.raises(ValueError, match=r"/dev/shm must be a folder that can be written, got \[Errno 30\].* Mount it"):
        check_shared_memory()
