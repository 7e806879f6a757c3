"""A process of our own beside this one: nobody waits for it, and it leaves nothing behind when it ends."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from threading import Thread

from core.system.locations import ROOT


def started(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start it, without a voice. A thread takes its end, so that it stays no zombie, whoever lets go of it."""
    process = subprocess.Popen(
        command, env=dict(environment), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    Thread(target=process.wait, daemon=True).start()
    return process
