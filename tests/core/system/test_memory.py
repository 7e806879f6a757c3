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


# Frees a large piece, then asks how much of a smaller one lies in the heap, where what comes after it holds it fast.
LARGE_PIECES = """
import sys
import numpy as np, psutil
from core.system.memory import give_large_back_at_once

if sys.argv[1:]:
    give_large_back_at_once()
np.ones(2_000_000)
kept, before = [], psutil.Process().memory_info().rss
for _ in range(20):
    piece = np.ones(1_000_000)
    kept.append(np.ones(1000))
    del piece
    kept += [np.ones(1000) for _ in range(100)]
print(psutil.Process().memory_info().rss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be asked")
def test_large_pieces_are_handed_back_at_once() -> None:
    left, with_holes = (
        int(subprocess.check_output([sys.executable, "-c", LARGE_PIECES, *arguments], cwd=ROOT, text=True))
        for arguments in (["at once"], [])
    )
    assert left < 20e6, "what is kept is 16 MB"
    assert with_holes > left + 4e6, "the test must see what is held back otherwise"
