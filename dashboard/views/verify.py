"""Verify: choose a threshold by its goal, see what it lets in and whom it refuses, take it away."""

import json

import streamlit as st

from core.thresholds.goals import LIMITED
from core.thresholds.plain_words import promise_in_words
from core.thresholds.polarity import looks_swapped
from dashboard import asking, cached, choosing, scored, state, telling, uploading, verifying
from dashboard.components.gestures import Handle
from dashboard.components.live_figure import live_figure
from dashboard.figures import error_curves, thresholds
from dashboard.figures.maps import frame_name
from dashboard.plain import plain
from dashboard.sections import OF_PAIRS, SECTIONS

heading, menu, moment, report, data, facts = st.columns(
    [0.6, 1.5, 0.75, 1.15, 1.05, 3.05], vertical_alignment="center", gap="small"
)
heading.subheader("Verify", anchor=False)
with data:
    uploading.offer()
if uploading.wait_for(st.query_params.get("run", "")):
    st.stop()
with menu:
    name = state.choose_run(only_trained=False)
snapshots = cached.run_of(name).snapshots() if name else []
if not snapshots:
    st.info("There is no trained run to choose a threshold for. Start one on the Train page.", icon=":material/rule:")
    st.page_link("views/train.py", label="Open Train")
    st.stop()

by_step = {numbers["step"]: numbers for numbers in reversed(snapshots)}
if st.session_state.get("snapshot") not in by_step:
    st.session_state.pop("snapshot", None)
step = moment.selectbox(
    "Snapshot",
    list(by_step),
    format_func=lambda step: frame_name(by_step[step]["epoch"]),
    key="snapshot",
    bind="query-params",
    label_visibility="collapsed",
)
numbers, description, theme = by_step[step], cached.description(name), state.theme()

choosing.adopt_release(name, step)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    try:
        found = verifying.appraisal(name, step)
        goal = choosing.chosen_goal(is_similarity=scored.is_similarity(name))
        with report:
            protocol = choosing.chosen_protocol(found, own_folds=scored.has_folds(name))
        weights, safe_side = choosing.chosen_weights(found), choosing.on_the_safe_side(goal)
        told = verifying.told_of(name, step, goal, protocol, weights, safe_side=safe_side)
    except ValueError as problem:
        st.error(str(problem))
        st.stop()
    if goal.kind in LIMITED:
        choosing.offer_targets(goal, told.reported)
    st.space("stretch")
    card = verifying.card(name, numbers, told)
    st.download_button(
        "JSON",
        # Made on the click: a file held ready is gone when the next key press overtakes the browser's request for it.
        lambda: json.dumps(card, indent=1),
        file_name=f"threshold-{name}-{step}.json",
        mime="application/json",
        on_click="ignore",
        help="The threshold with its rates, intervals, counts, protocol, run and data, all digits kept",
    )
choosing.show_in_address(goal, told.threshold)
data_protocol = description["data"]["protocol"]
facts.caption(telling.facts(told, numbers, data_protocol))

asking.offer(name)
asking.offer_against_doubts(name, step, told, card)
if scored.is_scored(name) and looks_swapped(found.everyone):
    asking.offer_to_turn(name, uploading.turn_round)
evidence, figures = told.reported, verifying.figures(name, step, protocol, theme, weights)
handle = thresholds.handle(
    evidence,
    told.threshold,
    choosing.handle_name(name, step),
    theme,
    is_similarity=scored.is_similarity(name),
    over_folds=bool(told.folds),
)
left, right = st.columns([1, 1.25], gap="medium")
with left:
    live_figure(
        figures.distances,
        key=choosing.FIGURE,
        height=290,
        alt="Distances of genuine and of impostor pairs, with the threshold to drag",
        handles=[handle],
        group="verify",
    )
    choosing.offer_weights(found)
    if table := telling.intervals_table(told):
        st.caption(table)
    sure = telling.in_words(told, is_similarity=scored.is_similarity(name))
    promised = plain(promise_in_words(card))
    st.caption(f"{sure} {promised} {telling.limits_in_words(told)}  \n{telling.provenance(told, data_protocol)}")
    if remarks := cached.run_of(name).result().get("remarks"):
        st.caption(f":material/info: {plain('; '.join(remarks))}.")
    if ranked := telling.retrieval(numbers):
        st.caption(ranked)

with right:
    for column, packed, kind, follower in zip(
        st.columns(2, gap="small"),
        (figures.roc, figures.det),
        ("ROC", "DET"),
        (error_curves.roc_follower(evidence.curve), error_curves.det_follower(evidence.curve)),
        strict=True,
    ):
        with column:
            live_figure(
                packed,
                key=f"verify.{kind}",
                height=230,
                alt=f"{kind} curve with its 95 % band and the point of the threshold",
                handles=[Handle(handle.name, "", told.threshold, evidence.curve.thresholds, followers=[follower])],
                group="verify",
            )
    section = SECTIONS[choosing.choose_section()]
    if section in OF_PAIRS or not scored.is_scored(name):
        section.show(verifying.Chosen(name, step, told, card, theme))
    else:
        st.caption("This is told of embeddings; what you brought are pairs, without the embeddings of all points.")
