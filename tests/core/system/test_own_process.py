from __future__ import annotations

import gc
import os
import sys
import time

import psutil

from core.system.own_process import started


def test_whoever_lets_go_of_it_leaves_no_zombie() -> None:
    process = started([sys.executable, "-c", "import time; time.sleep(0.2)"], os.environ).pid
    gc.collect()  # a warning, where nobody holds it any more
    end = time.monotonic() + 60
    while psutil.pid_exists(process) and time.monotonic() < end:
        time.sleep(0.01)
    assert not psutil.pid_exists(process)
