from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.admission.values_file import ROWS_AT_ONCE, ValuesFile

MUCH = 1 << 30


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_rows_come_back_from_the_disk_as_they_went(dtype: type, tmp_path: Path) -> None:
    rows = noise(1000, 3, 4).astype(dtype)
    file = ValuesFile(tmp_path / "a.npy", MUCH)
    file.append(rows[0])
    file.extend(rows[1:700])
    file.extend(rows[700:])
    found = file.finish()
    assert isinstance(found, np.memmap) and found.dtype == dtype and np.array_equal(found, rows)
    assert file.count == 1000 and np.array_equal(np.load(tmp_path / "a.npy"), rows)


@pytest.mark.parametrize("grey", [1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1])
def test_grey_rows_become_coloured_with_the_first_coloured_one(grey: int, tmp_path: Path) -> None:
    before, coloured, after = noise(grey, 2, 2), noise(1, 2, 2, 3), noise(5, 2, 2)
    file = ValuesFile(tmp_path / "a.npy", MUCH)
    for rows in (before, coloured, after):
        file.extend(rows)
    found = file.finish()
    assert found.shape == (grey + 6, 2, 2, 3)
    assert (found[:grey] == before[..., None]).all() and (found[grey] == coloured[0]).all()
    assert (found[grey + 1 :] == after[..., None]).all()
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"]


def test_more_bytes_than_may_be_are_refused(tmp_path: Path) -> None:
    file = ValuesFile(tmp_path / "a.npy", 1000)
    file.extend(noise(8, 100))
    with pytest.raises(ValueError, match="the data must take at most 1e-06 GB once they are prepared, got more"):
        file.extend(noise(2, 100))
    file.close()


def test_nothing_at_all_is_said_so(tmp_path: Path) -> None:
    file = ValuesFile(tmp_path / "a.npy", MUCH)
    file.close()
    with pytest.raises(ValueError, match="must hold at least one sample, got none"):
        file.finish()
