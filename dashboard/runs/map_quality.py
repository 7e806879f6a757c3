"""Below a map: how far it can be trusted, in one sentence, and the choice of another map of the same points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.jobs.measure_map_quality import MeasuredMap
from core.maps.other_maps import OTHERS, OWN, SEED
from core.records.snapshot_record import MapRecord, SnapshotRecord
from dashboard.components.page_end import guarded
from dashboard.figures.maps import frame_name, in_words
from dashboard.lookups import map_qualities, runs
from dashboard.settings import FRAME, MAP
from dashboard.wording import joined, say

LOOK_SECONDS = 1.0
KEY = "map-quality"


@dataclass(frozen=True)
class ShownMap:
    """Which map of a run is shown: at a line of it, of a kind, and measured where it is; `asked` differs from `kind`
    while that map is not there yet."""

    line: MapRecord
    kind: str
    asked: str
    measured: MeasuredMap | None

    @property
    def other(self) -> MeasuredMap | None:
        """The map where it is not the run's own."""
        return None if self.kind == OWN else self.measured


def title(kind: str, line: MapRecord) -> str:
    """What a map is called beside those that there are of the same points."""
    own = map_qualities.method(line).upper()
    if kind != SEED:
        return own if kind == OWN else kind.upper()
    umap = "umap".upper()
    return say("runs.quality.seed", own=own) if own == umap else umap


def check_address(name: str, line: MapRecord) -> None:
    """Say so where the address asks for a map that there is not; out of no fragment."""
    kinds = map_qualities.offered(name, line)
    MAP.value(OWN, kinds, say("runs.quality.not_offered"), title(OWN, line))


def moment_of(lines: Sequence[MapRecord]) -> MapRecord:
    """The line that the address stands at, the last one by default."""
    return next((line for line in lines if frame_name(line.epoch) == FRAME.text), lines[-1])


def shown_map(name: str, lines: Sequence[MapRecord], snapshots: Sequence[SnapshotRecord]) -> ShownMap | None:
    """The map that the address asks for at its moment, or the run's own until it is there; None where the run has kept
    no embeddings of that moment."""
    line = moment_of(lines)
    return of_moment(name, line) if any(one.step == line.step for one in snapshots) else None


def of_moment(name: str, line: MapRecord) -> ShownMap:
    """The map that the address asks for, or the run's own until it is there."""
    asked = MAP.text if MAP.text in map_qualities.offered(name, line) else OWN
    assert asked is not None
    measured = map_qualities.found(name, line.step, asked)
    if measured is None and asked in OTHERS:
        return ShownMap(line, OWN, asked, None)
    return ShownMap(line, asked, asked, measured)


def show(name: str, shown: ShownMap) -> None:
    """The choice of a map where there are several, and the sentence; looks again until it is there."""
    kinds = map_qualities.offered(name, shown.line)
    with st.container(gap="xxsmall", key=KEY):
        if len(kinds) > 1:
            st.segmented_control(
                say("runs.quality.label"),
                kinds,
                required=True,
                format_func=lambda kind: title(kind, shown.line),
                label_visibility="collapsed",
                **MAP.widget(shown.asked),
            )
        if shown.measured is not None:
            quality = shown.measured.quality
            st.caption(
                in_sentences(name, shown, shown.measured),
                help=say("runs.quality.help", k=quality.k, triplets=quality.triplets),
            )
        else:
            st.fragment(guarded(_wait), run_every=LOOK_SECONDS)(name, shown)


def in_sentences(name: str, shown: ShownMap, measured: MeasuredMap) -> str:
    """How far the map can be trusted."""
    quality, moment = measured.quality, in_words(shown.line.epoch).capitalize()
    if quality.k:
        true = quality.k * quality.true_share
        said = [say("runs.quality.own", moment=moment, k=quality.k, true=true, trust=quality.trustworthiness)]
    else:
        said = [say("runs.quality.too_few", moment=moment)]
    if shown.kind != OWN and quality.k:
        common, own = quality.k * measured.agreement, title(OWN, shown.line)
        said.append(say("runs.quality.common", common=common, k=quality.k, own=own))
    if quality.triplets:
        said.append(say("runs.quality.triplets", share=100 * quality.contradicted))
    else:
        said.append(say("runs.quality.no_triplets"))
    if quality.count < (count := len(runs.labels(name))):
        said.append(say("runs.quality.sampled", shown=quality.count, all=count))
    return joined("sentences", [*said, say("runs.quality.true")])


def _wait(name: str, shown: ShownMap) -> None:
    step, kind = shown.line.step, shown.asked
    if map_qualities.found(name, step, kind) is not None:
        st.rerun()
    if map_qualities.has_failed(name, step, kind):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(say("runs.quality.failed"), width="content")
            st.button(
                say("runs.quality.again"),
                key=f"{KEY}.again",
                type="tertiary",
                on_click=map_qualities.ask_again,
                args=(name, step, kind),
            )
        return
    is_drawn = kind == OWN
    st.caption(say("runs.quality.measuring") if is_drawn else say("runs.quality.drawing", map=title(kind, shown.line)))
