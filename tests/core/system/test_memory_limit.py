from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import ROOT

SCRIPT = """
import sys
import numpy as np
from core.system.memory_limit import limit_memory
limit_memory(400_000_000)
mapped = np.memmap(sys.argv[1], np.uint8, "r")
print(len(mapped), mapped[-1])
np.ones(100_000_000, np.uint8)
try:
    np.ones(500_000_000, np.uint8)
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count otherwise")
def test_what_a_process_takes_is_limited_and_what_it_maps_is_not(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1_000_000_000)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "large")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.splitlines() == ["1000000000 0", "refused"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count otherwise")
def test_what_it_maps_is_limited_where_that_counts(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(8_000_000_000)
    script = SCRIPT.replace("limit_memory(400_000_000)", "limit_memory(4_000_000_000, maps_count=True)")
    command = [sys.executable, "-c", script, str(tmp_path / "large")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode and "Cannot allocate memory" in ended.stderr
