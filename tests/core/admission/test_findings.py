from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.admission.findings import EXAMPLES, PROBLEMS, counts, findings, in_short
from core.admission.mends import MENDS
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors

GENERATOR = np.random.default_rng(0)


def vectors(values: np.ndarray, labels: list[int]) -> Vectors:
    names = tuple(f"p{number}" for number in range(max(labels) + 1))
    return Vectors(np.asarray(values, np.float32), np.array(labels), names)


def unit(count: int, dimension: int = 4) -> np.ndarray:
    values = np.random.default_rng(count).normal(size=(count, dimension))
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def rows_of(samples: Samples) -> dict[str, list[int]]:
    return {problem["name"]: problem["rows"] for problem in findings(samples)["problems"]}


@pytest.mark.parametrize("labels", [[0], [0, 0], [0, 1], [0, 0, 0, 1, 1, 2], [2, 0, 2, 2, 0, 0, 5]])
def test_pairs_and_identities_are_those_of_a_plain_loop(labels: list[int]) -> None:
    found = counts(np.array(labels))
    pairs = [(i, j) for i in range(len(labels)) for j in range(i)]
    assert found["genuine_pairs"] == sum(labels[i] == labels[j] for i, j in pairs)
    assert found["impostor_pairs"] == sum(labels[i] != labels[j] for i, j in pairs)
    assert found["identities"] == len(set(labels)) and found["samples"] == len(labels)
    assert found["single_sample_identities"] == sum(labels.count(label) == 1 for label in set(labels))
    sizes = [labels.count(label) for label in set(labels)]
    assert (found["smallest_identity"], found["largest_identity"]) == (min(sizes), max(sizes))


@pytest.mark.parametrize(
    "identities, smallest, cautious",
    [(1, None, None), (2, 1.0, 1.0), (40, 3 / 780, 3 / 20), (1000, 3 / 499500, 3 / 500)],
)
def test_the_smallest_far_is_the_rule_of_three_of_pairs_of_identities(
    identities: int, smallest: float | None, cautious: float | None
) -> None:
    found = counts(np.arange(identities).repeat(2))
    if smallest is None:
        assert found["smallest_far"] is None and found["cautious_far"] is None
        return
    assert found["smallest_far"] == pytest.approx(smallest, rel=0.01)
    assert found["cautious_far"] == pytest.approx(cautious, rel=0.01)


def test_sound_vectors_have_no_problem() -> None:
    found = findings(vectors(unit(6), [0, 0, 1, 1, 2, 2]))
    assert found["problems"] == [] and found["near_pairs"] == 0 and found["near_is_whole"]
    assert in_short(found) == "3 identities, 6 samples, 3 genuine and 12 impostor pairs"


def test_every_problem_of_vectors_is_found_by_its_rows() -> None:
    values = unit(12)
    labels = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3]
    values[1] = values[0]  # the same person again
    values[3] = values[2]  # of two people
    values[5] = values[4] + [1e-4, 0, 0, 0]
    values[5] /= np.linalg.norm(values[5])
    values[7] = values[4] + [0, 1e-4, 0, 0]
    values[7] /= np.linalg.norm(values[7])
    values[8] = 0
    values[9] = 0.5
    values[10] *= 3
    assert rows_of(vectors(values, labels)) == {
        "single": [11],
        "equal": [1],
        "contradicting": [2, 3],
        "near": [5],
        "near-across": [4, 5, 7],
        "zero": [8],
        "constant": [9],
        "not-unit": [10],
    }


def test_every_problem_of_images_is_found_by_its_rows() -> None:
    pixels = np.repeat(np.repeat(GENERATOR.integers(0, 256, (8, 4, 4), dtype=np.uint8), 4, axis=1), 4, axis=2)
    pixels[1], pixels[3] = pixels[0], pixels[2]
    pixels[5] = pixels[4] ^ 1
    pixels[6] = 77
    samples = Images(pixels, np.array([0, 0, 0, 1, 1, 1, 1, 2]), ("a", "b", "c"))
    assert rows_of(samples) == {
        "single": [7],
        "equal": [1],
        "contradicting": [2, 3],
        "near": [5],
        "constant": [6],
    }


def test_a_problem_names_some_rows_counts_all_and_names_a_mend() -> None:
    values = np.repeat(unit(1), 100, axis=0)
    (problem,) = findings(vectors(values, [0] * 100))["problems"]
    assert problem == {"name": "equal", "count": 99, "mend": "merge-equal", "rows": list(range(1, 1 + EXAMPLES))}


def test_every_mend_that_a_problem_names_is_there() -> None:
    samples: list[Any] = [vectors(unit(3), [0, 0, 1])]
    named = {find(one, copies).mend for one in samples for copies in [_copies(one)] for find in PROBLEMS}
    assert named == set(MENDS)


def _copies(samples: Samples) -> Any:
    from core.admission.copies import copies_in

    return copies_in(samples)


def test_vectors_of_one_dimension_are_not_constant() -> None:
    assert "constant" not in rows_of(vectors(np.array([[1.0], [-1.0]]), [0, 0]))


def test_vectors_of_zeros_accuse_no_label() -> None:
    values = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32)
    values[[0, 1, 6]] = 0
    found = findings(Vectors(values, np.arange(12) // 3, tuple("abcd")))
    assert {problem["name"]: problem["rows"] for problem in found["problems"] if problem["name"] != "not-unit"} == {
        "zero": [0, 1, 6]
    }
