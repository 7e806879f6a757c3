"""Which rows of an archive of embeddings the samples of listed pairs are, by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np

from core.readers.numbered_pairs import Image
from core.readers.pair_list import PairList
from core.system.quoting import shown

MISSING = -1
# Folders, "name_0001" and an image's suffix.
_IMAGE_NAME = re.compile(r"(?:.*[/\\])?(?P<person>[^/\\]+)_(?P<number>[0-9]{1,9})(?:\.[A-Za-z][A-Za-z0-9]*)?")
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]*$")


def _base(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


# Names are compared as they are, or else without what may be written in one place and not in the other.
ALIKE: tuple[Callable[[str], str], ...] = (
    lambda name: name,
    lambda name: _SUFFIX.sub("", name),
    _base,
    lambda name: _SUFFIX.sub("", _base(name)),
)


def sample_rows(listed: PairList, names: tuple[str, ...], archive: str, *, may_miss: bool) -> np.ndarray:
    """Pairs with `sides`, the names of N embeddings of the archive so called -> rows of both samples (2, P) int64.

    MISSING for a sample without an embedding where the list `may_miss` some; otherwise it is refused, as is a list of
    which no sample has one.
    """
    assert listed.sides is not None, "a list without names has no samples to look for"
    if listed.sides.images:
        row_of = _rows_by_image(archive, names)
        candidates = [[row_of.get(image, MISSING) for image in side] for side in zip(*listed.sides.images, strict=True)]
        rows = np.array(candidates, np.int64)
    else:
        rows = _best_rows(listed.sides.names, names, archive)[listed.sides.places]
    missing = np.flatnonzero((rows == MISSING).any(axis=0))
    if len(missing) and (not may_miss or (rows == MISSING).all()):
        raise _absent(listed, rows, int(missing[0]), archive, names)
    return rows


def _rows_by_image(archive: str, names: tuple[str, ...]) -> dict[Image, int]:
    rows: dict[Image, int] = {}
    for row, text in enumerate(names):
        match = _IMAGE_NAME.fullmatch(text)
        if match is None:
            raise ValueError(
                f"names in {archive} must end in an underscore and the image number, got {shown(text)} in row {row}. "
                "Write them as name_0001."
            )
        image = Image(match["person"], int(match["number"]))
        if image in rows:
            raise ValueError(
                f"names in {archive} must differ, got {image} in rows {rows[image]} and {row}. Remove one."
            )
        rows[image] = row
    return rows


def _best_rows(wanted: tuple[str, ...], names: tuple[str, ...], archive: str) -> np.ndarray:
    """The row of each wanted name, by the first of ALIKE that finds all, or else the one that finds most."""
    candidates: list[np.ndarray] = []
    for alike in ALIKE:
        rows: dict[str, int] = {}
        twice: set[str] = set()
        for row, name in enumerate(names):
            if rows.setdefault(alike(name), row) != row:
                twice.add(alike(name))
        keys = [alike(name) for name in wanted]
        if alike is ALIKE[0] and (both := twice & set(keys)):
            raise ValueError(f"names in {archive} must differ, got {shown(min(both))} twice. Remove one.")
        if len(set(keys)) == len(keys) and not twice & set(keys):
            candidates.append(np.array([rows.get(key, MISSING) for key in keys], np.int64))
        if candidates and (candidates[-1] != MISSING).all():
            return candidates[-1]
    return max(candidates, key=lambda rows: int((rows != MISSING).sum()))


def _absent(listed: PairList, rows: np.ndarray, pair: int, archive: str, names: Iterable[str]) -> ValueError:
    assert listed.sides is not None
    side = int((rows[:, pair] == MISSING).argmax())
    sides = listed.sides
    name = str(sides.images[pair][side]) if sides.images else sides.names[sides.places[side, pair]]
    held = next(iter(names), "none")
    return ValueError(
        f"{listed.name}, line {listed.lines[pair]} must name images that {archive} holds, got {shown(name)} beside "
        f"names such as {shown(held)} ({listed.form()}). Embed this image too, or count its pairs as refused or leave "
        "them out (--failures refused, --failures left-out)."
    )
