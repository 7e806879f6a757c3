"""What a run folder takes of the disk, and its main number."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.runs.weight import UNKNOWN, Weight, size_of, weight_of


def test_all_files_count_as_the_disk_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one").write_bytes(b"x" * 10_000)
    (tmp_path / "two").write_bytes(b"x" * 10_000)
    expected = sum((tmp_path / name).stat().st_blocks * 512 for name in ("deep/one", "two"))
    assert size_of(tmp_path) == expected >= 20_000


def test_a_folder_that_is_gone_takes_nothing(tmp_path: Path) -> None:
    assert weight_of(tmp_path / "gone") == Weight(0, UNKNOWN)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("", UNKNOWN),
        ('{"map_at_r": 0.25}\n', 0.25),
        ('{"map_at_r": 0.25}\n{"map_at_r": 0.75}\n', 0.75),
        ('{"map_at_r": null}\n', UNKNOWN),  # of scored pairs
        ('{"auc": 1}\n', UNKNOWN),
        ('{"map_at_r": NaN}\n', UNKNOWN),
        ('{"map_at_r": 0.25}\n{"map_at', UNKNOWN),
        ("[]\n", UNKNOWN),
    ],
)
def test_the_number_is_that_of_the_last_snapshot(tmp_path: Path, written: str, number: float) -> None:
    (tmp_path / "snapshots.jsonl").write_text(written)
    assert weight_of(tmp_path).map_at_r == number
