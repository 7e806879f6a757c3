"""The pages and their order."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.system.locations import ASSETS
from dashboard import url
from dashboard.components import page_menu

ICON, STYLES = ASSETS / "icon.svg", [Path(__file__).with_name(name) for name in ("pages.css", "phone.css")]

st.set_page_config(page_title="Metric Lab", page_icon=str(ICON), layout="wide")
st.html(f"<style>{''.join(style.read_text(encoding='utf-8') for style in STYLES)}</style>")

PAGES = [
    st.Page("views/learn.py", title="Learn", icon=":material/play_circle:", default=True),
    st.Page("views/train.py", title="Train", icon=":material/model_training:"),
    st.Page("views/mine.py", title="Mine", icon=":material/filter_alt:"),
    st.Page("views/verify.py", title="Verify", icon=":material/rule:"),
    st.Page("views/compare.py", title="Compare", icon=":material/compare:"),
]

page = st.navigation(PAGES, position="top")
page_menu.close_on_choice()
url.begin(page.url_path)
page.run()
