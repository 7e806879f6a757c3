"""The maps of runs side by side, on one scrub bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import streamlit as st

from core.records.snapshot_record import SnapshotRecord
from dashboard.compare import map_trust
from dashboard.components.gestures import Scrub
from dashboard.components.live_figure import Stacked, live_figure
from dashboard.core_words import translated
from dashboard.figures.maps import epoch_name, frame_name, in_words
from dashboard.lookups import comparisons, runs
from dashboard.lookups.shared_samples import shared_samples
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.runs.run_panel import probe_counts, shown_samples
from dashboard.runs.submit import OF_ONE_RUN
from dashboard.settings import EPOCH, FRAME, MOMENT, RUN, SNAPSHOT
from dashboard.url import Setting, address_with, is_way_back, ways_back
from dashboard.wording import say

HEIGHT, STACKED_HEIGHT, STACKED_BELOW = 340, 400, 600  # the second for each run

Snapshots = Mapping[str, Sequence[SnapshotRecord]]


def asked_frame(names: Sequence[str], *, is_live: bool) -> str | None:
    """The frame that the address names; on a way back to where it names none, the last one."""
    epochs = sorted({numbers.epoch for name in names for numbers in runs.run_of(name).snapshots()})
    frames = [frame_name(epoch) for epoch in epochs]
    if not frames or (MOMENT.text is None and (is_live or not is_way_back())):
        return None
    return MOMENT.value(frames[-1], frames, say("compare.maps.no_frame"))


def show(
    titles: Mapping[str, str], snapshots: Snapshots, waits: Mapping[str, str], frame: str | None, *, is_live: bool
) -> None:
    """Draw the maps of the runs of these titles up to these snapshots, with a place for each that `waits`, as it says;
    the address keeps where a reader stops, and links lead there."""
    names, begun = tuple(titles), tuple(snapshots)
    steps = tuple(tuple(numbers.step for numbers in snapshots.get(name, ())) for name in names)
    told = tuple("" if name in snapshots else waits.get(name, titles[name]) for name in names)
    packed = comparisons.comparison(names, steps, state.theme(), live=is_live, waits=told)
    result = live_figure(
        packed,
        key="compare.maps",
        height=HEIGHT,
        stacked=Stacked(STACKED_BELOW, STACKED_HEIGHT * len(names)),
        alt=say("compare.maps.alt"),
        scrub=Scrub(autoplay=False, frame=frame, again=ways_back()),
        sprite=runs.sprite(begun[0]) if begun and shared_samples(begun).is_same else None,
        select="mark",
    )
    if stopped := state.fresh("compare.stopped", result.frame):
        MOMENT.keep(None if packed.frames and stopped == packed.frames[-1][0] else stopped)
    if begun:
        _show_ways(titles, snapshots, MOMENT.text)
        map_trust.offer(begun)
        st.caption(_shown(titles, begun))


def _show_ways(titles: Mapping[str, str], snapshots: Snapshots, moment: str | None) -> None:
    """Below each map the pages that show its run, at the epoch of its map, and how far its last map can be trusted."""
    epochs = {frame_name(numbers.epoch): numbers.epoch for of in snapshots.values() for numbers in of}
    moment_epoch = epochs.get(moment or "", max(epochs.values()))
    columns = st.container(key="compare.ways").columns(len(titles), gap="small")
    for (name, title), column in zip(titles.items(), columns, strict=True):
        if name not in snapshots:
            continue
        by_then = [numbers for numbers in snapshots[name] if numbers.epoch <= moment_epoch]
        shown = (by_then or snapshots[name][:1])[-1]
        said = say("compare.ways.run", title=plain(title), moment=in_words(shown.epoch))
        column.caption(said)
        with column.container(horizontal=True, gap="small"):
            for view, setting, value in _ways(shown):
                query = address_with([(RUN, name), (setting, value)], without=OF_ONE_RUN)
                st.page_link(f"views/{view}.py", label=say(f"pages.{view}.name"), query_params=query)
        with column:
            map_trust.show(name)


def _ways(shown: SnapshotRecord) -> list[tuple[str, Setting[Any], Any]]:
    """The pages that show one run, each with what names a snapshot in its address."""
    name = frame_name(shown.epoch)
    return [
        ("train", FRAME, name),
        ("mine", EPOCH, epoch_name(shown.epoch)),
        ("verify", SNAPSHOT.named({name: shown.step}), shown.step),
    ]


def _shown(titles: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Of how many samples the maps are, by which protocol they were held out, what the colours are, and how the maps
    lie to one another."""
    probes = dict.fromkeys(
        say(f"compare.maps.{shown_samples(name)}", **probe_counts(runs.data(name))) for name in names
    )
    protocols = sorted({translated(runs.data(name).protocol) for name in names})
    said = [say("compare.maps.caption", images=_all(probes), protocols=_all(protocols))]
    if len(names) > 1:
        said += _alike(titles, names)
    return "  \n".join(said)


def _alike(titles: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    """Which samples the maps have in common, and which of them are laid onto the first."""
    shared = shared_samples(names)
    if shared.is_same:
        return [say("compare.maps.same")]
    apart = [plain(titles[name]) for place, name in enumerate(names) if not shared.are_enough(0, place)]
    said = say("compare.maps.some", common=shared.count)
    return [said, say("compare.maps.apart", runs=_all(apart))] if apart else [said]


def _all(named: Iterable[str]) -> str:
    return reduce(lambda one, other: say("compare.maps.and", one=one, other=other), named)
