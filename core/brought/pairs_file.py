"""Pairs in the format of Labeled Faces in the Wild (Huang et al. 2007), with a user's embeddings of the images.

The first line holds the number of folds and of pairs in each, or the latter alone: with n, a fold holds n pairs of the
same person and n of different ones, as the database's own files do, or n pairs in all. Then "name 1 2" is a pair of
images of one person, "name 1 other 2" of two. Tabs or spaces stand between; with tabs, names may hold spaces.
numpy alone, for the web process.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.brought.embeddings_file import load_embeddings, load_names
from core.brought.reading import shown, text_lines
from core.brought.scored_pairs import Identities, ScoredPairs, check_kinds
from core.distances import EUCLIDEAN
from core.exact_distances import direct_squares

# Folders, "name_0001" and an image's suffix.
_IMAGE_NAME = re.compile(r"(?:.*[/\\])?(?P<person>[^/\\]+)_(?P<number>[0-9]{1,9})(?:\.[A-Za-z][A-Za-z0-9]*)?")
_COUNT = re.compile(r"[0-9]{1,9}")
_WAY_OUT = 'Write "10 300", then "name 1 2" for one person and "name 1 other 2" for two.'


class Image(NamedTuple):
    person: str
    number: int

    def __str__(self) -> str:
        return f"{self.person}_{self.number:04d}"


class Pair(NamedTuple):
    line: int
    first: Image
    second: Image

    @property
    def is_same(self) -> bool:
        return self.first.person == self.second.person


def load_pairs(path: str | Path, embeddings_path: str | Path) -> ScoredPairs:
    """The pairs of a pairs file with the Euclidean distances of their images' embeddings.

    The archive (embeddings_file.py) names its images in `names` as "name_0001", with or without folders and an
    image suffix; it may hold more images than the pairs need, and its labels must agree with the pairs. Distances are
    direct differences in float64, added up dimension by dimension.
    """
    path, embeddings_path = Path(path), Path(embeddings_path)
    pairs, fold = _read(path)
    embeddings, labels, _ = load_embeddings(embeddings_path)
    row_of = _rows_by_image(embeddings_path.name, load_names(embeddings_path))
    rows = np.array([_rows_of(pair, row_of, path.name, embeddings_path.name) for pair in pairs]).T
    is_same = _truth(pairs)
    _check_labels(pairs, is_same == (labels[rows[0]] == labels[rows[1]]), path.name, embeddings_path.name)
    distances = _distances(embeddings, *rows)
    if not np.isfinite(distances).all():
        raise ValueError(
            f"distances in {embeddings_path.name} must be finite, got infinity for embeddings up to "
            f"{np.abs(embeddings).max():.3g}. Scale them down."
        )
    identities = Identities()
    first, second = ([getattr(pair, place).person for pair in pairs] for place in ("first", "second"))
    numbers = identities.sorted_numbers(identities.numbered(first + second)).reshape(2, -1)
    lines = np.array([pair.line for pair in pairs])
    return ScoredPairs(distances, is_same, numbers[0], numbers[1], identities.names, fold=fold, lines=lines)


def _read(path: Path) -> tuple[list[Pair], np.ndarray]:
    """The pairs and the fold of each, (P,) int64 from 0."""
    lines = [(number, line.strip()) for number, line in enumerate(text_lines(path), 1) if line.strip()]
    if not lines:
        raise ValueError(f"{path.name} must start with the number of pairs, got an empty file. {_WAY_OUT}")
    folds, count = _sizes(path.name, *lines[0])
    pairs = [_pair(path.name, *line) for line in lines[1:]]
    is_same = _truth(pairs)
    check_kinds(path.name, is_same)
    return pairs, _fold(path.name, is_same, folds, count)


def _sizes(name: str, line: int, text: str) -> tuple[int, int]:
    """How many folds, and how many pairs in each."""
    sizes = [int(cell) for cell in text.split() if _COUNT.fullmatch(cell)]
    if len(sizes) != len(text.split()) or len(sizes) not in (1, 2) or 0 in sizes:
        raise ValueError(
            f"{name}, line {line} must be the number of folds and of pairs in each, or of pairs alone, got "
            f"{shown(text)}. {_WAY_OUT}"
        )
    return (1, *sizes)[-2], sizes[-1]


def _pair(name: str, line: int, text: str) -> Pair:
    cells = [cell.strip() for cell in text.split("\t")] if "\t" in text else text.split()
    if len(cells) not in (3, 4) or "" in cells:
        raise ValueError(
            f"{name}, line {line} must be a name and two image numbers, or twice a name and an image number, got "
            f"{shown(text)}. {_WAY_OUT}"
        )
    if len(cells) == 4 and cells[0] == cells[2]:
        raise ValueError(
            f"{name}, line {line} must name two people where it has four parts, got {shown(cells[0])} twice. {_WAY_OUT}"
        )
    person, one, *other_person, other = cells
    for cell in (one, other):
        if not _COUNT.fullmatch(cell):
            raise ValueError(
                f"{name}, line {line}: an image number must be a whole number, got {shown(cell)}. {_WAY_OUT}"
            )
    pair = Pair(line, Image(person, int(one)), Image((other_person or [person])[0], int(other)))
    if pair.first == pair.second:
        raise ValueError(
            f"{name}, line {line} must compare two images, got {pair.first} with itself. Name another image."
        )
    return pair


def _fold(name: str, is_same: np.ndarray, folds: int, count: int) -> np.ndarray:
    """The fold of each pair, (P,); each must have as many pairs as the first line says."""
    if len(is_same) not in (2 * folds * count, folds * count):
        raise ValueError(
            f"{name} must hold as many pairs as its first line says, {2 * folds * count} ({folds} x {count} of each "
            f"kind) or {folds * count} in all, got {len(is_same)}. Mend the first line, or add what is missing."
        )
    size = len(is_same) // folds
    same = is_same.reshape(folds, size).sum(axis=1)
    wrong = np.flatnonzero(same != count if size == 2 * count else (same == 0) | (same == size))
    if len(wrong):
        rule = f"{count} of each kind" if size == 2 * count else "both kinds"
        raise ValueError(
            f"{name} must hold pairs of {rule} in every fold, got {same[wrong[0]]} of the same and "
            f"{size - same[wrong[0]]} of different people in fold {wrong[0] + 1}. Order the lines by fold."
        )
    return np.repeat(np.arange(folds), size)


def _truth(pairs: list[Pair]) -> np.ndarray:
    return np.array([pair.is_same for pair in pairs], bool)


def _rows_by_image(name: str, names: tuple[str, ...]) -> dict[Image, int]:
    rows: dict[Image, int] = {}
    for row, text in enumerate(names):
        match = _IMAGE_NAME.fullmatch(text)
        if match is None:
            raise ValueError(
                f"names in {name} must end in an underscore and the image number, got {shown(text)} in row {row}. "
                "Write them as name_0001."
            )
        image = Image(match["person"], int(match["number"]))
        if image in rows:
            raise ValueError(f"names in {name} must differ, got {image} in rows {rows[image]} and {row}. Remove one.")
        rows[image] = row
    return rows


def _rows_of(pair: Pair, row_of: dict[Image, int], name: str, embeddings_name: str) -> list[int]:
    for image in (pair.first, pair.second):
        if image not in row_of:
            raise ValueError(
                f"{name}, line {pair.line} must name images that {embeddings_name} holds, got {shown(str(image))}. "
                "Embed this image too."
            )
    return [row_of[pair.first], row_of[pair.second]]


def _check_labels(pairs: list[Pair], agrees: np.ndarray, name: str, embeddings_name: str) -> None:
    if not agrees.all():
        pair = pairs[int(agrees.argmin())]
        raise ValueError(
            f"labels in {embeddings_name} must agree with {name}, got {'two labels' if pair.is_same else 'one label'} "
            f"for {pair.first} and {pair.second} in line {pair.line}. Save names and labels in the same order."
        )


def _distances(embeddings: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(N, D), rows (P,), (P,) -> (P,) float64, infinite where a square is too large for a float64."""
    columns = np.ascontiguousarray(EUCLIDEAN.prepared(embeddings).T, dtype=np.float64)
    with np.errstate(over="ignore"):
        return np.sqrt(direct_squares(columns, first, second))
