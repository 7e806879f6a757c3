from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.admission import mends
from core.admission.findings import findings
from core.admission.mends import MENDS, mend_of, without
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors


def everything_wrong() -> Vectors:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(60, 6))
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    values[1], values[13], values[2] = values[0], values[12], values[0]
    values[21] = values[20] * (1 + 1e-7) + [1e-4, 0, 0, 0, 0, 0]
    values[22] = values[20] + [0, 1e-4, 0, 0, 0, 0]
    values[39] = values[30] + [0, 1e-4, 0, 0, 0, 0]
    values[40], values[41], values[42] = 0, 0, 0.3
    values[50:56] *= 4
    labels = np.arange(60) // 4
    labels[13] = 9
    labels[59] = 15
    return Vectors(
        values.astype(np.float32),
        labels,
        tuple(f"p{number}" for number in range(16)),
        groups=np.arange(60) % 3,
        group_names=("x", "y", "z"),
        times=np.arange(60.0),
        names=np.arange(60).astype(str),
    )


@pytest.mark.parametrize("name", MENDS)
def test_a_mend_ends_the_problem_that_names_it_and_leaves_the_first_set(name: str) -> None:
    samples = everything_wrong()
    before = samples.digest
    problems = {problem["mend"] for problem in findings(samples)["problems"]}
    assert name in problems
    mended = MENDS[name](samples)
    assert name not in {problem["mend"] for problem in findings(mended)["problems"]}
    assert everything_wrong().digest == before == samples.digest and mended.digest != before


def test_all_mends_in_turn_leave_no_problem() -> None:
    samples: Samples = everything_wrong()
    for name in [*MENDS, "drop-single"]:
        samples = MENDS[name](samples)
    assert findings(samples)["problems"] == [] and samples.count > 30


@pytest.mark.parametrize("name", MENDS)
def test_a_mend_of_what_is_sound_changes_nothing(name: str) -> None:
    values = np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    samples = Vectors(values, np.arange(8) // 2, ("a", "b", "c", "d"))
    mended = MENDS[name](samples)
    assert mended.count == 8 and np.allclose(mended.values, values, atol=1e-7)
    assert np.array_equal(mended.labels, samples.labels)


def test_rows_go_with_all_their_columns_and_names_that_nobody_bears() -> None:
    samples = everything_wrong()
    left = without(samples, np.array([0, 1, 2, 3, 58]))
    kept = [row for row in range(60) if row not in (0, 1, 2, 3, 58)]
    assert left.names is not None and left.times is not None and left.groups is not None
    assert left.names.tolist() == [str(row) for row in kept] and left.times.tolist() == kept
    assert np.array_equal(left.values, samples.values[kept]) and "p0" not in left.class_names
    assert [left.class_names[label] for label in left.labels] == [samples.class_names[samples.labels[r]] for r in kept]
    assert [left.group_names[group] for group in left.groups] == ["xyz"[row % 3] for row in kept]


def test_many_bytes_are_taken_through_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr(mends, "IN_MEMORY", 10)
    monkeypatch.setattr(mends, "ROWS_AT_ONCE", 4)
    pixels = np.random.default_rng(0).integers(0, 256, (10, 2, 3), dtype=np.uint8)
    left = without(Images(pixels, np.arange(10) // 5, ("a", "b")), np.array([3]))
    assert isinstance(left.values, np.memmap) and np.array_equal(left.values, np.delete(pixels, 3, axis=0))
    assert list((tmp_path / "data").iterdir()) == []


def test_a_mend_must_leave_something_and_be_known() -> None:
    samples = Vectors(np.zeros((2, 2), np.float32), np.array([0, 0]), ("a",))
    with pytest.raises(ValueError, match="a mend must leave at least one sample, got 2 to leave out of 2"):
        MENDS["drop-zero"](samples)
    with pytest.raises(ValueError, match="the mend must be one of drop-single, .*, got 'repair'"):
        mend_of("repair")
    assert mend_of("drop-zero") is MENDS["drop-zero"]


def test_what_has_no_names_keeps_its_rows_through_several_mends() -> None:
    first = replace(everything_wrong(), names=None)
    left = without(without(first, np.array([0, 5])), np.array([0, 3]))
    assert left.names is not None and left.names[:4].tolist() == ["row 2", "row 3", "row 6", "row 7"]
    assert without(first, np.empty(0, np.int64)).names is None


def test_names_of_mends_can_be_written_down() -> None:
    assert json.loads(json.dumps(list(MENDS))) == list(MENDS)
