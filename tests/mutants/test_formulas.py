"""Tests notice nearly every small change of a formula of core; what they need not notice is listed with a reason."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.imports import ROOT
from tests.mutants.__main__ import equivalents, every_change, key_of

pytestmark = pytest.mark.soak


def test_nearly_every_change_of_a_formula_is_noticed(record_property: Callable[[str, object], None]) -> None:
    """Of 300 at least 95 in 100, and at most 5 in 100 change nothing."""
    tried = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "--count", "300", "--seed", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=5400,
    )
    for line in tried.stdout.splitlines():
        record_property("told", line)
    assert tried.returncode == 0, tried.stdout


def test_what_need_not_be_noticed_exists_and_has_a_reason() -> None:
    found = {key_of(change) for change in every_change()}
    assert not [key for key in equivalents() if key not in found]
    assert all(len(reason) > 20 for reason in equivalents().values())
