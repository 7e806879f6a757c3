from __future__ import annotations

import os
import subprocess
import sys

from tests.imports import ROOT

SERVED = """
import asyncio, gc
from dashboard.app import app, lifespan

async def frozen():
    async with lifespan(app):
        return gc.get_freeze_count()

print(gc.get_freeze_count(), asyncio.run(frozen()))
"""


def said(code: str) -> tuple[str, str]:
    """What a new process prints, and what it warns of."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return found.stdout, found.stderr


def test_the_server_starts_without_a_warning() -> None:
    assert said("import dashboard.app") == ("", "")


def test_what_is_imported_before_the_first_page_is_never_walked_by_the_collector() -> None:
    before, after = map(int, said(SERVED)[0].split())
    assert before == 0 and after > 50_000, "pandas, plotly and Streamlit are more objects than that"


GIVING = """
import asyncio
from dashboard import app

times = []
app.give_back, app.GIVING_BACK_SECONDS = lambda: times.append(len(times)), 0.01

async def served():
    async with app.lifespan(app.app):
        while len(times) < 3:
            await asyncio.sleep(0.01)
    ended = len(times)
    await asyncio.sleep(0.1)
    return len(times) == ended

print(asyncio.run(asyncio.wait_for(served(), 30)))
"""


def test_freed_memory_is_given_back_as_long_as_it_serves() -> None:
    assert said(GIVING) == ("True\n", "")
