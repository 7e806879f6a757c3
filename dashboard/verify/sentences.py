"""How the Verify page says what comes of a goal, how sure that is and what the pairs can show at all."""

from __future__ import annotations

from collections.abc import Iterable

from core.experiment.splits import ByGroup, ByIdentity, BySample, ByTime
from core.handover.words import percentages
from core.records.kinds import AS_LISTED, AS_SCORED, AS_UPLOADED, BY_ROLE
from core.records.snapshot_record import SnapshotRecord
from core.thresholds.outcome import Outcome
from core.verification.protocols import FOLDS, OTHERS, SAME, mean_and_error
from core.verification.weighted_curve import PAIRS
from dashboard.core_words import translated
from dashboard.lookups import runs
from dashboard.lookups.wrong_pairs import reporting_rows
from dashboard.verify.chosen import Chosen
from dashboard.wording import joined, say

WHOSE = {
    OTHERS: "verify.whose.others",
    FOLDS: "verify.whose.folds",
    SAME: "verify.whose.same",
}
PROTOCOLS = {
    AS_UPLOADED: "verify.protocol.uploaded",
    AS_SCORED: "verify.protocol.scored",
    BY_ROLE: "verify.protocol.roles",
    AS_LISTED: "verify.protocol.listed",
    BySample.protocol: "verify.protocol.samples",
    ByGroup.protocol: "verify.protocol.groups",
    ByTime.protocol: "verify.protocol.times",
    ByIdentity.protocol: "verify.protocol.identities",
}


def share_in_words(chosen: Chosen, *, of_all: bool = False) -> str:
    """What single pairs and identities are looked for in, where that is not all that report, or `of_all`; rates are of
    all pairs."""
    if runs.is_of_pairs(chosen.name):
        return ""
    rows, count = reporting_rows(chosen.name, SAME if of_all else chosen.outcome.protocol)
    if len(rows) == count:
        return ""
    identities = len(set(runs.labels(chosen.name)[rows].tolist()))
    key = "verify.looked_for.points" if of_all else "verify.looked_for.reporting"
    return say(key, some=len(rows), all=count, identities=identities)


def facts(outcome: Outcome, numbers: SnapshotRecord, data_protocol: str) -> str:
    """How well the whole snapshot does, and how many pairs report."""
    curve = outcome.reported.curve
    quality = {"eer": 100 * numbers.eer, "auc": numbers.auc, "protocol": translated(data_protocol)}
    if numbers.auc_error is not None and numbers.eer_error is not None:  # of many points, from bins
        errors = {"eer_error": 100 * numbers.eer_error, "auc_error": numbers.auc_error}
        first = say("verify.facts.binned", **quality, **errors)
    else:
        first = say("verify.facts.quality", **quality)
    counts = {"genuine": curve.positive_count, "impostor": curve.negative_count}
    key = "verify.facts.named" if outcome.reported.identities else "verify.facts.unnamed"
    return f"{first}  \n{say(key, identities=outcome.reported.identities, **counts)}"


def retrieval(numbers: SnapshotRecord) -> str:
    """How well queries find their own in a gallery; nothing where points have no roles."""
    if numbers.queries is None:
        return ""
    return say(
        "verify.facts.retrieval",
        recall=numbers.recall_at_1,
        map_at_r=numbers.map_at_r,
        map=numbers.mean_average_precision,
        queries=numbers.queries,
        gallery=numbers.gallery,
    )


def provenance(outcome: Outcome, data_protocol: str) -> str:
    """Where pairs and threshold come from."""
    known = PROTOCOLS.get(data_protocol)
    protocol = translated(data_protocol)
    words = say("verify.protocol.is", protocol=protocol, meaning=say(known) if known else protocol)
    return joined("sentences", [words, _whose(outcome)])


def _whose(outcome: Outcome) -> str:
    """Who chose the threshold, and who reports."""
    by_hand = outcome.protocol == OTHERS and outcome.goal.is_given
    return say("verify.whose.given" if by_hand else WHOSE[outcome.protocol])


def intervals_table(outcome: Outcome) -> str:
    """How sure both rates are, by what is taken into account; nothing over folds, which have their own."""
    if outcome.protocol == FOLDS:
        return ""
    rows: list[tuple[str, Iterable[Iterable[float]]]] = []
    if outcome.reported.identities:
        counted = say("verify.intervals.together" if outcome.weights == PAIRS else "verify.intervals.alike")
        rows.append((counted, (outcome.false_accept[1:], outcome.false_reject[1:])))
    if outcome.bootstrap_intervals:
        rows.append((say("verify.intervals.bootstrap"), outcome.bootstrap_intervals))
    if outcome.weights == PAIRS:
        rows.append((say("verify.intervals.naive"), (rate[1:] for rate in outcome.naive_rates())))
    titles = [say(f"verify.intervals.{title}") for title in ("title", "far", "frr")]
    lines = [f"| {' | '.join(titles)} |", "|:--|:--|:--|"]
    for place, (what, intervals) in enumerate(rows):
        mark = "**" if outcome.reported.identities and place == 0 else ""  # the one to go by
        far, frr = (_spelled(ends) for ends in intervals)
        lines.append(f"| {what} | {mark}{far}{mark} | {mark}{frr}{mark} |")
    return "\n".join(lines)


def _spelled(ends: Iterable[float]) -> str:
    """An interval, that stays on its line."""
    low, high = percentages(ends)
    return say("verify.intervals.ends", low=low.removesuffix(" %"), high=high).replace(" ", "\u00a0")


def in_words(outcome: Outcome, *, is_similarity: bool = False) -> str:
    """How sure the threshold is, in the scores' own terms, and the rates where no table tells."""
    said: list[str] = []
    if outcome.weights != PAIRS:
        far, frr = percentages([outcome.false_accept.share, outcome.false_reject.share])
        said.append(say("verify.sure.alike", far=far, frr=frr))
    if outcome.accepts_nobody:
        said.append(say("verify.sure.nobody"))
    if outcome.protocol == FOLDS:
        said.append(_over_folds(outcome, is_similarity))
    elif not outcome.reported.identities:
        said.append(say("verify.sure.unnamed"))
    if outcome.threshold_interval:
        low, high = outcome.threshold_interval
        low, high = sorted((0.0 - low, 0.0 - high)) if is_similarity else (low, high)
        said.append(say("verify.sure.threshold", low=low, high=high, digits=outcome.decimals))
    if any(outcome.bound):
        far, frr = percentages(outcome.bound)
        said.append(say("verify.sure.bound", far=far, frr=frr))
    return joined("sentences", said)


def _over_folds(outcome: Outcome, is_similarity: bool) -> str:
    """Mean rates and thresholds of the folds."""
    own = [0.0 - fold.threshold if is_similarity else fold.threshold for fold in outcome.folds]
    mean, error = mean_and_error(own)
    far, frr = (percentages(rate) for rate in (outcome.false_accept, outcome.false_reject))
    thresholds = {"mean": mean, "error": error, "digits": outcome.decimals}
    return say(
        "verify.sure.folds", folds=len(outcome.folds), far=far, frr=frr, accuracy=_accuracy(outcome), **thresholds
    )


def _accuracy(outcome: Outcome) -> str:
    """The mean over the folds with its standard error."""
    mean, error = 100 * outcome.accuracy, outcome.accuracy_error
    if error is None:
        return say("verify.sure.accuracy", accuracy=mean)
    return say("verify.sure.accuracy_error", accuracy=mean, error=100 * error)


def limits_in_words(outcome: Outcome) -> str:
    """What these pairs can show at all, and what it takes for the goal where they cannot."""
    far, frr = percentages(outcome.reported.smallest_rates())
    identities = outcome.reported.identities
    if not identities:
        return say("verify.limits.unnamed", far=far, frr=frr)
    needed = outcome.reported.identities_for(outcome.goal)
    key = "verify.limits.unmet" if needed else "verify.limits.met"
    return say(key, identities=identities, far=far, frr=frr, needed=needed)
