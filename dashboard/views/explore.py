"""Explore: the map of a snapshot with its images, one query and its nearest, a selection, what looks suspicious, and
three questions to its space."""

import streamlit as st

from dashboard.components.page_end import end_page
from dashboard.data import opening, panel
from dashboard.explore import controls, map_panel, query_panel, questions, selection, suspects
from dashboard.lookups import point_maps, runs
from dashboard.runs import map_quality, refusal, run_list
from dashboard.settings import RUN
from dashboard.verify import upload_panel
from dashboard.wording import say

opening.let_the_page_follow()
head = st.container(key="head").columns([1.0, 1.5, 1.5, 1.0, 1.2, 0.8], gap="small", vertical_alignment="bottom")
page, run, time, colour, search, point = head
with page, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    st.subheader(say("pages.explore.name"), anchor=False, width="content")
    data = st.container(width="content")
if upload_panel.wait_for(RUN.value("")):
    with data:
        panel.offer(opening.EXPLORE)
    end_page()
with run:
    name = run_list.choose_run(only_trained=False)
snapshots = runs.run_of(name).snapshots() if name else []
if not snapshots:
    if RUN.text is not None:
        refusal.show(only_trained=False)
    panel.offer_where_nothing_is(opening.EXPLORE)
    end_page()
with data:
    panel.offer(opening.EXPLORE)
if runs.is_of_pairs(name):
    st.info(say("explore.only_pairs"), icon=":material/travel_explore:")
    end_page()

map_panel.adopt_click(name)
with time:
    numbers = controls.choose_snapshot(snapshots)
map_quality.check_address(name, numbers)
with colour:
    by = controls.choose_colour(name, len(snapshots))
with search:
    words = controls.choose_search(name)
with point:
    query = controls.choose_query(name)

left, right = st.columns([1.15, 1], gap="medium")
with left:
    lassoed = map_panel.show(name, numbers, by, words, query, snapshots[0].step)
with right:
    query_panel.show(name, numbers.step, query)
    query_panel.show_whole(name, numbers.step)

searched = point_maps.search(name, words).tolist() if words else []
selected = selection.last_selected(lassoed, searched, words)
st.markdown(say("explore.selection.title"))
selection.show(name, numbers.step, selected, is_search=selected is searched)
st.markdown(say("explore.suspects.heading"))
suspects.show(name, numbers.step)
questions.show(name, numbers)
