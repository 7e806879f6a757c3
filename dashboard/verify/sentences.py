"""How the Verify page says what comes of a goal, how sure that is and what the pairs can show at all."""

from __future__ import annotations

from collections.abc import Iterable

from core.experiment.splits import ByIdentity, BySample
from core.handover.words import percentages
from core.records.kinds import AS_LISTED, AS_SCORED, AS_UPLOADED, BY_ROLE
from core.records.snapshot_record import SnapshotRecord
from core.thresholds.outcome import Outcome
from core.verification.protocols import FOLDS, OTHERS, SAME, mean_and_error
from core.verification.weighted_curve import PAIRS
from dashboard.lookups import runs
from dashboard.lookups.wrong_pairs import reporting_rows
from dashboard.verify.chosen import Chosen

WHOSE = {
    OTHERS: "One half of the identities chose the threshold, the other half reports.",
    FOLDS: "All identities chose the threshold; its rates are those of folds that others chose for.",
    SAME: "The threshold is chosen and reported on the same pairs, which flatters.",
}
PROTOCOLS = {
    AS_UPLOADED: "embeddings that you brought",
    AS_SCORED: "scores that you brought",
    BY_ROLE: "embeddings that you brought, by the roles of their points",
    AS_LISTED: "a list of pairs that you brought",
    BySample.protocol: "new images of classes known from training",
    ByIdentity.protocol: "images of classes never seen in training",
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
    of_whom = "points" if of_all else "points that report"
    return f"Looked for in {len(rows):,} of the {count:,} {of_whom}, of {identities:,} identities."


def facts(outcome: Outcome, numbers: SnapshotRecord, data_protocol: str) -> str:
    """How well the whole snapshot does, and how many pairs report."""
    curve = outcome.reported.curve
    off = ""
    if numbers.auc_error is not None and numbers.eer_error is not None:  # of many points, from bins
        off = f" (off by at most {100 * numbers.eer_error:.1g} % and {numbers.auc_error:.1g})"
    whose = f"{outcome.reported.identities:,}" if outcome.reported.identities else "Unnamed"
    return (
        f"EER **{100 * numbers.eer:.2f} %** · AUC **{numbers.auc:.4f}**{off} · {data_protocol}  \n"
        f"{whose} identities, {curve.positive_count:,} genuine and {curve.negative_count:,} impostor pairs"
    )


def retrieval(numbers: SnapshotRecord) -> str:
    """How well queries find their own in a gallery; nothing where points have no roles."""
    if numbers.queries is None:
        return ""
    return (
        f":material/search: Recall@1 **{numbers.recall_at_1:.4f}**, MAP@R **{numbers.map_at_r:.4f}**, mAP "
        f"**{numbers.mean_average_precision:.4f}** of {numbers.queries:,} queries in a gallery of "
        f"{numbers.gallery:,}."
    )


def provenance(outcome: Outcome, data_protocol: str) -> str:
    """Where pairs and threshold come from."""
    return f"{data_protocol}: {PROTOCOLS.get(data_protocol, data_protocol)}. {WHOSE[outcome.protocol]}"


def intervals_table(outcome: Outcome) -> str:
    """How sure both rates are, by what is taken into account; nothing over folds, which have their own."""
    if outcome.protocol == FOLDS:
        return ""
    rows: list[tuple[str, Iterable[Iterable[float]]]] = []
    if outcome.reported.identities:
        alike = outcome.weights != PAIRS
        rows.append(
            (
                "identities count alike" if alike else "pairs of an identity err together",
                (outcome.false_accept[1:], outcome.false_reject[1:]),
            )
        )
    if outcome.bootstrap_intervals:
        rows.append(("bootstrap, no narrower", outcome.bootstrap_intervals))
    if outcome.weights == PAIRS:
        rows.append(("all pairs independent: too narrow", (rate[1:] for rate in outcome.naive_rates())))
    lines = ["| 95 % intervals | FAR | FRR |", "|:--|:--|:--|"]
    for place, (what, intervals) in enumerate(rows):
        mark = "**" if outcome.reported.identities and place == 0 else ""  # the one to go by
        far, frr = (" to ".join(percentages(ends)).replace(" % to", " to") for ends in intervals)
        far, frr = (words.replace(" ", "\u00a0") for words in (far, frr))  # an interval stays on its line
        lines.append(f"| {what} | {mark}{far}{mark} | {mark}{frr}{mark} |")
    return "\n".join(lines)


def in_words(outcome: Outcome, *, is_similarity: bool = False) -> str:
    """How sure the threshold is, in the scores' own terms, and the rates where no table tells."""
    said: list[str] = []
    if outcome.weights != PAIRS:
        far, frr = percentages([outcome.false_accept.share, outcome.false_reject.share])
        said.append(f"Identities counted alike: FAR **{far}**, FRR **{frr}**; counts are of pairs.")
    if outcome.accepts_nobody:
        said.append("**Accept nobody:** no threshold that accepts any of these pairs serves the goal (TAR 0).")
    if outcome.protocol == FOLDS:
        own = [0.0 - fold.threshold if is_similarity else fold.threshold for fold in outcome.folds]
        mean, error = mean_and_error(own)
        far, frr = (percentages(rate) for rate in (outcome.false_accept, outcome.false_reject))
        said.append(
            f"Means over {len(outcome.folds)} folds: FAR **{far[0]}** ({far[1]} to {far[2]}), "
            f"FRR **{frr[0]}** ({frr[1]} to {frr[2]}), accuracy **{_accuracy(outcome)}**, thresholds "
            f"{mean:.{outcome.decimals}f} ± {error:.{outcome.decimals}f}."
        )
    elif not outcome.reported.identities:
        said.append("The intervals take all pairs for independent, because nobody said whose they are.")
    if outcome.threshold_interval:
        low, high = outcome.threshold_interval
        ends = sorted((0.0 - low, 0.0 - high)) if is_similarity else (low, high)
        low_end, high_end = (f"{end:.{outcome.decimals}f}" for end in ends)
        said.append(f"With other identities the threshold might have been {low_end} to {high_end}.")
    if any(outcome.bound):
        far, frr = percentages(outcome.bound)
        said.append(f"The best threshold of all may differ by FAR {far} and FRR {frr} at most.")
    return " ".join(said)


def _accuracy(outcome: Outcome) -> str:
    """The mean over the folds with its standard error."""
    error = outcome.accuracy_error
    return f"{100 * outcome.accuracy:.1f}" + (" %" if error is None else f" ± {100 * error:.1f} %")


def limits_in_words(outcome: Outcome) -> str:
    """What these pairs can show at all, and what it takes for the goal where they cannot."""
    smallest = percentages(outcome.reported.smallest_rates())
    if not outcome.reported.identities:
        return (
            f":material/warning: Were they independent, these pairs could show at best FAR {smallest[0]} and FRR "
            f"{smallest[1]}. Name the two identities of each pair in columns first and second for honest intervals."
        )
    can = f"{outcome.reported.identities:,} identities can show at best FAR {smallest[0]} and FRR {smallest[1]}"
    needed = outcome.reported.identities_for(outcome.goal)
    return f":material/warning: {can}. This goal takes about {needed:,} such identities." if needed else f"{can}."
