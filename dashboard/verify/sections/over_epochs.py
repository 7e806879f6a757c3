"""How the threshold moves while a run learns, what an earlier one does later, and how far runs differ."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.thresholds.outcome import Rate
from core.thresholds.over_epochs import Moment, at_half, mean_and_deviation, protocol_of_paths
from core.verification.goals.base import Goal
from core.verification.protocols import FOLDS
from dashboard.components.live_figure import live_figure
from dashboard.figures import threshold_path as figures
from dashboard.figures.axes import axis_name
from dashboard.figures.maps import frame_name
from dashboard.figures.thresholds import percentages
from dashboard.lookups import runs, threshold_paths
from dashboard.lookups.threshold_paths import Beside
from dashboard.settings import BESIDE
from dashboard.verify.chosen import Chosen

TITLE = "Over epochs"
NONE = "–"


def show(chosen: Chosen) -> None:
    """Draw how the threshold moved over training, and what an old one would do now."""
    goal, protocol = chosen.outcome.goal, protocol_of_paths(chosen.outcome.protocol)
    path, unmet = threshold_paths.path_of(chosen.name, goal, protocol)
    if len(path) < 2:
        st.caption("A threshold moves with training, and only one snapshot here has one: there is no path to draw.")
        return
    thresholds = tuple(one.threshold for one in path)
    kept = threshold_paths.carried_to(chosen.name, path[-1].step, thresholds, protocol)
    _draw(chosen, path, kept)
    st.markdown(f"{moved_in_words(goal, path, chosen.outcome.decimals)} {kept_in_words(goal, path, kept)}")
    st.caption(_remarks(chosen, path, unmet))
    _compare(chosen, path[-1], protocol)


def moved_in_words(goal: Goal, path: Sequence[Moment], digits: int = 3) -> str:
    """How far the threshold moved since the first half of the training."""
    half, last = at_half(path), path[-1]
    if goal.is_given:
        return f"Set by hand, the threshold stays at **{last.threshold:.{digits}f}** while the distances move under it."
    before, after = (
        round(half.threshold, digits),
        round(last.threshold, digits),
    )  # so that the reader's subtraction agrees
    if before == after:
        return (
            f"The threshold is {after:.{digits}f} at {frame_name(half.epoch)} and at {frame_name(last.epoch)}: it has "
            "settled in this training. Choose it anew after the next."
        )
    return (
        f"The threshold moved from {before:.{digits}f} at {frame_name(half.epoch)} to {after:.{digits}f} at "
        f"{frame_name(last.epoch)}, by **{abs(after - before):.{digits}f}**: choose a new value after every training."
    )


def kept_in_words(goal: Goal, path: Sequence[Moment], kept: Sequence[tuple[Rate, Rate]]) -> str:
    """What the threshold of the first half would do at the end, against the limit that was asked for."""
    half = at_half(path)
    far, frr = (percentages(rate) for rate in kept[path.index(half)])
    asked = ""
    if goal.side is not None:
        asked = f", where {percentages([goal.limit])[0]} {('FAR', 'FRR')[goal.side]} was asked for"
    return (
        f"That of {frame_name(half.epoch)}, kept to {frame_name(path[-1].epoch)}, gives FAR **{far[0]}** ({far[1]} to "
        f"{far[2]}) and FRR **{frr[0]}** ({frr[1]} to {frr[2]}){asked}."
    )


def _draw(chosen: Chosen, path: Sequence[Moment], kept: Sequence[tuple[Rate, Rate]]) -> None:
    goal, named = chosen.outcome.goal, axis_name(runs.distance_of(chosen.name))
    left, right = st.columns(2, gap="small")
    with left:
        live_figure(
            figures.threshold_path(path, chosen.step, chosen.theme, named),
            key="verify.path",
            height=290,
            alt="The threshold over the epochs, and the false accept and false reject rates that it has there",
        )
    with right:
        target = 0.0 if goal.side is None else goal.limit
        live_figure(
            figures.transfer([one.epoch for one in path], kept, target, chosen.theme),
            key="verify.transfer",
            height=290,
            alt="False accept and false reject rates at the last epoch of the threshold of each epoch",
        )


def _remarks(chosen: Chosen, path: Sequence[Moment], unmet: dict[float, str]) -> str:
    sentences = ["Bands: 95 % intervals."]
    if not chosen.outcome.goal.is_given and not all(one.interval for one in path):
        sentences.append("That of the threshold is known of the last snapshot alone.")
    if chosen.outcome.protocol == FOLDS:
        sentences.append("Folds are known of the last snapshot alone, so one half of the identities reports here.")
    if unmet:
        epochs = ", ".join(frame_name(epoch) for epoch in unmet)
        sentences.append(f"Not drawn: {epochs}. {next(iter(unmet.values()))}")
    return " ".join(sentences)


def _compare(chosen: Chosen, last: Moment, protocol: str) -> None:
    """Other runs of these data, and this run's threshold on each of them."""
    offered = threshold_paths.like(chosen.name)
    if not offered:
        st.caption("No other finished run of these data and this distance is kept: train one with another seed.")
        return
    asked = BESIDE.value([])
    known = [name for name in asked if name in offered]
    if len(known) < len(asked):
        BESIDE.refuse(
            "of which not all are finished runs of these data", ", ".join(offered[name] for name in known) or "none"
        )
    names = st.multiselect(
        "Other runs",
        list(offered),
        format_func=lambda name: offered.get(name, name),
        placeholder="Beside other runs of these data: seeds, samplers, losses",
        label_visibility="collapsed",
        **BESIDE.widget(known),
    )
    if not names:
        return
    titles = offered | {chosen.name: "this run"}
    rows = threshold_paths.beside([chosen.name, *names], titles, last.threshold, chosen.outcome.goal, protocol)
    st.dataframe(_columns(rows), hide_index=True, height="content", row_height=27)
    st.caption(_spread(rows))


def _columns(rows: Sequence[Beside]) -> dict[str, list[str]]:
    moments, kept = [row.moment for row in rows], [row.carried for row in rows]
    return {
        "Run": [row.title for row in rows],
        "Threshold": [f"{one.threshold:.4g}" if one else NONE for one in moments],
        "FAR": [_spelled(one.false_accept) if one else NONE for one in moments],
        "FRR": [_spelled(one.false_reject) if one else NONE for one in moments],
        "FAR, this run's": [_spelled(rates[0]) if rates else NONE for rates in kept],
        "FRR, this run's": [_spelled(rates[1]) if rates else NONE for rates in kept],
    }


def _spread(rows: Sequence[Beside]) -> str:
    """Mean and deviation of the thresholds, and why some have none."""
    thresholds = [row.moment.threshold for row in rows if row.moment]
    sentences = [f"{row.title}: {row.problem}" for row in rows if row.problem]
    if len(thresholds) > 1:
        mean, deviation = mean_and_deviation(thresholds)
        sentences.insert(
            0,
            f"Thresholds of {len(thresholds)} runs, mean and standard deviation: **{mean:.4g} ± "
            f"{deviation:.2g}**. The last two columns use the threshold of this run on each.",
        )
    return " ".join(sentences)


def _spelled(rate: Rate) -> str:
    return percentages(rate[:1])[0]
