"""Runs side by side, live while one of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.records.main_numbers import EER, QUALITY, MainNumber
from core.records.snapshot_record import SnapshotRecord
from core.runs.run_row import Row
from core.runs.states import UNDER_WAY
from dashboard.compare import maps
from dashboard.compare.maps import Snapshots
from dashboard.components.live_figure import live_figure
from dashboard.components.page_end import guarded
from dashboard.core_words import setting_named, translated, value_named
from dashboard.entrance.crowd import NOW
from dashboard.figures.maps import frame_name, in_words
from dashboard.lookups import comparisons, kept_comparisons, runs, strategy_runs
from dashboard.lookups.runs import state_in_words
from dashboard.markdown import plain, table
from dashboard.runs import state
from dashboard.runs.submit import keep_engine
from dashboard.runs.waiting import place_in_words
from dashboard.settings import COMPARISON, METRIC, MOMENTS
from dashboard.wording import joined, say

LIVE_SECONDS = 2.0
METRICS = {number.key: number for number in (*QUALITY, EER)}
TRAINED = ("epoch", "step", "seconds")  # how far a snapshot has come
LAST, SAME = "last", "same"


def watch(chosen: Sequence[str]) -> None:
    """Draw the comparison, with a place for each run that has nothing to show yet; look again while one is live."""
    names = tuple(name for name in chosen if _has_begun(name))
    if len(chosen) >= 2:
        pace = _pace(chosen)
        frame = maps.asked_frame(names, is_live=pace is not None)
        st.fragment(guarded(_watch), run_every=pace)(tuple(chosen), names, pace, frame)
    elif len(names) == len(chosen):
        st.info(say("compare.too_few"), icon=":material/compare:")
    if waiting := [name for name in chosen if name not in names]:
        st.fragment(guarded(_wait), run_every=LIVE_SECONDS * NOW.times)(waiting)


def _has_begun(name: str) -> bool:
    """Whether there is a whole snapshot to show."""
    return name in runs.choosable() and bool(runs.run_of(name).snapshots())


def _wait(names: Sequence[str]) -> None:
    """Say which runs come, until one of them has a snapshot or comes no more."""
    rows = [row for name in names if (row := runs.row_of(name))]
    if any(map(_has_begun, names)) or any(row.state not in UNDER_WAY for row in rows):
        st.rerun()
    keep_engine()
    said = [say("compare.coming.run", title=plain(runs.title_in_words(row)), state=_stands(row)) for row in rows]
    st.markdown(say("compare.coming.runs", runs=joined("things", said)))


def _stands(row: Row) -> str:
    """The state of a run that comes, with its place in the queue or how far it is."""
    state_now, place = state_in_words(row), place_in_words(row)
    if place:
        return say("compare.coming.place", state=state_now, place=place)
    known = row.state == "running" and row.epochs
    return say("compare.coming.epochs", state=state_now, epoch=row.epoch, epochs=row.epochs) if known else state_now


def _pace(names: Sequence[str]) -> float | None:
    """Seconds from look to look, more where many pages are open; None where no run changes any more."""
    rows = [runs.row_of(name) for name in names]
    live = any(row is not None and row.state in UNDER_WAY for row in rows)
    return LIVE_SECONDS * NOW.times if live else None


def _watch(chosen: tuple[str, ...], names: tuple[str, ...], pace: float | None, frame: str | None) -> None:
    if pace is not None and pace != _pace(chosen):
        st.rerun()
    snapshots = {name: runs.run_of(name).snapshots() for name in names}
    with st.container(key="compare.live"):
        _draw(chosen, snapshots, frame, is_live=pace is not None)


def _draw(chosen: tuple[str, ...], snapshots: Snapshots, frame: str | None, *, is_live: bool) -> None:
    names, known = tuple(snapshots), dict(zip(chosen, runs.differing_titles(chosen), strict=True))
    theme, steps = state.theme(), tuple(tuple(numbers.step for numbers in snapshots[name]) for name in names)
    titles = [known[name] for name in names]
    _show_alarms(titles, [snapshots[name][-1] for name in names])
    rows = {name: runs.row_of(name) for name in chosen if name not in snapshots}
    maps.show(known, snapshots, {name: _stands(row) for name, row in rows.items() if row}, frame, is_live=is_live)
    if not names:
        return
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _table(names, titles, _numbers_of(names, titles, snapshots))
        st.caption(say("compare.meaning.quality"))
    with right:
        number = METRICS[_chosen_metric()]
        of = kept_comparisons.find(COMPARISON.text) if COMPARISON.text else None
        live_figure(
            comparisons.quality(names, steps, number, theme, strategy_runs.looks_of_runs(of, names, theme)),
            key="compare.quality",
            height=250,
            alt=say("compare.metric.alt", metric=translated(number.title)),
        )


def _show_alarms(titles: Sequence[str], last: Sequence[SnapshotRecord]) -> None:
    """Of runs whose last snapshot has collapsed: UMAP spreads what little is left, so that a map looks healthy."""
    for title, numbers in zip(titles, last, strict=True):
        if alarm := numbers.alarm:
            evidence = joined("clauses", map(translated, alarm.evidence))
            evidence = evidence[0].upper() + evidence[1:]
            st.caption(say("compare.alarm", title=plain(title), alarm=translated(alarm.sentence), evidence=evidence))


def _numbers_of(names: Sequence[str], titles: Sequence[str], snapshots: Snapshots) -> dict[str, SnapshotRecord]:
    """The snapshots whose numbers are compared: the last of each run, or those of one moment where these differ."""
    last = {name: snapshots[name][-1] for name in names}
    common = set.intersection(*({frame_name(numbers.epoch) for numbers in snapshots[name]} for name in names))
    if len({numbers.epoch for numbers in last.values()}) == 1:
        return last
    moments = [in_words(last[name].epoch) for name in names]
    stand = [
        say("compare.moment.run", title=plain(title), moment=moment)
        for title, moment in zip(titles, moments, strict=True)
    ]
    st.caption(say("compare.moment.differ", runs=joined("things", stand)))
    shared = [numbers for numbers in snapshots[names[0]] if frame_name(numbers.epoch) in common]
    if not shared:
        return last
    moment = frame_name(shared[-1].epoch)
    offered = {LAST: say("compare.moment.last"), SAME: say("compare.moment.same", moment=in_words(shared[-1].epoch))}
    chosen = st.segmented_control(
        say("compare.moment.label"),
        list(offered),
        required=True,
        format_func=offered.__getitem__,
        label_visibility="collapsed",
        **MOMENTS.widget(MOMENTS.among(list(offered), shown=offered.__getitem__)),
    )
    if chosen == LAST:
        return last
    return {name: next(numbers for numbers in snapshots[name] if frame_name(numbers.epoch) == moment) for name in names}


def _chosen_metric() -> str:
    """The key of the number whose curve is drawn."""
    first = METRIC.default or ""
    return st.segmented_control(
        say("compare.metric.label"),
        list(METRICS),
        required=True,
        format_func=lambda key: translated(METRICS[key].title),
        label_visibility="collapsed",
        **METRIC.widget(METRIC.value(first, METRICS, shown=translated(METRICS[first].title))),
    )


def numbers_compared() -> list[MainNumber]:
    """Those of the table, each with what it is called there."""
    return [*METRICS.values(), *(MainNumber(say(f"compare.numbers.{key}"), key) for key in TRAINED)]


def _table(names: tuple[str, ...], titles: Sequence[str], compared: Mapping[str, SnapshotRecord]) -> None:
    """The numbers of these snapshots, then the settings that differ."""
    rows = {
        translated(number.title): [_spelled(number, compared[name]) for name in names] for number in numbers_compared()
    }
    for setting, values in comparisons.differing_settings(names).items():
        rows[setting_named(setting)] = ["–" if value is None else value_named(value) for value in values]
    cells = [[plain(what), *map(plain, values)] for what, values in rows.items()]
    with st.container(key="compare.numbers"):
        st.markdown(table(["", *map(plain, titles)], cells))


def _spelled(number: MainNumber, snapshot: SnapshotRecord) -> str:
    value = number.of(snapshot)
    if number.key == "epoch":
        return f"{value:.4g}"
    if number.key == "seconds":
        return f"{value:,.1f}"
    if number is EER:  # as on Verify
        return f"{100 * value:.2f} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}" if value < 10 else f"{value:.1f}"
