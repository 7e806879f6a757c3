from collections.abc import Sequence

import numpy as np
import pytest

from core.datasets import Images, contact_sheet, example_rows
from core.datasets.images import tiles_of


def images_of(labels: Sequence[int], names: tuple[str, ...] = ("a", "b", "c"), side: int = 2) -> Images:
    labels = np.array(labels, dtype=np.int64)
    pixels = np.arange(len(labels) * side * side, dtype=np.uint8).reshape(-1, side, side)
    return Images(pixels, labels, names)


def test_counts_are_those_of_images_and_names() -> None:
    images = images_of([0, 1, 1, 0])
    assert (images.count, images.class_count) == (4, 3)


def test_digest_is_equal_for_equal_content_and_differs_for_any_change() -> None:
    images = images_of([0, 1, 1, 0])
    lighter = images.pixels.copy()
    lighter[0, 0, 0] += 1
    changed = [
        Images(lighter, images.labels, images.class_names),
        images_of([0, 1, 0, 0]),
        images_of([0, 1, 1, 0], names=("a", "b", "d")),
        Images(images.pixels.reshape(4, 1, 4), images.labels, images.class_names),
    ]
    assert images.digest == images_of([0, 1, 1, 0]).digest
    assert len({images.digest, *(other.digest for other in changed)}) == 5
    assert len(images.digest) == 64


def test_digest_does_not_depend_on_the_layout_in_memory() -> None:
    images = images_of([0, 1, 1, 0])
    turned = Images(np.asfortranarray(images.pixels), images.labels, images.class_names)
    assert turned.digest == images.digest


def coloured(count: int, height: int = 3, width: int = 4) -> Images:
    pixels = np.random.default_rng(count).integers(0, 256, (count, height, width, 3), dtype=np.uint8)
    return Images(pixels, np.arange(count) % 2, ("a", "b"))


def test_colour_is_a_last_axis_and_part_of_the_digest() -> None:
    images = coloured(4)
    assert (images.count, images.channels, images_of([0, 1]).channels) == (4, 3, 1)
    swapped = Images(images.pixels[..., ::-1].copy(), images.labels, images.class_names)
    beside = Images(images.pixels.reshape(4, 3, 12), images.labels, images.class_names)
    assert len({images.digest, coloured(4).digest, swapped.digest, beside.digest}) == 3


def test_the_digest_of_grey_images_is_the_one_that_runs_were_made_with() -> None:
    assert images_of([0, 1, 1, 0]).digest == "5b4b6ee9f9053972e8700f74c055cc11c4fc12bb32e994c7298df88e79b5ef53"


def grouped(groups: Sequence[int], names: tuple[str, ...] = ("north", "south")) -> Images:
    plain = images_of([0, 1, 1, 0])
    return Images(plain.pixels, plain.labels, plain.class_names, np.array(groups, dtype=np.int64), names)


def test_groups_are_part_of_the_digest_and_a_set_without_them_keeps_its_own() -> None:
    plain, one, other = images_of([0, 1, 1, 0]), grouped([0, 0, 1, 1]), grouped([0, 1, 1, 1])
    renamed = grouped([0, 0, 1, 1], ("north", "west"))
    assert plain.groups is None and plain.group_names == ()
    assert len({plain.digest, one.digest, other.digest, renamed.digest}) == 4
    assert grouped([0, 0, 1, 1]).digest == one.digest


def test_groups_must_be_numbered_and_named_as_labels_are() -> None:
    with pytest.raises(ValueError, match="groups must be from 0 to 1, one number for each group name, got 0 to 2"):
        grouped([0, 0, 1, 2])
    with pytest.raises(ValueError, match=r"groups must be \(4,\) of type int64"):
        grouped([0, 0, 1])
    with pytest.raises(ValueError, match="group names must differ, got 'north' more than once"):
        grouped([0, 0, 1, 1], ("north", "north"))
    with pytest.raises(ValueError, match="groups must be given with their names, got 2 names alone"):
        plain = images_of([0, 1])
        Images(plain.pixels, plain.labels, plain.class_names, group_names=("north", "south"))
    with pytest.raises(ValueError, match="read-only"):
        groups = grouped([0, 0, 1, 1]).groups
        assert groups is not None
        groups[0] = 1


def test_loaded_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        images_of([0, 1]).pixels[0, 0, 0] = 1


@pytest.mark.parametrize(
    "pixels, labels, names, message",
    [
        (np.zeros((2, 3, 3)), [0, 1], ("a", "b"), r"pixels must be grey values .* float64. Convert"),
        (np.zeros((2, 3), np.uint8), [0, 1], ("a", "b"), r"pixels must be grey values .*, got \(2, 3\)"),
        (np.zeros((2, 3, 3, 4), np.uint8), [0, 1], ("a", "b"), r"red, green and blue .*, got \(2, 3, 3, 4\)"),
        (np.zeros((2, 0, 3, 3), np.uint8), [0, 1], ("a", "b"), "pixels must hold at least one image of one pixel"),
        (np.zeros((0, 3, 3), np.uint8), [], ("a",), "pixels must hold at least one image"),
        (
            np.zeros((2, 0, 3), np.uint8),
            [0, 1],
            ("a", "b"),
            "pixels must hold at least one image of one pixel",
        ),
        (np.zeros((2, 3, 3), np.uint8), [0], ("a",), r"labels must be \(2,\) of type int64"),
        (np.zeros((2, 3, 3), np.uint8), [0.0, 1.0], ("a", "b"), "labels must be .* of type float64"),
        (np.zeros((2, 3, 3), np.uint8), [0, 2], ("a", "b"), "labels must be from 0 to 1, .* got 0 to 2"),
        (np.zeros((2, 3, 3), np.uint8), [-1, 0], ("a", "b"), "labels must be from 0 to 1, .* got -1 to 0"),
        (
            np.zeros((2, 3, 3), np.uint8),
            [0, 1],
            ("a", "a"),
            "class names must differ, got 'a' more than once",
        ),
    ],
)
def test_what_is_no_labelled_image_is_refused(
    pixels: np.ndarray, labels: list[float], names: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Images(pixels, np.array(labels, dtype=None if labels else np.int64), names)


def test_contact_sheet_puts_tiles_in_reading_order() -> None:
    pixels = np.arange(1, 6, dtype=np.uint8)[:, None, None] * np.ones((1, 2, 3), dtype=np.uint8)
    sheet = contact_sheet(pixels, columns=3)
    assert sheet.dtype == np.uint8
    assert sheet.tolist() == 2 * [[1] * 3 + [2] * 3 + [3] * 3] + 2 * [[4] * 3 + [5] * 3 + [0] * 3]


def test_contact_sheet_of_one_column_is_a_stack() -> None:
    pixels = images_of([0, 1, 0]).pixels
    assert np.array_equal(contact_sheet(pixels, columns=1), pixels.reshape(6, 2))


@pytest.mark.parametrize("columns", [1, 2, 5, 9])
def test_a_sheet_in_colour_lays_each_colour_as_a_grey_sheet_and_is_cut_again(columns: int) -> None:
    pixels = coloured(7).pixels
    sheet = contact_sheet(pixels, columns)
    for colour in range(3):
        assert np.array_equal(sheet[..., colour], contact_sheet(pixels[..., colour], columns))
    assert np.array_equal(tiles_of(sheet, 3, 4)[:7], pixels)


def test_contact_sheet_needs_a_column() -> None:
    with pytest.raises(ValueError, match="columns must be at least 1, got 0"):
        contact_sheet(np.zeros((1, 2, 2), np.uint8), columns=0)


def test_examples_go_class_by_class_and_pass_over_small_classes() -> None:
    images = images_of([2, 0, 1, 2, 0, 2, 0])
    assert example_rows(images, per_class=2, classes=3).tolist() == [1, 4, 0, 3]
    assert example_rows(images, per_class=1, classes=2).tolist() == [1, 2]


@pytest.mark.parametrize("per_class", [0, 4])
def test_examples_must_exist(per_class: int) -> None:
    with pytest.raises(ValueError, match=f"per_class must be from 1 to 3, .* got {per_class}"):
        example_rows(images_of([2, 0, 1, 2, 0, 2]), per_class=per_class, classes=3)
