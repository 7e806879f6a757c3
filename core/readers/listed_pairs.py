"""Listed pairs with the embeddings of their samples, compared by any distance: lists that name the samples, and rows
2 i and 2 i + 1 with a value for each pair, as the evaluations of InsightFace and of facenet take them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.readers.embeddings_file import Samples, load_couples, load_samples
from core.readers.listed_distances import listed_distances
from core.readers.npz_archive import held_arrays
from core.readers.pair_files import finished
from core.readers.pair_list import NOTHING_SAID, Corrections, PairList, Sides
from core.readers.pair_reader import read_pair_list
from core.readers.sample_rows import MISSING, sample_rows
from core.readers.truths import Truths
from core.readers.understanding import Reading

BY_ROWS = "rows 2 i and 2 i + 1 of the embeddings are pair i"


def read_listed(
    path: str | Path,
    embeddings_path: str | Path,
    corrections: Corrections = NOTHING_SAID,
    *,
    distance: Distance = EUCLIDEAN,
) -> Reading:
    """The pairs of a list with the distances of their samples' embeddings.

    The archive (embeddings_file.py) calls its samples by `names`, with or without folders and suffixes; it may hold
    more than the list needs, and labels must agree with the list where both are there. A list of truths alone is of
    the rows in their order. Scores that a list has too are left aside.
    """
    listed, archive = read_pair_list(path, corrections), Path(embeddings_path).name
    if listed.scores is not None:
        listed = replace(listed, scores=None, notes=(*listed.notes, "its scores left aside"))
    if listed.sides is None:
        return _by_rows(listed, load_samples(embeddings_path, with_names=False), corrections, distance, archive)
    samples = load_samples(embeddings_path)
    rows = sample_rows(listed, samples.names, archive, may_miss=bool(corrections.failures))
    listed = _with_labels(listed, samples, rows, archive)
    return _compared(listed, samples.embeddings, rows, corrections, distance, archive)


def read_couples(
    path: str | Path, corrections: Corrections = NOTHING_SAID, *, distance: Distance = EUCLIDEAN
) -> Reading:
    """The pairs of an archive with `embeddings` (2 P, D) and `issame` (P,)."""
    name = Path(path).name
    embeddings, words = load_couples(path)
    truths = Truths(name, "issame", corrections.same)
    is_same = truths.read(range(len(words)), words)
    truths.check_same()
    listed = PairList(name, np.arange(len(words)), is_same, truth="truth in issame", notes=(BY_ROWS,))
    rows = np.arange(len(embeddings)).reshape(-1, 2).T
    if "labels" in held_arrays(Path(path)):
        listed = _with_labels(listed, load_samples(path, with_names=False), rows, name)
    return _compared(listed, embeddings, rows, corrections, distance, name)


def _by_rows(listed: PairList, samples: Samples, corrections: Corrections, distance: Distance, archive: str) -> Reading:
    count, points = len(listed.lines), len(samples.embeddings)
    if points != 2 * count:
        raise ValueError(
            f"{listed.name} must hold one truth for two rows of {archive}, got {count:,} for {points:,} rows. Write "
            "the truth of rows 2 i and 2 i + 1 in line i, or two names in each line."
        )
    rows = np.arange(points).reshape(-1, 2).T
    listed = replace(_with_labels(listed, samples, rows, archive), notes=(*listed.notes, BY_ROWS))
    return _compared(listed, samples.embeddings, rows, corrections, distance, archive)


def _with_labels(listed: PairList, samples: Samples, rows: np.ndarray, archive: str) -> PairList:
    """The same with the truth and the identities of the labels where the list has none of its own.

    Raises ValueError where labels contradict the list, and where neither knows the truth.
    """
    if samples.labels is None:
        if listed.is_same is None:
            raise ValueError(
                f"{listed.name} must say which pairs are of the same identity where {archive} has no labels, got two "
                "names alone. Add a column is_same, or save labels."
            )
        return listed
    here = (rows != MISSING).all(axis=0)
    first, second = np.where(here, samples.labels[rows], MISSING)
    if listed.is_same is None:
        listed = replace(listed, is_same=first == second, truth=f"truth by the labels of {archive}")
    elif (wrong := np.flatnonzero(here & (listed.is_same != (first == second)))).size:
        raise _contradiction(listed, samples, rows, int(wrong[0]), archive)
    if here.all() and not (listed.sides and listed.sides.are_identities):
        listed = replace(listed, sides=Sides(samples.class_names, np.stack([first, second]), True))
    return listed


def _compared(
    listed: PairList,
    embeddings: np.ndarray,
    rows: np.ndarray,
    corrections: Corrections,
    distance: Distance,
    archive: str,
) -> Reading:
    """The pairs with the distances of rows (2, P), NaN where one of both is missing or could not be embedded."""
    good = np.asarray(~np.isnan(embeddings).any(axis=1))
    compared = good[rows].all(axis=0) & (rows != MISSING).all(axis=0)
    distances = np.full(rows.shape[1], np.nan)
    if compared.any():
        points = distance.prepared(embeddings[good])
        first, second = (np.cumsum(good) - 1)[rows[:, compared]]
        distances[compared] = listed_distances(points, first, second, distance)
    if np.isinf(distances).any():
        raise ValueError(
            f"distances in {archive} must be finite, got infinity for embeddings up to "
            f"{np.abs(embeddings[good]).max():.3g}. Scale them down."
        )
    return finished(listed, distances, corrections, folds_by_order=True, compared_by=distance.in_words)


def _contradiction(listed: PairList, samples: Samples, rows: np.ndarray, pair: int, archive: str) -> ValueError:
    assert listed.is_same is not None
    called = [samples.names[row] if samples.names else f"row {row}" for row in rows[:, pair]]
    if listed.sides and listed.sides.images:
        called = [str(image) for image in listed.sides.images[pair]]
    labels = "two labels" if listed.is_same[pair] else "one label"
    return ValueError(
        f"labels in {archive} must agree with {listed.name}, got {labels} for {called[0]} and {called[1]} in line "
        f"{listed.lines[pair]} ({listed.form()}). Save names and labels in the same order, or say what the truth is in "
        "the list (--truth, --same)."
    )
