"""Rules on what the batches hold and whom the numbers speak of."""

from __future__ import annotations

from collections.abc import Sequence

from core.experiment.experiment import Experiment
from core.linter.findings import Finding
from core.losses import Angular, Contrastive, MarginBased, MultiSimilarity, NPair, RankedList
from core.miners import All, SoftWeighting
from core.samplers.expected_batch import Composition

MANY_IDENTITIES = 50
FEW_BATCHES = 0.01
# Losses that learn from a negative pair, or from a positive one, without the other kind.
BY_PAIR = (Contrastive, MarginBased, RankedList, MultiSimilarity)


def batches_without_a_triplet(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Batches with one class alone, or with no two samples of one."""
    held = _held(experiment, class_counts)
    if experiment.loss.consumes is None or held is None or held.without_triplet <= FEW_BATCHES:
        return None
    by_pair = isinstance(experiment.loss, BY_PAIR) and isinstance(experiment.miner, (All, SoftWeighting))
    return Finding(
        "batches without a triplet",
        f"{held.without_triplet:.0%} of the batches hold no two samples of one class, or only one class: they "
        f"{'only push apart, or only pull together' if by_pair else 'teach nothing'}.",
        "Fill batches with several samples of several classes",
        {
            "sampler": {
                "kind": "p-by-k",
                "classes_per_batch": min(10, len(class_counts)),
                "samples_per_class": max(2, min(8, min(class_counts))),
            }
        },
    )


def batches_without_two_pairs(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Batches in which N-pair or angular loss has no other pair to compare with."""
    loss, held = experiment.loss, _held(experiment, class_counts)
    if not isinstance(loss, (NPair, Angular)) or held is None:
        return None
    compares_all = isinstance(loss, Angular) and loss.negatives == "all others"
    share = held.without_triplet if compares_all else held.without_two_pairs
    if share <= FEW_BATCHES:
        return None
    lacking = "no class with two samples, or only one class" if compares_all else "at most one class with two samples"
    return Finding(
        "batches without two pairs",
        f"{share:.0%} of the batches hold {lacking}: {loss.name} has nothing to compare a pair with, and they teach "
        "nothing.",
        "Draw two samples of each class",
        {"sampler": {"kind": "n-pairs", "classes_per_batch": max(2, min(40, len(class_counts)))}},
    )


def _held(experiment: Experiment, class_counts: Sequence[int]) -> Composition | None:
    """What the batches hold, where that is known."""
    if len(class_counts) < 2:
        return None
    try:
        return experiment.sampler.expected_batch(class_counts)
    except ValueError:  # the sampler cannot serve these classes, which the start says better
        return None


def nothing_to_compare(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """A training set without a positive or without a negative pair."""
    if not class_counts or (len(class_counts) > 1 and max(class_counts) > 1):
        return None
    what = "one class" if len(class_counts) < 2 else "one sample of each class"
    return Finding(
        "nothing to compare",
        f"The training set has only {what}, so there is no {'negative' if len(class_counts) < 2 else 'positive'} pair.",
        "",
        {},
    )


def more_than_one_pair(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Samples that a loss of one pair a class leaves unused."""
    per_class = getattr(experiment.sampler, "samples_per_class", 2)
    if not isinstance(experiment.loss, (NPair, Angular)) or per_class == 2:
        return None
    return Finding(
        "more than one pair of a class",
        f"{experiment.loss.name} takes one pair of each class: {per_class - 2} of {per_class} samples are unused.",
        "Draw two samples of each class",
        {"sampler": {"kind": "n-pairs", "classes_per_batch": max(2, min(40, len(class_counts)))}},
    )


def known_identities(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Many identities, all of them seen in training."""
    if experiment.split.name != "by-sample" or len(class_counts) < MANY_IDENTITIES:
        return None
    return Finding(
        "judged on known identities",
        f"All {len(class_counts):,} identities are seen in training: the numbers say nothing about strangers.",
        "Hold out whole identities",
        {"split": {"kind": "by-identity"}},
    )
