"""Metric Lab as a server: `streamlit run dashboard/app.py`. The pages are in navigation.py."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

# Here, before any script thread: two that import pandas at once find half of it.
import pandas  # noqa: F401
import plotly.graph_objects  # noqa: F401
import streamlit as st
from starlette.middleware import Middleware

sys.path.insert(0, str(Path(__file__).parents[1]))  # `streamlit run` puts only this file's folder on the path

# Functions whose results are kept are declared before the server runs: Streamlit says so once for each of them.
logging.getLogger("streamlit.runtime.caching.cache_data_api").addFilter(
    lambda record: record.getMessage().lower().split()[:2] != ["no", "runtime"]
)

from core.system.memory import give_large_back_at_once  # noqa: E402
from core.system.permissions import keep_to_owner  # noqa: E402
from core.system.shared_memory import check_shared_memory  # noqa: E402
from dashboard.components import routes  # noqa: E402
from dashboard.components.fetched_ahead import FetchedAhead  # noqa: E402
from dashboard.entrance import visitors  # noqa: E402
from dashboard.entrance.crowd import NOW, Crowd, most_pages  # noqa: E402
from dashboard.entrance.gate import Gate  # noqa: E402
from dashboard.entrance.held_uploads import HeldUploads, most_bytes  # noqa: E402
from dashboard.entrance.known_hosts import KnownHosts, known_hosts  # noqa: E402
from dashboard.entrance.ways_in import check_address, way_in  # noqa: E402
from dashboard.glossary.pictures import album  # noqa: E402
from dashboard.lookups import live_frames, runs, server_status  # noqa: E402

SWITCH_SECONDS = 0.001  # until another thread has its turn; 0.005 is usual, which thirty pages take one after the other


@asynccontextmanager
async def lifespan(app: Any) -> AsyncGenerator[dict[str, Any], None]:
    """Everything imported by now lives for ever: keep the garbage collector from walking it again and again. What hands
    out frames and news should not wait for each page's script in turn. Figures of long runs are large while they are
    made, each a little larger than the one before."""
    gc.freeze()
    give_large_back_at_once()
    sys.setswitchinterval(SWITCH_SECONDS)
    yield {}


keep_to_owner()
script = Path(__file__).with_name("navigation.py")
base = str(st.get_option("server.baseUrlPath"))  # Streamlit puts its own routes below it, and no others
address = str(st.get_option("server.address") or "")
try:
    way = way_in(sys.argv[1:] if Path(sys.argv[0]).resolve() == Path(__file__).resolve() else [])
    check_address(way, address)
    check_shared_memory()
    pages, uploads = most_pages(), most_bytes()
except ValueError as problem:
    raise SystemExit(f"Metric Lab: {problem}") from None
visitors.use(way)
app = st.App(
    str(script),
    lifespan=lifespan,
    routes=routes.routes(
        runs.find_probe, live_frames.map_news, live_frames.map_stamp, base, server_status.problem, album.find
    ),
    middleware=[
        Middleware(KnownHosts, known_hosts(address)),
        Middleware(Crowd, pages, NOW),
        Middleware(Gate, way, f"/{base.strip('/')}".rstrip("/")),
        Middleware(HeldUploads, uploads),
        Middleware(FetchedAhead, routes.script_urls),
    ],
)
