"""The app the live figure is tested in: the routes it needs, around one page with a case a query."""

from pathlib import Path

import streamlit as st

from dashboard.components import routes

HERE = Path(__file__).parent


def find_probe(name: str) -> Path | None:
    return HERE / "tiles.png" if name == "tiles" else None


app = st.App(HERE / "live_figure_cases.py", routes=routes.routes(find_probe))
