"""Verify: choose a threshold by its goal, see what it lets in and whom it refuses, take it away."""

import json

import streamlit as st

from core.evidence.polarity import looks_swapped
from core.handover.words import goal_in_words, promise_in_words
from core.statistics.crossing import ALL
from dashboard.components.live_figure import live_figure
from dashboard.components.page_end import end_page
from dashboard.core_words import plain_words, translated
from dashboard.data import opening, panel
from dashboard.figures.maps import frame_name, in_words
from dashboard.lessons import hand_in
from dashboard.lookups import appraisals, pair_protocols, runs, scored_pairs
from dashboard.markdown import plain
from dashboard.runs import refusal, run_list, state, submit
from dashboard.settings import RUN, SNAPSHOT
from dashboard.verify import (
    before_after,
    first_visit,
    goal_chooser,
    label_question,
    pair_chooser,
    report_chooser,
    sentences,
    threshold_handle,
    upload_panel,
)
from dashboard.verify.chosen import Chosen
from dashboard.verify.sections import OF_CROSSED, OF_PAIRS, SECTIONS
from dashboard.wording import joined, say


def offer_data() -> None:
    """Files to be measured, and the sets that are kept."""
    with data, st.container(horizontal=True, gap="xsmall", key="verify.data"):
        upload_panel.offer(st.container(width="content"))
        panel.offer(opening.VERIFY)


opening.let_the_page_follow()
heading, menu, moment, report, data, facts = st.container(key="head").columns(
    [0.6, 1.55, 0.95, 1.1, 1.55, 2.35], vertical_alignment="center", gap="small"
)
heading.subheader(say("verify.page.title"), anchor=False)
if upload_panel.wait_for(RUN.value("")):
    offer_data()
    end_page()
asked = RUN.text
with menu:
    name = run_list.choose_run(only_trained=False)
snapshots = runs.run_of(name).snapshots() if name else []
if not snapshots:
    if RUN.text is not None:
        refusal.show(only_trained=False)
    upload_panel.offer(data)
    panel.offer_where_nothing_is(opening.VERIFY)
    end_page()

by_step = {numbers.step: numbers for numbers in reversed(snapshots)}
snapshot = SNAPSHOT.named({frame_name(numbers.epoch): step for step, numbers in by_step.items()})
only = len(by_step) == 1  # what a reader brought has no epochs
step = snapshot.among(
    list(by_step), say("verify.page.snapshot.gone"), (lambda _: say("verify.page.snapshot.only")) if only else None
)
if not only:
    step = moment.selectbox(
        say("verify.page.snapshot.label"),
        list(by_step),
        format_func=lambda step: in_words(by_step[step].epoch),
        label_visibility="collapsed",
        **snapshot.widget(step),
    )
record, theme = runs.record(name), state.theme()

is_similarity = scored_pairs.is_similarity(name)
threshold_handle.begin_run(name)
threshold_handle.adopt_release(name, step, is_similarity=is_similarity)
goals = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="verify.goal")
with goals:
    try:
        pairs = pair_chooser.chosen_pairs(name, step)
        appraisal = appraisals.appraisal(name, step, pairs)
        numbers = pair_protocols.numbers_of(name, by_step[step], pairs)
        goal = goal_chooser.chosen_goal(is_similarity=is_similarity)
        with report:
            protocol = report_chooser.chosen_protocol(appraisal, own_folds=record.has_folds)
        weights, safe_side = report_chooser.chosen_weights(appraisal), report_chooser.on_the_safe_side(goal)
        outcome = appraisals.outcome_of(name, step, goal, protocol, weights, safe_side=safe_side, pairs=pairs)
    except ValueError as problem:
        st.error(plain_words(problem))
        offer_data()
        end_page()
    if goal.side is not None:
        goal_chooser.offer_targets(goal, outcome.reported)
    elif not goal.is_given:
        st.caption(say("verify.goal.in_words", goal=translated(goal_in_words(goal.on_card()))), width="content")
threshold_handle.show_in_address(goal, outcome.threshold)
data_protocol = record.known_data.protocol
facts.caption(sentences.facts(outcome, numbers, data_protocol))
if first_visit.shows_example(asked, name):
    st.caption(say("verify.page.example", title=runs.titles_of([name])[name], data=say("upload.panel.button")))

figures = appraisals.figures(name, step, protocol, theme, weights, pairs)
called = threshold_handle.handle_name(name, step)
handles = appraisals.handles(name, step, goal, protocol, theme, called, weights, safe_side=safe_side, pairs=pairs)
# The figures before what may be said above and is below them: they are on their way to the browser meanwhile.
above = st.container()
left, right = st.columns([1, 1.25], gap="medium")
with left:
    live_figure(
        figures.distances,
        key=threshold_handle.FIGURE,
        height=290,
        alt=say("verify.page.alt.distances"),
        handles=handles[:1],
        group="verify",
    )

with right:
    for column, packed, kind, follower in zip(
        st.columns(2, gap="small"), (figures.roc, figures.det), ("ROC", "DET"), handles[1:], strict=True
    ):
        with column:
            live_figure(
                packed,
                key=f"verify.{kind}",
                height=230,
                alt=say("verify.page.alt.curve", kind=kind),
                handles=[follower],
                group="verify",
            )

offer_data()
with goals:
    st.space("stretch")
    card = appraisals.card(name, numbers, outcome, pairs)
    st.download_button(
        say("verify.page.card.label"),
        # Made on the click: a file held ready is gone when the next key press overtakes the browser's request for it.
        lambda: json.dumps(card, indent=1),
        file_name=f"threshold-{name}-{step}.json",
        mime="application/json",
        on_click="ignore",
        help=say("verify.page.card.help"),
    )
    hand_in.offer_threshold(name, outcome.threshold)
with above:
    label_question.offer(name)
    label_question.offer_against_doubts(name, step, outcome, card)
    if record.kind.is_of_pairs and looks_swapped(appraisal.everyone):
        submit.show_refusal()
        label_question.offer_to_turn(name, upload_panel.turn_round)
with left:
    report_chooser.offer_weights(appraisal)
    pair_chooser.offer(name, step, pairs)
    with st.container(key="awaits.intervals"):  # of where the handle was let go: faded while it moves
        if table := sentences.intervals_table(outcome):
            st.caption(table)
        if pairs == ALL:
            before_after.show(name, outcome, numbers)
        sure = sentences.in_words(outcome, is_similarity=is_similarity)
        promised = plain_words(promise_in_words(card))
        first = joined("sentences", [sure, promised, sentences.limits_in_words(outcome)])
        st.caption(f"{first}  \n{sentences.provenance(outcome, data_protocol)}")
    if remarks := runs.run_of(name).remarks():
        st.caption(f":material/info: {plain(joined('clauses', map(translated, remarks)))}.")
    if ranked := sentences.retrieval(numbers):
        st.caption(ranked)
with right:
    section = SECTIONS[report_chooser.choose_section()]
    with st.container(key="awaits.section"):
        if pairs != ALL and section not in OF_CROSSED:
            st.caption(say("verify.pairs.all_told"))
        elif section in OF_PAIRS or not record.kind.is_of_pairs:
            section.show(Chosen(name, step, outcome, card, theme, pairs))
        else:
            st.caption(say("verify.page.only_embeddings"))
