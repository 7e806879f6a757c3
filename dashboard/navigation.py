"""The pages and their order, as the catalogue has them: each file in views has a table in words/en/pages.toml."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.system.locations import ASSETS
from dashboard import reader_language, url
from dashboard.classroom import hiding, link
from dashboard.components import page_end, page_menu
from dashboard.entrance import visitors
from dashboard.entrance.rights import is_owner
from dashboard.glossary import panel as words
from dashboard.lessons import guide
from dashboard.wording import ENGLISH, catalogue, say

ICON, STYLES = ASSETS / "icon.svg", [Path(__file__).with_name(name) for name in ("pages.css", "phone.css")]

url.arrive()
reader_language.choose()
st.set_page_config(page_title=say("pages.app"), page_icon=str(ICON), layout="wide")
st.html(f"<style>{''.join(style.read_text(encoding='utf-8') for style in STYLES)}</style>")

views = [key.split(".")[1] for key in catalogue(ENGLISH) if key.startswith("pages.") and key.endswith(".icon")]
away = {"status", *hiding.hidden_pages()}  # the list of runs has a link to the first
if not (is_owner() and visitors.now()):  # where everybody is the owner, the link for a class leads there
    away.add("handins")
pages = [
    st.Page(
        f"views/{view}.py",
        title=say(f"pages.{view}.name"),
        icon=say(f"pages.{view}.icon"),
        default=view == views[0],
        visibility="hidden" if view in away else "visible",
    )
    for view in views
]

page = st.navigation(pages, position="top")
url.begin(page.url_path)
reader_language.begin()
hiding.begin(page.url_path or views[0])
page_end.guarded(guide.show)(page.url_path or views[0])
page_end.run(page)
page_menu.close_on_choice()
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
    page_end.guarded(link.offer)(page.url_path or views[0])
    page_end.guarded(words.offer)(page.url_path or views[0])
    reader_language.switch()
