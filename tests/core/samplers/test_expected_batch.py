"""Expectations against enumeration of every batch of tiny sets, against the samplers themselves, and worked numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, permutations, product

import numpy as np
import pytest
import torch

from core.samplers import SAMPLERS, ClassBalanced, HardClasses, NPairs, PByK, Ratio, Shuffled
from core.samplers.base import Sampler
from core.samplers.expected_batch import Composition
from tests.core.loops import triplet_rows

TINY = [[3, 2, 1], [2, 2], [1, 1, 1], [4, 1, 1, 2], [1, 3]]
FIELDS = (
    *("samples", "classes", "positive_pairs", "negative_pairs", "triplets", "without_triplet"),
    "without_two_pairs",
)


def contents(labels: Iterable[int]) -> list[float]:
    """What one batch of these labels holds, one pair and one triplet at a time, in the order of FIELDS."""
    batch = list(labels)
    same = [one == other for one, other in combinations(batch, 2)]
    triplets = sum(1 for _ in triplet_rows(torch.tensor(batch)))
    paired = sum(batch.count(label) > 1 for label in set(batch))
    return [len(batch), len(set(batch)), sum(same), len(same) - sum(same), triplets, triplets == 0, paired < 2]


def mean_contents(batches: Iterable[Iterable[int]]) -> list[float]:
    return np.mean([contents(batch) for batch in batches], axis=0).tolist()


def shown(found: Composition | None) -> list[float]:
    assert found is not None
    return [getattr(found, field) for field in FIELDS]


def given(counts: list[int], draws: Iterable[tuple[int, int]]) -> list[int]:
    """The labels of a batch in which each (class, part) gives its part or all it has."""
    return [label for label, part in draws for _ in range(min(part, counts[label]))]


@pytest.mark.parametrize("counts", TINY, ids=str)
@pytest.mark.parametrize("batch_size", [2, 3, 4, 20])
def test_shuffled_is_the_mean_over_every_set_of_samples(counts: list[int], batch_size: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    batches = combinations(labels, min(batch_size, len(labels)))
    found = Shuffled(batch_size=batch_size).expected_batch(counts)
    assert shown(found) == pytest.approx(mean_contents(batches), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("counts", TINY, ids=str)
@pytest.mark.parametrize("batch_size", [2, 3, 5])
def test_class_balanced_is_the_mean_over_every_row_of_classes(counts: list[int], batch_size: int) -> None:
    rows = product(range(len(counts)), repeat=batch_size)
    batches = [given(counts, [(label, row.count(label)) for label in set(row)]) for row in rows]
    found = ClassBalanced(batch_size=batch_size).expected_batch(counts)
    assert shown(found) == pytest.approx(mean_contents(batches), rel=1e-9)


@pytest.mark.parametrize("counts", TINY, ids=str)
@pytest.mark.parametrize("per_class", [2, 3])
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_p_by_k_is_the_mean_over_every_set_of_classes(counts: list[int], classes: int, per_class: int) -> None:
    sampler = PByK(classes_per_batch=classes, samples_per_class=per_class)
    if classes > len(counts):
        with pytest.raises(ValueError, match="at most the number of training classes"):
            sampler.expected_batch(counts)
        return
    chosen = combinations(range(len(counts)), classes)
    batches = [given(counts, [(label, per_class) for label in labels]) for labels in chosen]
    assert shown(sampler.expected_batch(counts)) == pytest.approx(mean_contents(batches))


@pytest.mark.parametrize("counts", [[9, 2, 1], [6, 6, 6, 6], [1, 1, 5], [1, 1, 1]], ids=str)
@pytest.mark.parametrize("batch_size, ratio", [(6, 1.0), (8, 2.0), (9, 0.5)])
def test_a_ratio_is_the_mean_over_every_way_to_give_out_the_parts(
    counts: list[int], batch_size: int, ratio: float
) -> None:
    sampler = Ratio(batch_size=batch_size, negatives_per_positive=ratio)
    chosen = permutations(range(len(counts)), len(sampler.parts()))
    batches = [given(counts, zip(labels, sampler.parts(), strict=True)) for labels in chosen]
    assert len(set(sampler.parts())) > 1, "unequal parts"
    assert shown(sampler.expected_batch(counts)) == pytest.approx(mean_contents(batches))


# Unequal classes, some of a single sample.
UNEQUAL = [1, 1, 2, 3, 5, 8, 13, 21, 34, 12]
SIMULATED: list[Sampler] = [
    PByK(classes_per_batch=3, samples_per_class=4),
    PByK(classes_per_batch=7, samples_per_class=6),
    NPairs(classes_per_batch=3),
    NPairs(classes_per_batch=10),
    ClassBalanced(batch_size=12),
    Shuffled(batch_size=5),
    Shuffled(batch_size=20),
    Ratio(batch_size=20, negatives_per_positive=2.0),
    HardClasses(classes_per_batch=10, samples_per_class=4),
]


@pytest.mark.parametrize("sampler", SIMULATED, ids=str)
def test_the_samplers_do_what_the_law_says(sampler: Sampler) -> None:
    """The first and the last batch of 300 epochs, where those before it have stirred the orders; a full one only."""
    labels = torch.arange(10).repeat_interleave(torch.tensor(UNEQUAL))
    generator = torch.Generator().manual_seed(0)
    found = sampler.expected_batch(UNEQUAL)
    assert found is not None and found.is_exact
    epochs = [list(sampler.batches(labels, generator, torch.zeros(10, 2))) for _ in range(300)]
    assert {len(batches) for batches in epochs} == {found.batches}
    for place in (0,) if isinstance(sampler, Shuffled) else (0, -1):
        drawn = np.array([quick_contents(labels[batches[place]]) for batches in epochs])
        error = drawn.std(axis=0) / np.sqrt(len(drawn)) + 1 / len(drawn)  # a rare batch may not come at all
        assert np.all(np.abs(drawn.mean(axis=0) - shown(found)) <= 4.5 * error)
    coverage = np.mean([len(labels[torch.cat(batches)].unique()) / 10 for batches in epochs])
    assert coverage == pytest.approx(found.class_coverage, abs=1e-3)


def quick_contents(labels: torch.Tensor) -> list[float]:
    """`contents` from the sizes of the classes: k (k - 1) / 2 positive pairs, k (k - 1) (B - k) triplets of each."""
    sizes = [size for size in labels.bincount().tolist() if size]
    batch, positive = sum(sizes), sum(size * (size - 1) for size in sizes)
    triplets = sum(size * (size - 1) * (batch - size) for size in sizes)
    paired = sum(size > 1 for size in sizes)
    return [batch, len(sizes), positive / 2, (batch * (batch - 1) - positive) / 2, triplets, triplets == 0, paired < 2]


def test_the_short_way_to_count_a_batch_is_the_long_one() -> None:
    for labels in ([0, 1, 2], [0, 0, 1], [3, 3, 3], [0, 1, 1, 2, 2, 2]):
        assert quick_contents(torch.tensor(labels)) == contents(labels)


def triplets(sampler: Sampler, counts: list[int]) -> float:
    found = sampler.expected_batch(counts)
    assert found is not None
    return found.triplets


def test_many_small_classes_leave_a_shuffled_batch_almost_without_triplets() -> None:
    """64 of 11,318 classes of 5: n (n - 1) (N - n) C B (B - 1) (B - 2) / (N (N - 1) (N - 2)) = 17.67 triplets, where
    16 x 4 has P K (K - 1) (P K - K) = 11,520: 650 times as many."""
    shuffled = triplets(Shuffled(batch_size=64), [5] * 11318)
    fixed = triplets(PByK(classes_per_batch=16, samples_per_class=4), [5] * 11318)
    assert shuffled == pytest.approx(17.669, abs=0.001)
    assert fixed == pytest.approx(11520) and fixed / shuffled == pytest.approx(652, abs=0.5)


def test_with_ten_classes_shuffling_gives_more_triplets_than_four_of_each() -> None:
    assert triplets(Shuffled(batch_size=64), [6000] * 10) == pytest.approx(22496, abs=0.5)


def test_drawn_classes_leave_some_out_in_an_epoch() -> None:
    """24 draws of 12 classes: 1 - (11/12)^24 of them on average. Shuffled orders leave none out."""
    drawn, in_turn = (
        ClassBalanced(batch_size=6).expected_batch([2] * 12),
        NPairs(classes_per_batch=3).expected_batch([2] * 12),
    )
    assert drawn is not None and in_turn is not None
    assert drawn.class_coverage == pytest.approx(1 - (11 / 12) ** 24) and in_turn.class_coverage == 1


def test_where_the_encoder_chooses_the_numbers_say_so() -> None:
    found = HardClasses(classes_per_batch=4, samples_per_class=2).expected_batch([5, 6, 7, 8, 9, 10])
    assert found is not None and not found.is_exact and found.triplets == pytest.approx(4 * 2 * 1 * 6)
    assert "at least" in found.sentence and "The encoder decides" in found.sentence


def test_the_sentence_says_all_of_it() -> None:
    found = Shuffled(batch_size=64).expected_batch([5] * 11318)
    assert found is not None and found.sentence == (
        "A batch holds 64 samples of 63.9 classes: 0.143 positive and 2,016 negative pairs, 17.7 triplets; 86.7% of "
        "the batches hold none. An epoch of 885 batches shows 100% of the classes."
    )


@pytest.mark.parametrize("kind", SAMPLERS.values(), ids=SAMPLERS)
def test_every_sampler_says_what_its_batches_hold_in_plain_numbers(kind: type[Sampler]) -> None:
    found = kind().expected_batch(np.full(40, 30))
    assert found is not None and {type(value) for value in vars(found).values()} <= {int, float, bool}
    assert found.positive_pairs + found.negative_pairs == pytest.approx(found.samples * (found.samples - 1) / 2)
    assert 0 <= found.without_triplet <= 1 and 0 < found.class_coverage <= 1


@pytest.mark.parametrize("counts", [[5], [], [3, 0], [[1, 2]], [1.5, 2.0]], ids=str)
def test_what_is_no_histogram_of_classes_is_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="class counts must be two or more whole numbers, each at least 1"):
        PByK().expected_batch(counts)


def test_a_set_without_pairs_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="at least 2 classes of 2 samples or more, got 1"):
        NPairs(classes_per_batch=2).expected_batch([1, 1, 3])


def test_a_sampler_that_does_not_say_has_no_composition() -> None:
    class Silent(Sampler):
        """Says nothing of its batches."""

        def batches(
            self, labels: torch.Tensor, generator: torch.Generator, centres: torch.Tensor | None = None
        ) -> Iterator[torch.Tensor]:
            yield from labels.split(2)

    assert Silent().expected_batch([2, 2]) is None
