"""Mine: which triplets of an anchor are hard, semi-hard or easy, and what the margin makes of them."""

import streamlit as st

from core.records.snapshot_record import SnapshotRecord
from dashboard.figures.maps import epoch_name
from dashboard.glossary.entries import sentence_of
from dashboard.lookups import anchor_triplets, runs
from dashboard.mine import panel
from dashboard.runs import fork_strategies, refusal, run_list, state
from dashboard.settings import ANCHOR, EPOCH, RUN
from dashboard.wording import joined, say


def choose_snapshot(snapshots: list[SnapshotRecord]) -> SnapshotRecord:
    """The snapshot of the epoch in the URL, the last one by default."""
    by_epoch = {epoch_name(numbers.epoch): numbers for numbers in snapshots}
    last = list(by_epoch)[-1]
    asked = EPOCH.value(last, by_epoch, say("mine.epoch.not_there"), say("mine.epoch.last", epoch=last))
    if len(by_epoch) == 1:
        return snapshots[-1]
    return by_epoch[st.select_slider(say("mine.epoch.label"), list(by_epoch), **EPOCH.widget(asked))]


def choose_anchor(name: str, step: int) -> int:
    """The image whose triplets are shown: clicked on the map, typed, in the URL, or one near a border."""
    count = len(runs.labels(name))
    clicked = state.fresh("mine.clicked", panel.clicked_point())
    if clicked is not None:
        ANCHOR.keep(clicked)
    first = anchor_triplets.first_anchor(name, step)
    asked = ANCHOR.value(first, range(count), say("mine.anchor.not_there", last=count - 1))
    meaning = joined("sentences", [sentence_of("anchor"), say("mine.anchor.help")])
    anchor = st.number_input(say("mine.anchor.label"), 0, count - 1, help=meaning, **ANCHOR.widget(asked))
    if panel.clicked_point() not in (None, anchor):
        panel.forget_click()
    return anchor


page, run, time, point = st.container(key="head").columns(
    [0.5, 1.6, 2.4, 0.8], gap="medium", vertical_alignment="bottom"
)
page.subheader(say("pages.mine.name"), anchor=False)
if not runs.choosable() and RUN.text is None:
    st.info(say("mine.nothing"), icon=":material/filter_alt:")
    st.stop()
with run:
    name = run_list.choose_run()
snapshots = runs.run_of(name).snapshots() if name else []
if snapshots:
    with time:
        numbers = choose_snapshot(snapshots)
    with point:
        anchor = choose_anchor(name, snapshots[-1].step)  # of the last, so that it stays from epoch to epoch
    panel.show(name, numbers, anchor)
    fork_strategies.offer(name, runs.row_of(name))
else:
    refusal.show()
