"""The pages and their order."""

from __future__ import annotations

import streamlit as st

from core.system.locations import ASSETS
from dashboard import url

ICON = ASSETS / "icon.svg"

st.set_page_config(page_title="Metric Lab", page_icon=str(ICON), layout="wide")

PAGES = [
    st.Page("views/learn.py", title="Learn", icon=":material/play_circle:", default=True),
    st.Page("views/train.py", title="Train", icon=":material/model_training:"),
    st.Page("views/mine.py", title="Mine", icon=":material/filter_alt:"),
    st.Page("views/verify.py", title="Verify", icon=":material/rule:"),
    st.Page("views/compare.py", title="Compare", icon=":material/compare:"),
]

page = st.navigation(PAGES, position="top")
url.begin(page.url_path)
page.run()
