"""The pages and their order, as the catalogue has them: each file in views has a table in words/en/pages.toml."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.system.locations import ASSETS
from dashboard import reader_language, url
from dashboard.components import page_end, page_menu
from dashboard.lessons import guide
from dashboard.wording import ENGLISH, catalogue, say

ICON, STYLES = ASSETS / "icon.svg", [Path(__file__).with_name(name) for name in ("pages.css", "phone.css")]

url.arrive()
reader_language.choose()
st.set_page_config(page_title=say("pages.app"), page_icon=str(ICON), layout="wide")
st.html(f"<style>{''.join(style.read_text(encoding='utf-8') for style in STYLES)}</style>")

views = [key.split(".")[1] for key in catalogue(ENGLISH) if key.startswith("pages.") and key.endswith(".icon")]
pages = [
    st.Page(
        f"views/{view}.py",
        title=say(f"pages.{view}.name"),
        icon=say(f"pages.{view}.icon"),
        default=view == views[0],
        visibility="hidden" if view == "status" else "visible",  # the list of runs has a link to it
    )
    for view in views
]

page = st.navigation(pages, position="top")
page_menu.close_on_choice()
url.begin(page.url_path)
reader_language.begin()
page_end.guarded(guide.show)(page.url_path or views[0])
page_end.run(page)
reader_language.switch()
