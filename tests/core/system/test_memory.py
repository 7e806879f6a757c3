"""Freed memory goes back to the system."""

import subprocess
import sys

import pytest

from tests.imports import ROOT

# Frees thousands of small pieces behind one that stays, which the C library keeps unless it is asked.
SCRIPT = """
import numpy as np, psutil
from core.system.memory import give_back

pieces = [np.ones(2000) for _ in range(8000)]
kept = [np.ones(100)]
before = psutil.Process().memory_info().rss
del pieces[:]
between = psutil.Process().memory_info().rss
give_back()
print(before, between, psutil.Process().memory_info().rss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be asked")
def test_what_is_freed_is_handed_back() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    before, between, after = map(int, done.stdout.split())
    assert before - between < 10e6, "the test must hold something back"
    assert before - after > 100e6
