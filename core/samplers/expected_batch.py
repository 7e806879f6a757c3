"""What a batch holds on average, worked out before any training from the sizes of the classes.

The expectations are exact but for rounding, of a full batch; tests enumerate all batches. Positive and negative pairs
are counted without order, triplets with: (a, p, n) and (p, a, n) are two. Classes of equal size are worked out once, so
that thousands of classes take no longer than tens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import lgamma, log

import numpy as np

from core.samplers.combinatorics import NEGLIGIBLE, binomial, every_class_once, log_choose, one_class_repeated


@dataclass(frozen=True)
class Composition:
    """Expectations for one batch: samples, classes, pairs and ordered triplets; shares lie in [0, 1].

    `without_triplet` is the chance of a batch without a triplet, `without_two_pairs` that of a batch with at most one
    class of two samples or more, `class_coverage` the expected share of the classes that an epoch shows. Where the
    encoder decides which classes meet, `is_exact` is false: then the counts are those of classes that meet by chance,
    and the coverage is the least there can be.
    """

    batches: int
    samples: float
    classes: float
    positive_pairs: float
    negative_pairs: float
    triplets: float
    without_triplet: float
    without_two_pairs: float
    class_coverage: float
    is_exact: bool = True

    @property
    def sentence(self) -> str:
        """All of it in words."""
        share = _share(self.class_coverage)
        coverage = share if self.is_exact else f"at least {share}"
        text = (
            f"A batch holds {_number(self.samples)} samples of {_number(self.classes)} classes: "
            f"{_number(self.positive_pairs)} positive and {_number(self.negative_pairs)} negative pairs, "
            f"{_number(self.triplets)} triplets; {_share(self.without_triplet)} of the batches hold none. "
            f"An epoch of {self.batches:,} batches shows {coverage} of the classes."
        )
        return text if self.is_exact else f"{text} The encoder decides which classes meet; counted as if chance did."


def _number(value: float) -> str:
    """2.9996 -> 3, 17.67 -> 17.7, 11520 -> 11,520."""
    return f"{value:,.0f}" if value >= 100 or abs(value - round(value)) < 0.005 else f"{value:,.3g}"


def _share(value: float) -> str:
    """A share in per cent; 0 and 100 only where nothing is rounded away."""
    if value in (0.0, 1.0):
        return f"{value:.0%}"
    if value < 0.001:
        return "fewer than 0.1%"
    return "more than 99.9%" if value > 0.999 else f"{value:.1%}"


def checked_counts(class_counts: Sequence[int] | np.ndarray) -> np.ndarray:
    """The number of training samples in each class, (C,), of two classes or more; ValueError otherwise."""
    counts = np.asarray(class_counts)
    if counts.ndim != 1 or len(counts) < 2 or not np.issubdtype(counts.dtype, np.integer) or counts.min() < 1:
        raise ValueError(
            "class counts must be two or more whole numbers, each at least 1, got "
            f"{counts.tolist() if counts.size <= 8 else counts.shape}. Leave out classes without samples."
        )
    return counts


def of_parts(counts: np.ndarray, parts: Sequence[int], batches: int | None = None, left_out: int = 0) -> Composition:
    """As many different classes as there are parts, all sets of them equally likely; each class gives its part or all
    it has. Classes come in shuffled order; `left_out` more never come.

    Without `batches`, an epoch is as many as it takes to see N samples.
    """
    classes, chosen = len(counts), len(parts)
    batches = -(-int(counts.sum()) // sum(parts)) if batches is None else batches
    sizes = {part: np.minimum(counts, part) for part in parts}
    of_part = Counter(parts)
    samples = sum(number * float(sizes[part].mean()) for part, number in of_part.items())
    ordered_positive = {part: sizes[part] * (sizes[part] - 1) for part in of_part}
    negative = triplets = 0.0
    for one, of_one in of_part.items():
        for other, of_other in of_part.items():
            share = (of_one * of_other - of_one * (one == other)) / (classes * (classes - 1))
            negative += share * _between(sizes[one], sizes[other]) / 2
            triplets += share * _between(ordered_positive[one], sizes[other])
    # No positive pair: every class whose part is two or more has a single sample.
    paired, single = sum(part > 1 for part in parts), int((counts == 1).sum())
    no_pair = float(np.prod([max(single - turn, 0) / (classes - turn) for turn in range(paired)]))
    ways = log_choose(single, paired - 1) - log_choose(classes, paired) if paired else -np.inf
    one_pair = (classes - single) * float(np.exp(ways))
    return Composition(
        batches=batches,
        samples=samples,
        classes=float(chosen),
        positive_pairs=sum(number * float(ordered_positive[part].mean()) for part, number in of_part.items()) / 2,
        negative_pairs=negative,
        triplets=triplets,
        without_triplet=no_pair,
        without_two_pairs=no_pair + one_pair,
        class_coverage=min(classes, batches * chosen) / (classes + left_out),
    )


def of_near_classes(counts: np.ndarray, classes_per_batch: int, samples_per_class: int) -> Composition:
    """P x K where the encoder decides which classes meet; each class is the first of a batch in its turn."""
    by_chance = of_parts(counts, [samples_per_class] * classes_per_batch)
    if classes_per_batch == len(counts):
        return by_chance
    seen = min(len(counts), max(classes_per_batch, by_chance.batches))
    return replace(by_chance, class_coverage=seen / len(counts), is_exact=False)


def of_random_samples(counts: np.ndarray, batch_size: int) -> Composition:
    """Samples of a batch drawn without replacement from all of them (hypergeometric); a full batch is described."""
    total = float(counts.sum())
    size = int(min(batch_size, total))
    rest = total % size
    batches = -(-int(total) // size) - (1 if rest == 1 and total > size else 0)  # one left over joins the others
    pair = size * (size - 1) / (total * (total - 1))
    triple = pair * (size - 2) / (total - 2) if total > 2 else 0.0
    positive = float((counts * (counts - 1)).sum()) / 2 * pair
    one_class = sum(np.exp(log_choose(count, size) - log_choose(total, size)) for count in counts[counts >= size])
    sizes, repeated = np.unique(counts, return_counts=True)
    all_differ = every_class_once(counts, size)
    absent = [np.exp(log_choose(total - count, size) - log_choose(total, size)) for count in sizes]
    return Composition(
        batches=batches,
        samples=float(size),
        classes=float(repeated @ (1 - np.array(absent))),
        positive_pairs=positive,
        negative_pairs=size * (size - 1) / 2 - positive,
        triplets=float((counts * (counts - 1) * (total - counts)).sum()) * triple,
        without_triplet=all_differ + float(one_class),
        without_two_pairs=all_differ + one_class_repeated(counts, size),
        class_coverage=1.0,
    )


def of_random_classes(counts: np.ndarray, batch_size: int) -> Composition:
    """The class of each of B places drawn with replacement, all alike; a class gives its draws or all it has."""
    classes = len(counts)
    sizes, of_size = np.unique(np.minimum(counts, batch_size).astype(np.int64), return_counts=True)
    drawn = binomial(batch_size, 1 / classes)
    given = np.minimum(np.arange(batch_size + 1)[:, None], sizes)  # (B + 1, S): by draws and size
    # E[samples of another class | draws of this one], by draws and the other's size; draws beyond all chance are left.
    others = np.zeros((batch_size + 1, len(sizes)))
    for draws in np.flatnonzero(drawn > NEGLIGIBLE):
        others[draws] = _expected_least(binomial(batch_size - int(draws), 1 / (classes - 1)), sizes)
    all_others = (others @ of_size)[:, None] - others  # of all classes but one of the size in the column
    samples = float(of_size @ (drawn @ given))
    positive = float(of_size @ (drawn @ (given * (given - 1)))) / 2
    batches, single = -(-int(counts.sum()) // batch_size), int((counts == 1).sum())
    return Composition(
        batches=batches,
        samples=samples,
        classes=classes * float(1 - drawn[0]),
        positive_pairs=positive,
        negative_pairs=float(of_size @ (drawn @ (given * all_others))) / 2,
        triplets=float(of_size @ (drawn @ (given * (given - 1) * all_others))),
        without_triplet=_without_triplet_of_random_classes(classes, single, batch_size),
        without_two_pairs=_without_two_pairs_of_random_classes(classes, single, batch_size),
        class_coverage=1 - (1 - 1 / classes) ** (batches * batch_size),
    )


def _between(first: np.ndarray, second: np.ndarray) -> float:
    """The sum of first[i] * second[j] over all i != j."""
    return float(first.sum() * second.sum() - first @ second)


def _expected_least(chances: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Chances of 0, 1, 2 ... -> E[min(X, bound)] for each bound: the sum of P(X >= t) for t up to the bound."""
    at_least = chances[::-1].cumsum()[::-1]
    sums = np.concatenate([[0.0], at_least[1:].cumsum()])
    return sums[np.minimum(bounds, len(sums) - 1)]


def _without_triplet_of_random_classes(classes: int, single: int, draws: int) -> float:
    """Either no class of two samples or more is drawn twice, or one of them alone is drawn."""
    larger = classes - single
    return larger * float(classes) ** -draws + _drawn_once(larger, single, draws)


def _without_two_pairs_of_random_classes(classes: int, single: int, draws: int) -> float:
    """At most one class of two samples or more is drawn twice or more often."""
    larger = classes - single
    chance = _drawn_once(larger, single, draws)
    if larger:
        chances = binomial(draws, 1 / classes)
        for count in 2 + np.flatnonzero(chances[2:] > NEGLIGIBLE):
            chance += larger * float(chances[count]) * _drawn_once(larger - 1, single, draws - int(count))
    return chance


def _drawn_once(larger: int, single: int, draws: int) -> float:
    """The chance that none of the larger classes is drawn twice, where each draw takes any class with equal chances."""
    chance = 0.0
    for once in range(min(larger, draws) + 1):
        if single or once == draws:
            of_single = (draws - once) * log(single) if single else 0.0
            ways = lgamma(larger + 1) - lgamma(larger - once + 1) + log_choose(draws, once) + of_single
            chance += float(np.exp(ways - draws * log(larger + single)))
    return chance
