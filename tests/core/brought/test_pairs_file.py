"""Pairs files in the format of Labeled Faces in the Wild, against a loop over their lines; and how one can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.brought.pairs_file import load_pairs
from core.distance_rows import distance_matrix
from core.distances import EUCLIDEAN
from core.thresholds.verification import auc

PEOPLE = ["Ann", "Bob_Lee_2", "J._Kim"]
NAMES = [f"{person}_{number:04d}" for number in range(1, 5) for person in PEOPLE]
LABELS = np.arange(12) % 3


def points() -> np.ndarray:
    """(12, 5) whole and half numbers, so that some distances tie."""
    return np.random.default_rng(0).integers(-2, 3, size=(12, 5)).astype(np.float32) / 2


def archive(folder: Path, **changed: Any) -> Path:
    arrays = {"embeddings": points(), "labels": LABELS, "names": np.array(NAMES)} | changed
    path = folder / "faces.npz"
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def written(folder: Path, content: str) -> Path:
    path = folder / "pairs.txt"
    path.write_bytes(content.encode())
    return path


def lines_of(separator: str, folds: int, count: int) -> list[str]:
    """In each fold `count` pairs of one person, then as many of two."""
    generator, lines = np.random.default_rng(1), []
    for _ in range(folds):
        for _ in range(count):
            one, other = generator.choice(4, 2, replace=False) + 1
            lines.append(separator.join([PEOPLE[generator.integers(3)], str(one), str(other)]))
        for _ in range(count):
            (first, second), (one, other) = generator.choice(3, 2, replace=False), generator.integers(1, 5, 2)
            lines.append(separator.join([PEOPLE[first], str(one), PEOPLE[second], str(other)]))
    return lines


@pytest.mark.parametrize("separator", ["\t", " ", "   "])
@pytest.mark.parametrize("start, folds, count", [("3\t10", 3, 10), ("30", 1, 30), ("\ufeff60", 1, 30), ("3 20", 3, 10)])
@pytest.mark.parametrize("end", ["\n", "\r\n\r\n"])
def test_a_file_holds_what_a_loop_finds_in_it(
    tmp_path: Path, separator: str, start: str, folds: int, count: int, end: str
) -> None:
    lines = lines_of(separator, folds, count)
    pairs = load_pairs(written(tmp_path, end.join([start, *lines])), archive(tmp_path))
    matrix = distance_matrix(points().astype(np.float64))
    distances, is_same, people = [], [], []
    for line in lines:
        cells = line.split()
        first, one, second, other = cells if len(cells) == 4 else (cells[0], cells[1], cells[0], cells[2])
        rows = NAMES.index(f"{first}_{int(one):04d}"), NAMES.index(f"{second}_{int(other):04d}")
        distances.append(matrix[rows])
        is_same.append(len(cells) == 3)
        people.append((first, second))
        assert EUCLIDEAN.between(points()[[rows[0]]], points()[[rows[1]]])[0, 0] == pytest.approx(matrix[rows])
    assert len(set(distances)) < len(distances) and sum(is_same) == 30
    assert pairs.distances.tolist() == distances and pairs.distances.dtype == np.float64
    assert pairs.is_same.tolist() == is_same and not pairs.is_similarity
    assert pairs.identities == tuple(PEOPLE) and pairs.first is not None and pairs.second is not None
    assert [(PEOPLE[a], PEOPLE[b]) for a, b in zip(pairs.first, pairs.second, strict=True)] == people
    assert pairs.fold is not None and pairs.fold.tolist() == [fold for fold in range(folds) for _ in range(2 * count)]
    assert 0 < auc(pairs) < 1


@pytest.mark.parametrize(
    "named",
    [
        lambda name: name + ".jpg",
        lambda name: f"lfw/{name.rpartition('_')[0]}/{name}.jpeg",
        lambda name: rf"C:\faces_1\{name}.PNG",
        lambda name: name.replace("_000", "_"),
        lambda name: name.encode(),
    ],
)
def test_folders_suffixes_and_zeros_in_front_do_not_matter(tmp_path: Path, named: Callable[[str], Any]) -> None:
    pairs = written(tmp_path, "\n".join(["1\t5", *lines_of("\t", 1, 5)]))
    expected = load_pairs(pairs, archive(tmp_path))
    given = load_pairs(pairs, archive(tmp_path, names=np.array([named(name) for name in NAMES])))
    assert given.distances.tolist() == expected.distances.tolist()


def test_names_with_spaces_stand_between_tabs(tmp_path: Path) -> None:
    names = np.array([name.replace("Bob_Lee_2", "Bob Lee") for name in NAMES])
    pairs = load_pairs(written(tmp_path, "1\nBob Lee\t1\t2\nBob Lee\t1\tAnn\t2\n"), archive(tmp_path, names=names))
    assert pairs.identities == ("Ann", "Bob Lee")


GOOD = "1\nAnn 1 2\nAnn 1 J._Kim 1\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "^pairs.txt must start with the number of pairs, got an empty file. Write"),
        ("Ann 1 2\nAnn 1 J._Kim 1\n", "line 1 must be the number of folds and of pairs in each, .*, got 'Ann 1 2'"),
        ("0\n", "line 1 must be the number of folds .*, got '0'"),
        ("1 2 3\n", "line 1 must be the number of folds .*, got '1 2 3'"),
        ("9" * 5000 + "\n", "line 1 must be the number of folds .*, got '9+\\.\\.\\.'"),
        ("1\n", "^pairs.txt must hold pairs of the same and of different identities, got 0 and 0"),
        ("2\nAnn 1 2\nAnn 1 3\n", "of different identities, got 2 and 0. Add"),
        ("2\nAnn 1 J._Kim 3\n", "of different identities, got 0 and 1. Add"),
        (
            "2\nAnn 1 2\nAnn 1 3\nAnn 1 J._Kim 1\n",
            r"must hold as many pairs .*, 4 \(1 x 2 of each kind\) or 2 in all, got 3",
        ),
        (
            "2 2\nAnn 1 2\nAnn 1 3\nAnn 1 J._Kim 1\n",
            r"must hold as many pairs .*, 8 \(2 x 2 of each .* 4 in all, got 3",
        ),
        (
            "2 1\nAnn 1 2\nAnn 1 3\nAnn 1 J._Kim 1\nAnn 1 J._Kim 2\n",
            "must hold pairs of 1 of each kind in every fold, got 2 of the same and 0 of different people in fold 1",
        ),
        (
            "2 2\nAnn 1 2\nAnn 1 J._Kim 2\nAnn 1 J._Kim 1\nAnn 1 J._Kim 2\n",
            "must hold pairs of both kinds in every fold, got 0 of the same and 2 of different people in fold 2",
        ),
        ("1\nAnn 1\nAnn 1 J._Kim 1\n", "line 2 must be a name and two image numbers, .*, got 'Ann 1'"),
        ("1\nAnn 1 2\nAnn 1 J._Kim 1 5\n", "line 3 must be a name and two image numbers, .*, got 'Ann 1 J._Kim 1 5'"),
        ("1\nAnn\t\t1\t2\n", "line 2 must be a name and two image numbers, .*, got"),
        ("1\nAnn 1 2\nAnn 1 J._Kim\n", "line 3: an image number must be a whole number, got 'J._Kim'"),
        ("1\nAnn 1 2\nAnn one J._Kim 1\n", "line 3: an image number must be a whole number, got 'one'"),
        ("1\nAnn 1 -2\n", "line 2: an image number must be a whole number, got '-2'"),
        ("1\nAnn 1 2\n\nAnn 1 Ann 2\n", "line 4 must name two people where it has four parts, got 'Ann' twice"),
        ("1\nAnn 2 2\nAnn 1 J._Kim 1\n", "line 2 must compare two images, got Ann_0002 with itself"),
        ("1\nAnn 2 02\nAnn 1 J._Kim 1\n", "line 2 must compare two images, got Ann_0002 with itself"),
        ("1\nAnn 1 2\nAnn 1 Eve 1\n", "line 3 must name images that faces.npz holds, got 'Eve_0001'. Embed"),
        ("1\nAnn 1 5\nAnn 1 J._Kim 1\n", "line 2 must name images that faces.npz holds, got 'Ann_0005'"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        load_pairs(written(tmp_path, content), archive(tmp_path))
    said = str(raised.value)
    assert "pairs.txt" in said and " must " in said and ", got " in said and said.endswith(".") and "\n" not in said


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"names": None}, "must hold the arrays embeddings and names, got embeddings, labels"),
        ({"labels": None}, "must hold the arrays embeddings and labels, got embeddings, names"),
        ({"names": np.array([*NAMES[:11], "face.jpg"])}, "must end in an underscore .*, got 'face.jpg' in row 11"),
        ({"names": np.array([*NAMES[:11], "a/Ann_1.png"])}, "must differ, got Ann_0001 in rows 0 and 11"),
        (
            {"labels": np.arange(12) // 6},
            "labels in faces.npz must agree with pairs.txt, got one label for Ann_0001 and J",
        ),
        (
            {"labels": np.arange(12) // 2},
            "labels in faces.npz must agree .*, got two labels for Ann_0001 and Ann_0002 in",
        ),
        (
            {"embeddings": points().astype(np.float64) * 1e200},
            "distances in faces.npz must be finite, got infinity .*e.200",
        ),
    ],
)
def test_what_is_wrong_in_the_archive_is_said_in_one_sentence(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    load_pairs(written(tmp_path, GOOD), archive(tmp_path))
    with pytest.raises(ValueError, match=message) as raised:
        load_pairs(written(tmp_path, GOOD), archive(tmp_path, **changed))
    said = str(raised.value)
    assert "faces.npz" in said and " must " in said and ", got " in said and said.endswith(".") and "\n" not in said


def test_a_csv_and_what_is_no_archive_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 1 must be the number of folds and of pairs in each, .*, got 'is_same"):
        load_pairs(written(tmp_path, "is_same,distance\n1,0.5\n"), archive(tmp_path))
    with pytest.raises(ValueError, match="pairs.txt must be a whole .npz archive"):
        load_pairs(written(tmp_path, GOOD), tmp_path / "pairs.txt")


def test_every_pair_has_the_line_it_stands_in(tmp_path: Path) -> None:
    pairs = load_pairs(written(tmp_path, "1\n\nAnn 1 2\nAnn 1 J._Kim 1\n"), archive(tmp_path))
    assert pairs.lines is not None and pairs.lines.tolist() == [3, 4]
