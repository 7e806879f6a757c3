"""How the threshold moves while a run learns, what an earlier one does later, and how far runs differ."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.thresholds.outcome import Rate
from core.thresholds.over_epochs import Moment, at_half, mean_and_deviation, protocol_of_paths
from core.verification.goals.base import Goal
from core.verification.protocols import FOLDS
from dashboard.components.live_figure import live_figure
from dashboard.core_words import translated
from dashboard.figures import threshold_path as figures
from dashboard.figures.axes import axis_name
from dashboard.figures.maps import in_words
from dashboard.figures.thresholds import percentages
from dashboard.lookups import runs, threshold_paths
from dashboard.lookups.threshold_paths import Beside
from dashboard.settings import BESIDE
from dashboard.verify.chosen import Chosen
from dashboard.wording import joined, say

TITLE = "sections.title.over_epochs"
NONE = "–"


def show(chosen: Chosen) -> None:
    """Draw how the threshold moved over training, and what an old one would do now."""
    goal, protocol = chosen.outcome.goal, protocol_of_paths(chosen.outcome.protocol)
    path, unmet = threshold_paths.path_of(chosen.name, goal, protocol)
    if len(path) < 2:
        st.caption(say("sections.epochs.one_snapshot"))
        return
    thresholds = tuple(one.threshold for one in path)
    kept = threshold_paths.carried_to(chosen.name, path[-1].step, thresholds, protocol)
    _draw(chosen, path, kept)
    st.markdown(
        joined("sentences", [moved_in_words(goal, path, chosen.outcome.decimals), kept_in_words(goal, path, kept)])
    )
    st.caption(_remarks(chosen, path, unmet))
    _compare(chosen, path[-1], protocol)


def moved_in_words(goal: Goal, path: Sequence[Moment], digits: int = 3) -> str:
    """How far the threshold moved since the first half of the training."""
    half, last = at_half(path), path[-1]
    if goal.is_given:
        return say("sections.epochs.by_hand", threshold=last.threshold, digits=digits)
    before, after = (
        round(half.threshold, digits),
        round(last.threshold, digits),
    )  # so that the reader's subtraction agrees
    epochs = {"half": in_words(half.epoch), "last": in_words(last.epoch)}
    if before == after:
        return say("sections.epochs.settled", threshold=after, digits=digits, **epochs)
    moved = abs(after - before)
    return say("sections.epochs.moved", before=before, after=after, moved=moved, digits=digits, **epochs)


def kept_in_words(goal: Goal, path: Sequence[Moment], kept: Sequence[tuple[Rate, Rate]]) -> str:
    """What the threshold of the first half would do at the end, against the limit that was asked for."""
    half = at_half(path)
    far, frr = (percentages(rate) for rate in kept[path.index(half)])
    told = {"half": in_words(half.epoch), "last": in_words(path[-1].epoch), "far": far, "frr": frr}
    if goal.side is None:
        return say("sections.epochs.kept.free", **told)
    key = "sections.epochs.kept.frr" if goal.side else "sections.epochs.kept.far"
    return say(key, limit=percentages([goal.limit])[0], **told)


def _draw(chosen: Chosen, path: Sequence[Moment], kept: Sequence[tuple[Rate, Rate]]) -> None:
    goal, named = chosen.outcome.goal, axis_name(runs.distance_of(chosen.name))
    left, right = st.columns(2, gap="small")
    with left:
        live_figure(
            figures.threshold_path(path, chosen.step, chosen.theme, named),
            key="verify.path",
            height=290,
            alt=say("sections.epochs.path_alt"),
        )
    with right:
        target = 0.0 if goal.side is None else goal.limit
        live_figure(
            figures.transfer([one.epoch for one in path], kept, target, chosen.theme),
            key="verify.transfer",
            height=290,
            alt=say("sections.epochs.kept_alt"),
        )


def _remarks(chosen: Chosen, path: Sequence[Moment], unmet: dict[float, str]) -> str:
    sentences = [say("sections.epochs.bands")]
    if not chosen.outcome.goal.is_given and not all(one.interval for one in path):
        sentences.append(say("sections.epochs.last_interval"))
    if chosen.outcome.protocol == FOLDS:
        sentences.append(say("sections.epochs.last_folds"))
    if unmet:
        epochs = joined("things", map(in_words, unmet))
        sentences.append(say("sections.epochs.not_drawn", epochs=epochs, why=next(iter(unmet.values()))))
    return joined("sentences", sentences)


def _compare(chosen: Chosen, last: Moment, protocol: str) -> None:
    """Other runs of these data, and this run's threshold on each of them."""
    offered = threshold_paths.like(chosen.name)
    if not offered:
        st.caption(say("sections.beside.no_others"))
        return
    asked = BESIDE.value([])
    known = [name for name in asked if name in offered]
    if len(known) < len(asked):
        shown = joined("things", (offered[name] for name in known)) or say("sections.beside.none")
        BESIDE.refuse(say("sections.beside.gone"), shown)
    names = st.multiselect(
        say("sections.beside.runs"),
        list(offered),
        format_func=lambda name: offered.get(name, name),
        placeholder=say("sections.beside.hint"),
        label_visibility="collapsed",
        **BESIDE.widget(known),
    )
    if not names:
        return
    titles = offered | {chosen.name: say("sections.beside.this")}
    rows = threshold_paths.beside([chosen.name, *names], titles, last.threshold, chosen.outcome.goal, protocol)
    st.dataframe(_columns(rows), hide_index=True, height="content", row_height=27)
    st.caption(_spread(rows))


def _columns(rows: Sequence[Beside]) -> dict[str, list[str]]:
    moments, kept = [row.moment for row in rows], [row.carried for row in rows]
    return {
        _title("run"): [row.title for row in rows],
        _title("threshold"): [f"{one.threshold:.4g}" if one else NONE for one in moments],
        _title("far"): [_spelled(one.false_accept) if one else NONE for one in moments],
        _title("frr"): [_spelled(one.false_reject) if one else NONE for one in moments],
        _title("own_far"): [_spelled(rates[0]) if rates else NONE for rates in kept],
        _title("own_frr"): [_spelled(rates[1]) if rates else NONE for rates in kept],
    }


def _title(column: str) -> str:
    return say(f"sections.beside.column.{column}")


def _spread(rows: Sequence[Beside]) -> str:
    """Mean and deviation of the thresholds, and why some have none."""
    thresholds = [row.moment.threshold for row in rows if row.moment]
    sentences = [f"{row.title}: {translated(row.problem)}" for row in rows if row.problem]
    if len(thresholds) > 1:
        mean, deviation = mean_and_deviation(thresholds)
        sentences.insert(0, say("sections.beside.spread", runs=len(thresholds), mean=mean, deviation=deviation))
    return joined("sentences", sentences)


def _spelled(rate: Rate) -> str:
    return percentages(rate[:1])[0]
