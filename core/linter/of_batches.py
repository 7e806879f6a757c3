"""Rules on what the batches hold and whom the numbers speak of."""

from __future__ import annotations

from collections.abc import Sequence

from core.composition import composition
from core.experiment import Experiment
from core.linter.findings import Finding
from core.losses import Angular, NPair

MANY_IDENTITIES = 50
FEW_BATCHES = 0.01


def batches_without_a_triplet(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    if experiment.loss.consumes is None or len(class_counts) < 2:
        return None
    try:
        held = composition(experiment.sampler, class_counts)
    except ValueError:  # the sampler cannot serve these classes, which the start says better
        return None
    if held is None or held.without_triplet <= FEW_BATCHES:
        return None
    return Finding(
        "batches without a triplet",
        f"{held.without_triplet:.0%} of the batches hold no two samples of one class, or only one class: they teach "
        "nothing.",
        "Fill batches with several samples of several classes",
        {
            "sampler": {
                "kind": "p-by-k",
                "classes_per_batch": min(10, len(class_counts)),
                "samples_per_class": max(2, min(8, min(class_counts))),
            }
        },
    )


def nothing_to_compare(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
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
    if experiment.split.name != "by-sample" or len(class_counts) < MANY_IDENTITIES:
        return None
    return Finding(
        "judged on known identities",
        f"All {len(class_counts):,} identities are seen in training: the numbers say nothing about strangers.",
        "Hold out whole identities",
        {"split": {"kind": "by-identity"}},
    )
