"""Verify: choose a threshold by its goal, see what it lets in and whom it refuses, take it away."""

import json
from datetime import UTC, datetime

import streamlit as st

from core.threshold_card import threshold_card
from dashboard import cached, state, verifying
from dashboard.components.gestures import Handle
from dashboard.components.live_figure import live_figure
from dashboard.figures import error_curves, thresholds
from dashboard.figures.maps import frame_name

heading, menu, moment, facts = st.columns([0.7, 1.9, 0.9, 3.2], vertical_alignment="center", gap="small")
heading.subheader("Verify", anchor=False)
with menu:
    name = state.choose_run()
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
curve = verifying.curve(name, step)
protocol = description["data"]["protocol"]
facts.caption(
    f"{protocol}: {verifying.PROTOCOLS.get(protocol, protocol)}  \n"
    f"{numbers['points']:,} images of {numbers['classes']:,} classes · {curve.positive_count:,} genuine and "
    f"{curve.negative_count:,} impostor pairs"
)

verifying.adopt_release(name, step)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    try:
        goal = verifying.chosen_goal()
        chosen = goal.threshold(curve)
    except ValueError as problem:
        st.error(str(problem))
        st.stop()
    card = threshold_card(
        curve, goal, description=description, numbers=numbers, date=datetime.now(UTC).date().isoformat()
    )
    st.space("stretch")
    st.markdown(
        f"EER **{100 * numbers['eer']:.2f} %** at {numbers['eer_threshold']:.3f} · AUC **{numbers['auc']:.4f}**"
    )
    st.download_button(
        "JSON",
        # Made on the click: a file held ready is gone when the next key press overtakes the browser's request for it.
        lambda: json.dumps(card, indent=1),
        file_name=f"threshold-{name}-{step}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        help="The threshold with its rates, counts, protocol, run and data, all digits kept",
    )
verifying.show_in_address(goal, chosen)

figures = verifying.figures(name, step, theme)
handle = thresholds.handle(curve, chosen, verifying.handle_name(name, step), theme)
left, right = st.columns([1, 1.25], gap="medium")
with left:
    live_figure(
        figures.distances,
        key=verifying.FIGURE,
        height=290,
        alt="Distances of genuine and of impostor pairs, with the threshold to drag",
        handles=[handle],
        group="verify",
    )
    if not goal.is_supported(curve):
        (smallest,) = thresholds.percentages([1 / curve.negative_count])
        st.caption(
            f":material/warning: {curve.negative_count:,} impostor pairs cannot support this goal: it allows not even "
            f"one false accept. The smallest rate above 0 they can show is {smallest}."
        )
    st.caption("Threshold and rates come from the same pairs: they describe these images and promise nothing beyond.")

with right:
    for column, packed, kind, follower in zip(
        st.columns(2, gap="small"),
        (figures.roc, figures.det),
        ("ROC", "DET"),
        (error_curves.roc_follower(curve), error_curves.det_follower(curve)),
        strict=True,
    ):
        with column:
            live_figure(
                packed,
                key=f"verify.{kind}",
                height=230,
                alt=f"{kind} curve with the point of the threshold",
                handles=[Handle(handle.name, "", chosen, curve.thresholds, followers=[follower])],
                group="verify",
            )
    for is_same, title, empty in (
        (False, "**False accepts** nearest to the threshold: different classes, let in", "No impostor pair is let in."),
        (True, "**False rejects** nearest to the threshold: same class, refused", "No genuine pair is refused."),
    ):
        st.markdown(title)
        pairs = verifying.wrong_pairs(name, step, chosen, is_same)
        with st.container(horizontal=True, gap="xsmall"):
            for pair in pairs:
                st.image(pair.image, pair.caption, width=pair.width, alt=pair.caption)
        if not pairs:
            st.caption(empty)
