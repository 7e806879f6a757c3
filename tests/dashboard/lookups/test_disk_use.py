"""What a folder takes, as the system counts it."""

from __future__ import annotations

from pathlib import Path

from dashboard.lookups.disk_use import bytes_used


def test_all_that_lies_below_is_counted(tmp_path: Path) -> None:
    (tmp_path / "runs" / "one").mkdir(parents=True)
    for name in ("a", "runs/b", "runs/one/c"):
        (tmp_path / name).write_bytes(bytes(100_000))
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    bytes_used.clear()
    assert 300_000 <= bytes_used(str(tmp_path)) < 350_000
