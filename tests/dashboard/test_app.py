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
