"""Each rule that embeddings and labels must keep, in its one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from core.statistics.checks import (
    LARGEST,
    bad_labels,
    check_embeddings,
    check_one_each,
    check_points,
    check_shapes,
)

LABELS = np.array([0, 0, 1, 1])


def changed(row: int, value: float) -> np.ndarray:
    points = np.arange(12.0).reshape(4, 3)
    points[row, 1] = value
    return points


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", "int8", "uint64"])
@pytest.mark.parametrize("labels", [LABELS, LABELS.astype(float), LABELS.astype(str), LABELS.astype("S1")], ids=str)
def test_real_numbers_with_whole_or_text_labels_are_sound(kind: str, labels: np.ndarray) -> None:
    check_embeddings(np.arange(12).reshape(4, 3).astype(kind), labels)


def test_the_largest_size_is_still_allowed() -> None:
    check_embeddings(changed(2, -LARGEST), LABELS)


@pytest.mark.parametrize(
    ("points", "labels", "message"),
    [
        (changed(2, np.nan), LABELS, "embeddings must be finite, got NaN or infinity in 1 of 4 rows, first in row 2. "),
        (
            changed(1, -np.inf),
            LABELS,
            "embeddings must be finite, got NaN or infinity in 1 of 4 rows, first in row 1. ",
        ),
        (
            changed(3, -2e150),
            LABELS,
            r"embeddings must be at most 1e\+150 in size, .* got 2e\+150 in row 3. Scale them",
        ),
        (changed(0, 0.0), np.zeros(4, int), "labels must name at least two classes, got one for all 4 points. Add"),
        (changed(0, 0.0), np.arange(4), "at least one class must have two points, got 4 classes with one point each. "),
        (changed(0, 0.0), LABELS[:3], "labels in the snapshot must be as many as the embeddings, got 3 for 4 points. "),
    ],
)
def test_what_has_no_statistics_is_refused(points: np.ndarray, labels: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        check_embeddings(points, labels)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (np.array([["a"]]), "embeddings in mine must be real numbers, got <U1. Save them as float32."),
        (np.ones((2, 2), complex), "embeddings in mine must be real numbers, got complex128. Save them as float32."),
        (np.ones((2, 2), bool), "embeddings in mine must be real numbers, got bool. Save them as float32."),
        (np.array([[None]]), r"embeddings in mine must be real numbers, got object. Save numpy.stack\(column\) of a"),
        (np.ones(3), r"embeddings in mine must be \(points, dimensions\), not empty, got \(3,\). Reshape them."),
        (np.ones((0, 3)), r"embeddings in mine must be \(points, dimensions\), not empty, got \(0, 3\). Reshape"),
        (np.ones((3, 0)), r"embeddings in mine must be \(points, dimensions\), not empty, got \(3, 0\). Reshape"),
        (np.ones((1, 2, 3)), r"embeddings in mine must be \(points, dimensions\), not empty, got \(1, 2, 3\). "),
    ],
)
def test_embeddings_are_rows_of_real_numbers(points: np.ndarray, message: str) -> None:
    for check in (lambda: check_points("mine", points), lambda: check_shapes("mine", points, np.zeros(len(points)))):
        with pytest.raises(ValueError, match=f"^{message}"):
            check()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([None] * 4), "labels must be whole numbers or text, got object. Drop the rows where it is missing, "),
        (
            np.ones(4, complex),
            "labels must be whole numbers or text, got complex128. Save them as integers or strings.",
        ),
        (np.ones(4, bool), "labels must be whole numbers or text, got bool. Save them as integers or strings."),
        (np.ones((4, 1), int), r"labels in mine must have one dimension, got \(4, 1\). Give one label per point."),
        (np.ones(5, int), "labels in mine must be as many as the embeddings, got 5 for 4 points. Give one label per"),
    ],
)
def test_labels_are_one_each_and_whole_numbers_or_text(labels: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        check_shapes("mine", np.ones((4, 2)), labels)


def test_what_is_given_once_for_each_is_called_by_its_name() -> None:
    check_one_each("names", "mine", np.ones((4, 2)), np.array(list("abcd")))
    with pytest.raises(ValueError, match="names in mine must be as many as .*, got 3 for 4 points. Give one name per"):
        check_one_each("names", "mine", np.ones((4, 2)), np.array(list("abc")))


def test_the_error_says_what_was_got_and_the_way_out() -> None:
    assert str(bad_labels("2.5 in row 3", "Round them.")) == (
        "labels must be whole numbers or text, got 2.5 in row 3. Round them."
    )
