"""A run to watch: its map, its curves, its numbers, and the buttons that steer it; the same for live and recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.records.main_numbers import QUALITY
from core.records.run_record import DataRecord
from core.records.snapshot_record import MapRecord, SnapshotRecord
from core.runs.run_folder import Run
from core.runs.states import UNDER_WAY
from core.runs.store import Row
from core.training.idle_updates import idle_count, idle_sentence
from core.training.last_updates import MOST, last_updates_sentence
from dashboard.components.gestures import Scrub
from dashboard.components.live_figure import live_figure
from dashboard.components.page_end import guarded
from dashboard.components.turns import OF_PAGES
from dashboard.core_words import named, translated
from dashboard.entrance import visitors
from dashboard.entrance.crowd import NOW
from dashboard.entrance.rights import is_one_of_several, may_steer
from dashboard.figures.maps import frame_name, in_words
from dashboard.lookups import live_frames, runs
from dashboard.lookups.runs import state_in_words
from dashboard.markdown import plain, table
from dashboard.runs import (
    collapse_alarm,
    fork_strategies,
    learned_metric,
    map_quality,
    meanwhile,
    pair_protocols,
    state,
    vectors_beside,
)
from dashboard.runs.submit import keep_engine, show_refusal, want
from dashboard.runs.waiting import about, place_in_words, reason_in_words
from dashboard.settings import FRAME, MAP, RUN
from dashboard.url import is_way_back, ways_back
from dashboard.wording import joined, say

# How often a live run is looked at: each look has the browser consider the whole page, at the cost of the training.
BEGINNING_SECONDS, YOUNG_SECONDS, STEADY_SECONDS = 0.5, 2.0, 5.0
YOUNG = 30.0  # seconds of training
GLIDE_SECONDS, LIVE_GLIDE_SECONDS = 0.5, 0.2  # a gliding map is drawn thirty times a second
ALONE_SECONDS = 0.25  # in which a browser that was here before has the map moving
MAP_HEIGHT = 430
WIDTHS, WIDTHS_BESIDE = [1.25, 1], [0.95, 2.15, 1.9]  # of the columns, and where something stands beside the run
MOST_NAMED = 3  # of those who have asked for a run
CURVES_HEIGHT = 345
MOST_COLUMNS = 4  # of numbers beside each other


@dataclass(frozen=True)
class Opening:
    """How the map of a run opens: at a frame that the address names, or played, which the n-th `replay` asks for."""

    run: str | None  # as the address had it when the page was drawn
    keeps_frame: bool
    frame: str | None = None
    replay: int = 0
    map: str | None = None  # which one the address asked for then

    @property
    def key(self) -> str:
        """Of the map, which begins anew to be played."""
        return f"running.map.{self.replay}" if self.replay else "running.map"


def watch(name: str, *, keeps_frame: bool = False, replay: int = 0, beside: Callable[[], None] | None = None) -> None:
    """Draw the run; while it is live look again. The map asks for itself, more often than that.

    The address keeps the frame that a reader stops at where the page is about this run. What `beside` draws has a
    column of its own before the map, and in a narrow window a place between the map and the curves.
    """
    row, run = runs.row_of(name), runs.find_run(name)
    pace = _pace(row, run.snapshots() if run else [])
    frame = _frame(run, is_live=pace is not None) if run and keeps_frame else None
    if keeps_frame and pace is None and run and (maps := run.maps()):
        map_quality.check_address(name, map_quality.moment_of(maps))
    st.fragment(guarded(_watch), run_every=pace)(
        name, pace, Opening(RUN.text, keeps_frame, frame, replay, MAP.text), beside
    )


def _frame(run: Run, *, is_live: bool) -> str | None:
    """The frame that the address names; on a way back to where it names none, the last one."""
    names = [frame_name(line.epoch) for line in run.maps()]
    if not names or (FRAME.text is None and (is_live or not is_way_back())):
        return None
    return FRAME.value(names[-1], names, say("runs.map.no_frame"))


def _pace(row: Row | None, snapshots: Sequence[SnapshotRecord]) -> float | None:
    """Seconds from look to look, more where many pages are open; None for a run that changes no more."""
    if row is None or row.state not in UNDER_WAY:
        return None
    if not snapshots:
        return BEGINNING_SECONDS
    return (YOUNG_SECONDS if row.seconds < YOUNG else STEADY_SECONDS) * NOW.times


def _watch(name: str, pace: float | None, opening: Opening, beside: Callable[[], None] | None) -> None:
    if RUN.text != opening.run or MAP.text != opening.map:  # a button in here has gone there: the page has to follow
        st.rerun()
    row, run = runs.row_of(name), runs.find_run(name)
    snapshots = run.snapshots() if run else []
    if pace is not None:
        keep_engine()
        if pace != _pace(row, snapshots):
            st.rerun()
    lines = run.maps() if run else []
    with st.container():  # so that the figures have one place on the page, and those of another run take it at once
        if row is not None or run is None:
            _status(name, row, lines)
        if row is not None and row.state == "queued":
            st.caption(reason_in_words(row))
        if run is not None:
            collapse_alarm.show_origin(run)
            collapse_alarm.show_mathematics(name)
        if snapshots:
            collapse_alarm.show(name, row, snapshots)
    if run is None or not snapshots:
        if pace is not None and not meanwhile.show(row):
            _room_for_the_map(row)
        return
    first, left, right = _columns(has_first=beside is not None)
    with left:
        if opening.keeps_frame and pace is None:
            _judged_map(name, lines, snapshots, opening, recorded=row is None)
        else:
            _map(name, lines, opening, live=pace is not None, recorded=row is None)
            if opening.keeps_frame:
                st.caption(say("runs.quality.live"))
    if first is not None and beside is not None:
        _let_it_move()
        with first:
            beside()
    with right:
        _curves(name, run, snapshots, recorded=row is None, live=pace is not None)


def _let_it_move() -> None:
    """Once a visit, have the browser draw the map alone: it takes longer for all the rest of a page than for that."""
    if "running.has_moved" not in st.session_state:
        st.session_state["running.has_moved"] = True
        OF_PAGES.rest(ALONE_SECONDS)


def _columns(*, has_first: bool) -> tuple[DeltaGenerator | None, DeltaGenerator, DeltaGenerator]:
    """What stands beside the run, its map, its curves."""
    if not has_first:
        left, right = st.columns(WIDTHS, gap="medium")
        return None, left, right
    with st.container(key="running.beside"):
        first, left, right = st.columns(WIDTHS_BESIDE, gap="medium")
    return first, left, right


def _status(name: str, row: Row | None, maps: list[MapRecord]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="running.status"):
        st.markdown(_sentence(name, row, maps))
        if row is not None:
            _buttons(row)
            fork_strategies.offer(name, row)
            if asked := asked_for_by(row):
                st.caption(asked, width="content")
    show_refusal()


def _room_for_the_map(row: Row | None) -> None:
    """What will be there, in words that stand still: what moves meanwhile is taken from the worker."""
    is_queued = row is not None and row.state in ("queued", "interrupted")
    with st.container(border=True, horizontal_alignment="center", key="running.room"):  # as high as pages.css has it
        if is_queued:
            st.markdown(say("runs.map.comes"), width="content")
        else:
            st.markdown(say("runs.map.comes_soon"), width="content")
            st.caption(say("runs.map.loading"), width="content")


def _sentence(name: str, row: Row | None, maps: list[MapRecord]) -> str:
    if row is None:
        return say("runs.panel.lesson", name=" ".join(runs.parts_of_lesson(name)).replace("-", " "))
    title, state_now = plain(row.title), state_in_words(row)
    if row.state == "queued":
        return say("runs.panel.queued", title=title, place=place_in_words(row))
    if row.state == "failed":
        return say("runs.panel.failed", title=title, message=translated(row.message))
    is_at_work = row.state in ("running", "pausing", "stopping")
    epochs = "runs.panel.epochs" if is_at_work or row.state == "finished" else "runs.panel.after"
    progress = say(epochs if row.epochs else "runs.panel.preparing", epoch=row.epoch, epochs=row.epochs)
    if not is_at_work:
        return say("runs.panel.ended", title=title, state=state_now, progress=progress, seconds=row.seconds)
    parts = [say("runs.panel.at_work", title=title, state=state_now, progress=progress)]
    if row.state == "running" and row.seconds_left:
        parts.append(say("runs.waiting.left", time=about(row.seconds_left)))
    if maps and maps[-1].map == "pca":
        parts.append(say("runs.panel.warming_up"))
    return " · ".join(parts)


def _buttons(row: Row) -> None:
    offered = {
        "queued": ["stop"],
        "running": ["pause", "stop"],
        "interrupted": ["stop"],
        "paused": ["run", "stop"],
        "stopped": ["run"],
        "failed": ["run"],
    }.get(row.state, [])
    icons = {"run": "play_arrow", "pause": "pause", "stop": "stop"}
    is_shared = is_one_of_several(row)
    for wanted in offered if may_steer(row) else [one for one in offered if one == "run"]:
        if is_shared and wanted == "pause":  # the others still watch it
            continue
        leaves = is_shared and wanted == "stop"
        st.button(
            say("runs.panel.leave" if leaves else f"runs.panel.{wanted}"),
            icon=f":material/{'logout' if leaves else icons[wanted]}:",
            help=say("runs.panel.leave_help") if leaves else None,
            key=f"running.{wanted}",
            on_click=want,
            args=(row.id, wanted),
        )


def asked_for_by(row: Row) -> str:
    """Who has asked for the run, where several people have pages here."""
    visitor, names = visitors.now(), dict(row.entry.owned_by)
    if visitor is None:
        return ""
    is_own = names.pop(visitor.id, None) is not None
    others = [plain(name) for name in names.values()]
    shown = joined("things", [*([say("runs.panel.you")] if is_own else []), *others][:MOST_NAMED])
    more = len(others) + is_own - MOST_NAMED
    if not shown:
        return say("runs.panel.asked_by_nobody")
    return (
        say("runs.panel.asked_by_more", names=shown, more=more) if more > 0 else say("runs.panel.asked_by", names=shown)
    )


def _judged_map(
    name: str, lines: list[MapRecord], snapshots: list[SnapshotRecord], opening: Opening, *, recorded: bool
) -> None:
    """The map of a run that rests and how far it can be trusted, or another one of the points at the moment shown."""
    shown = map_quality.shown_map(name, lines, snapshots)
    if shown and shown.other:
        _still_map(name, lines, shown, shown.other.layout, opening)
    else:
        _map(name, lines, opening, live=False, recorded=recorded)
        shown = map_quality.shown_map(name, lines, snapshots)  # the reader may have stopped at another moment
        if shown and shown.other:
            st.rerun()
    if shown:
        map_quality.show(name, shown)
    else:
        moment = in_words(map_quality.moment_of(lines).epoch).capitalize()
        st.caption(say("runs.quality.no_embeddings", moment=moment))


def _still_map(
    name: str, lines: list[MapRecord], shown: map_quality.ShownMap, layout: np.ndarray, opening: Opening
) -> None:
    live_figure(
        live_frames.still_map(name, lines, shown.line, layout, state.theme()),
        key=opening.key,
        height=MAP_HEIGHT,
        alt=say("runs.map.alt"),
        scrub=Scrub(frame=frame_name(shown.line.epoch), again=ways_back()),
        tween_seconds=GLIDE_SECONDS,
        sprite=runs.sprite(name),
        group=f"running.{name}",
    )
    _say_what_is_shown(name, [say("runs.quality.still", map=map_quality.title(shown.kind, shown.line))])


def _map(name: str, lines: list[MapRecord], opening: Opening, *, live: bool, recorded: bool) -> None:
    theme = state.theme()
    result = live_figure(
        live_frames.moving_map(name, lines, theme, live=live),
        key=opening.key,
        height=MAP_HEIGHT,
        alt=say("runs.map.alt"),
        scrub=Scrub(autoplay=recorded or opening.replay > 0, loop=recorded, frame=opening.frame, again=ways_back()),
        tween_seconds=LIVE_GLIDE_SECONDS if live else GLIDE_SECONDS,
        sprite=runs.sprite(name),
        group=f"running.{name}",  # what still plays of another run has no say
        source=live_frames.map_address(name, theme) if live else "",
    )
    if opening.keeps_frame and (stopped := state.fresh("running.stopped", result.frame)):
        FRAME.keep(None if stopped == frame_name(lines[-1].epoch) else stopped)
    stars = [say("runs.map.stars")] if live_frames.has_stars(name, lines[-1]) else []
    _say_what_is_shown(name, [lines[-1].map.upper(), *stars])


def _say_what_is_shown(name: str, how: list[str]) -> None:
    data = runs.data(name)
    parts = [say(f"runs.map.{shown_samples(name)}", **probe_counts(data)), translated(data.protocol), *how]
    st.caption(" · ".join(parts), help=say("runs.map.help"))


def shown_samples(name: str) -> str:
    """The key of the sentence on what the probe of a run shows: images or vectors, of all held-out classes or some."""
    data = runs.data(name)
    kind = "vectors" if runs.sprite(name) is None else "images"
    return kind if (data.probe_classes or 0) >= (data.evaluation_classes or 0) else f"{kind}_of_classes"


def probe_counts(data: DataRecord) -> dict[str, int]:
    """How many of the held-out samples and of their classes the probe shows, as sentences name them."""
    return {
        "shown": data.probe_count,
        "all": data.evaluation_count,
        "classes": data.probe_classes or 0,
        "all_classes": data.evaluation_classes or 0,
    }


def _curves(name: str, run: Run, snapshots: list[SnapshotRecord], *, recorded: bool, live: bool) -> None:
    """A recorded lesson stays without the numbers that help to choose a learning rate, and explains the others."""
    live_figure(
        live_frames.progress(name, snapshots, run.steps(), state.theme(), live=live),
        key="running.progress",
        height=CURVES_HEIGHT,
        alt=say("runs.progress.alt"),
        group=f"running.{name}",  # what still plays of another run has no say
    )
    steps = run.steps()
    idle = idle_count(steps)
    if steps and idle == len(steps):
        st.caption(f":material/block: {translated(idle_sentence(steps))}")
    elif not recorded and (sentence := last_updates_sentence(steps)):
        st.caption(
            say("runs.progress.last", told=translated(sentence)), help=say("runs.progress.last_updates", most=MOST)
        )
    if not live:
        vectors_beside.show(run)
    _numbers(snapshots[-1], run.baselines())
    if not live and not recorded:
        pair_protocols.show(name, snapshots[-1])
    learned_metric.show(name, run)
    if recorded:
        st.caption(joined("sentences", [say("runs.progress.numbers"), *([say("runs.progress.idle")] if idle else [])]))
    if not live and (said := measured_before(snapshots[-1].epoch, steps[-1].epoch if steps else 0.0)):
        st.caption(said)  # while it trains, the next numbers are on their way


def measured_before(measured: float, trained: float) -> str:
    """That the numbers are of an earlier moment than the training has come to, as after a stop; or nothing."""
    if trained - measured < 0.005:
        return ""
    return say("runs.progress.measured_before", trained=in_words(trained), measured=in_words(measured))


def _numbers(last: SnapshotRecord, baselines: dict[str, dict[str, float]]) -> None:
    """The run beside what costs no training."""
    spaces: dict[str, SnapshotRecord | dict[str, float]] = {in_words(last.epoch): last}
    spaces |= {named(space): numbers for space, numbers in baselines.items()}
    values = [[f"{number.of(numbers):.3f}" for numbers in spaces.values()] for number in QUALITY]
    titles = [translated(number.title) for number in QUALITY]
    with st.container(key="running.numbers"):
        if len(spaces) > MOST_COLUMNS:  # too many beside each other
            st.markdown(table(["", *titles], [list(row) for row in zip(spaces, *values, strict=True)]))
        else:
            st.markdown(table(["", *spaces], [[title, *row] for title, row in zip(titles, values, strict=True)]))
