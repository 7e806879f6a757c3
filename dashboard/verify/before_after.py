"""What leaving rows out has changed: the numbers before beside those after."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.handover.left_out import left_out_in_words, left_out_of
from core.handover.words import percentages
from core.records.snapshot_record import SnapshotRecord
from core.thresholds.outcome import Outcome
from dashboard.core_words import plain_words, translated
from dashboard.lookups import before as lookup
from dashboard.lookups import runs, scored_pairs
from dashboard.wording import joined, say


def show(name: str, outcome: Outcome, numbers: SnapshotRecord) -> None:
    """Draw both side by side; nothing where nothing was left out."""
    left_out = left_out_of(runs.record(name))
    if left_out is None:
        return
    said = say("verify.before.left_out", rows=translated(left_out_in_words(left_out)))
    try:
        found = lookup.before(name, outcome)
    except ValueError as problem:
        st.caption(joined("sentences", [said, say("verify.before.refused", problem=plain_words(problem))]))
        return
    if found is None:
        st.caption(joined("sentences", [said, say("verify.before.gone")]))
        return
    is_similarity = scored_pairs.is_similarity(name)
    st.caption(f"{said}\n\n{table(_numbers(*found, is_similarity), _numbers(outcome, numbers, is_similarity))}")


def table(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Numbers by their titles, in Markdown: what has changed in bold."""
    lines = [f"| | {say('verify.before.before')} | {say('verify.before.without')} |", "|:--|--:|--:|"]
    for title, now in after.items():
        mark = "**" if now != before[title] else ""
        lines.append(f"| {title} | {before[title]} | {mark}{now}{mark} |")
    return "\n".join(lines)


def _numbers(outcome: Outcome, numbers: SnapshotRecord, is_similarity: bool) -> dict[str, str]:
    threshold = 0.0 - outcome.threshold if is_similarity else outcome.threshold
    far, frr, eer = percentages([outcome.false_accept.share, outcome.false_reject.share, numbers.eer])
    return {
        say("verify.goal.similarity" if is_similarity else "verify.goal.distance"): f"{threshold:.{outcome.decimals}f}",
        say("verify.before.far"): far,
        say("verify.before.frr"): frr,
        say("verify.before.eer"): eer,
        say("verify.before.auc"): f"{numbers.auc:.4f}",
        say("verify.before.genuine"): f"{outcome.genuine_pairs:,}",
        say("verify.before.impostor"): f"{outcome.impostor_pairs:,}",
    }
