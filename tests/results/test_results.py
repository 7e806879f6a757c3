"""Every answer of `python -m core` is, bit for bit, the one that commit ff1c64a gave; expected/ keeps those.

Equal on every x86-64 processor are all counts, thresholds, rates and intervals: they are exact, or float64 sums in a
fixed order under the settings of record.py. What numba may add up in another order for another processor are the means
over queries (MAP@R) and, in training, the loss of an update. So bits are demanded where the processor is, for numba,
that of expected/processor.json, elsewhere the closeness of ELSEWHERE. An answer may gain fields.

To record expected/ again, with that commit checked out beside: `python tests/results/record.py ../start
tests/results/expected`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.imports import ROOT
from tests.results.cases import every_case
from tests.results.processor import processor

HERE = Path(__file__).parent
EXPECTED = HERE / "expected"
ELSEWHERE = {"statistics": 1e-12, "verify": 1e-12, "large": 1e-12, "train": 1e-2}  # on another processor, relative


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the code here answers: all cases in one process, which takes about half a minute."""
    folder = tmp_path_factory.mktemp("answers")
    words = [sys.executable, str(HERE / "record.py"), str(ROOT), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def differences(expected: Any, found: Any, closeness: float, at: str = "") -> Iterator[str]:
    """What is missing or unlike, each in a line; a closeness of 0 asks for equal bits."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if name not in found:
                yield f"{at}/{name} is missing"
            elif name != "digests" or not closeness:
                yield from differences(value, found[name], closeness, f"{at}/{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for place, both in enumerate(zip(expected, found, strict=True)):
            yield from differences(*both, closeness, f"{at}/{place}")
    elif type(expected) is not type(found) or not (expected == found or is_close(expected, found, closeness)):
        yield f"{at} must be {expected!r}, got {found!r}"


def is_close(expected: Any, found: Any, closeness: float) -> bool:
    """Of two numbers; counts only where a training may have gone another way."""
    may_differ = isinstance(expected, float) or (isinstance(expected, int) and closeness > 1e-6)
    return may_differ and bool(found == pytest.approx(expected, rel=closeness, abs=closeness))


def test_every_case_has_an_answer_and_every_answer_a_case() -> None:
    kept = {file.relative_to(EXPECTED).with_suffix("").as_posix() for file in EXPECTED.glob("*/*.json")}
    assert kept == set(every_case())


@pytest.mark.parametrize("case", every_case())
def test_the_answer_is_that_of_the_commit(case: str, answers: Path) -> None:
    expected, found = (json.loads((folder / f"{case}.json").read_text()) for folder in (EXPECTED, answers))
    is_same = json.loads((EXPECTED / "processor.json").read_text()) == processor()
    closeness = 0.0 if is_same else ELSEWHERE[case.split("/")[0]]
    assert expected["words"] == every_case()[case], "cases.py has changed: record the answer again"
    assert list(differences(expected, found, closeness)) == []


def test_one_bit_is_seen() -> None:
    assert list(differences({"auc": 0.1}, {"auc": 0.1, "new": 1}, 0.0)) == []
    assert list(differences({"auc": 0.1}, {"auc": 0.1 + 2**-56}, 0.0)) == ["/auc must be 0.1, got 0.10000000000000002"]
    assert list(differences({"auc": 0.1}, {"auc": 0.1 + 2**-56}, 1e-12)) == []
    assert list(differences({"hard": 5}, {"hard": 6}, 1e-12)) == ["/hard must be 5, got 6"]
    assert list(differences([1.0, {"auc": 1}], [1.0, {}], 0.0)) == ["/1/auc is missing"]
    assert list(differences({"rows": [1]}, {"rows": [1, 2]}, 0.0)) == ["/rows must be [1], got [1, 2]"]
