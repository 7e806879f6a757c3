"""Metric Lab as a server: `streamlit run dashboard/app.py`. The pages are in navigation.py."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # `streamlit run` puts only this folder on the path

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from dashboard import state, vendor


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Everything imported by now lives for ever: keep the garbage collector from walking it again and again."""
    gc.freeze()
    yield {}


app = st.App(str(HERE / "navigation.py"), lifespan=lifespan, routes=vendor.routes(state.find_probe))
