"""The card that hands a threshold over: plain values, exact, for any JSON writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any, TypeAlias, TypedDict, cast

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.intervals import CONFIDENCE
from core.handover.left_out import left_out_of
from core.params import Described
from core.records.fields import JsonObject
from core.records.run_record import RunRecord
from core.records.snapshot_record import SnapshotRecord
from core.statistics.crossing import ALL_PAIRS, PairProtocol
from core.statistics.roc import auc, exact_equal_error_rate
from core.thresholds.outcome import Outcome
from core.verification.protocols import PROTOCOLS
from core.verification.scored_pairs import ScoredPairs

FORMAT = 3
Ends: TypeAlias = list[float]
AS_GIVEN, NEGATED = "as given", "negated similarity"  # what scores are as distances


class ThresholdCard(TypedDict, total=False):
    """A card, or some lines of one. What depends on the run, the file or the goal is not on every card."""

    format: int
    threshold: float
    threshold_elsewhere: float
    threshold_as_scored: float
    accepts_nobody: bool
    weights: str
    safe_side: bool
    threshold_interval: Ends | None
    accept_when: str
    distance: str
    distance_parameters: Described
    normalisation: str
    goal: Described
    goal_is_supported: bool
    promise_holds_with_probability: float
    intervals_are_vouched_for: bool
    best_threshold_differs_by_at_most: dict[str, float]
    false_accept_rate: float
    false_accept_interval: Ends
    false_reject_rate: float
    false_reject_interval: Ends
    confidence: float
    intervals_if_pairs_were_independent: dict[str, Ends]
    bootstrap_intervals: dict[str, Ends]
    true_accepts: int
    false_accepts: int
    true_rejects: int
    false_rejects: int
    accuracy: float
    accuracy_standard_error: float
    positive_pairs: int
    negative_pairs: int
    identities: int
    effective_identities: dict[str, float]
    one_identity_has_most_pairs: dict[str, JsonObject]
    smallest_rates_that_can_be_shown: dict[str, float]
    protocol: str
    protocol_in_words: str
    pairs: str
    pairs_in_words: str
    folds: list[JsonObject]
    equal_error_rate: float
    area_under_curve: float
    equal_error_rate_error: float
    area_under_curve_error: float
    points: int
    classes: int
    file: str
    understood: str
    failures: JsonObject
    roles: JsonObject
    run: str
    epoch: float
    step: int
    data_protocol: str
    data_digest: str
    model_digest: str
    embeddings_digest: str
    scores_digest: str
    taken_out: JsonObject
    left_out: JsonObject
    date: str


class Source(TypedDict):
    """What was compared and how, and where it comes from."""

    compared: ThresholdCard
    origin: ThresholdCard


def threshold_card(
    outcome: Outcome, *, source: Source, date: str, names: Sequence[str] = (), pairs: PairProtocol = ALL_PAIRS
) -> ThresholdCard:
    """All that is needed to use the threshold and to find out where it comes from.

    `source` says what was compared (`source_of_run`, `source_of_file`). Rates are shares in [0, 1], intervals of 95 %,
    counts those of the pairs that the threshold is reported on. `threshold_elsewhere` accepts the same of these pairs
    and leaves room for other software's rounding (`Outcome`). `names` are those of all identities, in order of their
    labels, `pairs` says which pairs chose and report.
    """
    return {
        "format": FORMAT,
        "threshold": outcome.threshold,
        "threshold_elsewhere": outcome.elsewhere,
        "accepts_nobody": outcome.accepts_nobody,
        "weights": outcome.weights,
        "safe_side": outcome.safe_side,
        "threshold_interval": outcome.threshold_interval and list(outcome.threshold_interval),
        "accept_when": "distance <= threshold",
        **source["compared"],
        "goal": outcome.goal.on_card(),
        "goal_is_supported": outcome.is_supported,
        **({} if outcome.promise is None else {"promise_holds_with_probability": outcome.promise}),
        "intervals_are_vouched_for": outcome.reported.is_vouched,
        "best_threshold_differs_by_at_most": dict(
            zip(("false_accept_rate", "false_reject_rate"), outcome.bound, strict=True)
        ),
        **_rates(outcome),
        **_counts(outcome),
        "identities": outcome.reported.identities,
        **_effective(outcome, names),
        "smallest_rates_that_can_be_shown": dict(
            zip(("false_accept", "false_reject"), outcome.reported.smallest_rates(), strict=True)
        ),
        "protocol": outcome.protocol,
        "protocol_in_words": _in_words(outcome, pairs),
        "pairs": pairs.name,
        "pairs_in_words": pairs.in_words,
        **({"folds": [asdict(verdict) for verdict in outcome.folds]} if outcome.folds else {}),
        **source["origin"],
        "date": date,
    }


def _in_words(outcome: Outcome, pairs: PairProtocol) -> str:
    """Whose pairs choose and report, and which of them count where not all do."""
    whose = PROTOCOLS[outcome.protocol]
    return whose if pairs == ALL_PAIRS else f"{whose}; {pairs.in_words}"


def _rates(outcome: Outcome) -> ThresholdCard:
    """Both error rates with their intervals, and with those of pairs that were independent."""
    naive_accept, naive_reject = outcome.naive_rates()
    return {
        "false_accept_rate": outcome.false_accept.share,
        "false_accept_interval": [outcome.false_accept.low, outcome.false_accept.high],
        "false_reject_rate": outcome.false_reject.share,
        "false_reject_interval": [outcome.false_reject.low, outcome.false_reject.high],
        "confidence": CONFIDENCE,
        "intervals_if_pairs_were_independent": {
            "false_accept": [naive_accept.low, naive_accept.high],
            "false_reject": [naive_reject.low, naive_reject.high],
        },
        **_bootstrapped(outcome),
    }


def _counts(outcome: Outcome) -> ThresholdCard:
    """The pairs that report, accepted and refused, and the share of right verdicts."""
    return {
        "true_accepts": outcome.verdict.true_accepts,
        "false_accepts": outcome.verdict.false_accepts,
        "true_rejects": outcome.verdict.true_rejects,
        "false_rejects": outcome.verdict.false_rejects,
        "accuracy": outcome.accuracy,
        **({} if outcome.accuracy_error is None else {"accuracy_standard_error": outcome.accuracy_error}),
        "positive_pairs": outcome.genuine_pairs,
        "negative_pairs": outcome.impostor_pairs,
    }


def _effective(outcome: Outcome, names: Sequence[str]) -> ThresholdCard:
    """What the identities are worth, and who of them has half of the pairs or more."""
    if outcome.reported.vouching is None:
        return {}
    kinds = dict(zip(("impostor", "genuine"), outcome.reported.vouching, strict=True))
    dominated = {
        kind: {"identity": names[vouching.largest] if names else vouching.largest, "share": vouching.share}
        for kind, vouching in kinds.items()
        if vouching.is_dominated
    }
    numbers = {kind: vouching.effective_identities for kind, vouching in kinds.items()}
    card: ThresholdCard = {"effective_identities": numbers}
    if dominated:
        card["one_identity_has_most_pairs"] = dominated
    return card


def _bootstrapped(outcome: Outcome) -> ThresholdCard:
    """Nothing where no replicates are known of the pairs that report."""
    if outcome.bootstrap_intervals is None:
        return {}
    false_accept, false_reject = (list(ends) for ends in outcome.bootstrap_intervals)
    return {"bootstrap_intervals": {"false_accept": false_accept, "false_reject": false_reject}}


def source_of_run(
    record: RunRecord, numbers: SnapshotRecord, embeddings: np.ndarray, *, model_digest: str = ""
) -> Source:
    """Of a snapshot: what its run and its numbers say (core/records/), its embeddings, and what is known of its model
    (core/runs/checkpoints.py)."""
    data = record.known_data
    distance = record.experiment.get("distance", EUCLIDEAN.described())  # older runs had no other
    encoder = record.experiment.get("encoder")  # none where the embeddings were brought
    normalisation = "as given" if encoder is None else "l2" if encoder["normalise"] else "none"
    return {
        "compared": _compared(distance, normalisation),
        "origin": {
            **_measured(numbers.written()),
            "data_protocol": data.protocol,
            "run": record.id,
            "data_digest": data.digest,
            **({"model_digest": model_digest} if model_digest else {}),
            "embeddings_digest": _digest(embeddings),
            "epoch": numbers.epoch,
            "step": numbers.step,
            **({"taken_out": record.without.written()} if record.without else {}),
            **({"left_out": left_out} if (left_out := left_out_of(record)) else {}),
        },
    }


def source_of_file(name: str, embeddings: np.ndarray, distance: Distance, numbers: Mapping[str, Any]) -> Source:
    """Of an archive of embeddings with the numbers of `core.statistics.summary`."""
    return {
        "compared": _compared(distance.described(), "as given"),
        "origin": {
            **_measured(numbers),
            "file": name,
            "embeddings_digest": _digest(embeddings),
        },
    }


def source_of_scores(name: str, pairs: ScoredPairs, distance: Distance | None = None, understood: str = "") -> Source:
    """Of a file of pairs with scores, or of a list whose pairs the distance compared; and how it was understood."""
    scored: ThresholdCard = {"distance": NEGATED if pairs.is_similarity else AS_GIVEN, "normalisation": AS_GIVEN}
    return {
        "compared": _compared(distance.described(), AS_GIVEN) if distance else scored,
        "origin": {
            "equal_error_rate": exact_equal_error_rate(pairs)[0],
            "area_under_curve": auc(pairs),
            "file": name,
            **({"understood": understood} if understood else {}),
            **({"failures": pairs.failures.described()} if pairs.failures else {}),
            "scores_digest": _digest(pairs.distances),
        },
    }


def _measured(numbers: Mapping[str, Any]) -> ThresholdCard:
    """How well embeddings do and how many there are; of many points, whose numbers come from bins, also the most that
    these are off."""
    named = {
        "equal_error_rate": "eer",
        "area_under_curve": "auc",
        "equal_error_rate_error": "eer_error",
        "area_under_curve_error": "auc_error",
        "points": "points",
        "classes": "classes",
    }
    return cast(ThresholdCard, {key: numbers[name] for key, name in named.items() if name in numbers})


def _compared(distance: Mapping[str, Any], normalisation: str) -> ThresholdCard:
    parameters = {name: value for name, value in distance.items() if name != "kind"}
    lines: ThresholdCard = {"distance": distance["kind"]}
    if parameters:
        lines["distance_parameters"] = parameters
    return lines | {"normalisation": normalisation}


def _digest(embeddings: np.ndarray) -> str:
    return sha256(np.ascontiguousarray(embeddings).tobytes()).hexdigest()
