"""The folds of listed pairs: as a column has them, as somebody said, or as the order of the lines shows them."""

from __future__ import annotations

import numpy as np

from core.readers.pair_list import NO_FOLDS, PairList

MOST_FOLDS = 100


def folds_of(
    listed: PairList, is_same: np.ndarray, correction: str, *, by_order: bool
) -> tuple[np.ndarray | None, str]:
    """The fold of each pair, (P,) int64 from 0, and how one knows; `by_order` lets the order of the lines tell."""
    if correction == NO_FOLDS:
        return None, ""
    if listed.fold is not None:
        return listed.fold, "as the file has them"
    if correction.isdecimal():
        return _equal_parts(
            listed.name, len(is_same), int(correction[:9])
        ), "of equal size in the order of the lines, as you said"
    fold = _by_order(is_same) if by_order else None
    return fold, "by the order of the lines" if fold is not None else ""


def check_folds(name: str, fold: np.ndarray, is_same: np.ndarray) -> None:
    """Raise ValueError unless every fold (P,) has pairs of both kinds (P,)."""
    folds = int(fold.max()) + 1
    same = np.bincount(fold[is_same], minlength=folds)
    different = np.bincount(fold[~is_same], minlength=folds)
    wrong = np.flatnonzero((same == 0) | (different == 0))
    if len(wrong):
        raise ValueError(
            f"{name} must hold pairs of both kinds in every fold, got {same[wrong[0]]} of the same and "
            f"{different[wrong[0]]} of different identities in fold {wrong[0] + 1} of {folds}. "
            "Mend the folds, or do without them (--folds none)."
        )


def _equal_parts(name: str, count: int, folds: int) -> np.ndarray:
    """As scikit-learn's KFold cuts without shuffling: the first parts are longer by one where they are not equal."""
    if not 2 <= folds <= min(count, MOST_FOLDS):
        raise ValueError(
            f"the folds of {name} must be from 2 to {min(count, MOST_FOLDS)}, got {folds} for {count:,} pairs. "
            "Give another number."
        )
    return np.repeat(np.arange(folds), [len(part) for part in np.array_split(np.arange(count), folds)])


def _by_order(is_same: np.ndarray) -> np.ndarray | None:
    """Where runs of equally many pairs of the same and of different identities take turns, as in the lists of Labeled
    Faces in the Wild, each two of them are a fold."""
    ends = np.flatnonzero(np.diff(is_same.astype(np.int8))) + 1
    sizes = np.diff([0, *ends, len(is_same)])
    folds = len(sizes) // 2
    is_regular = len(sizes) % 2 == 0 and bool((sizes == sizes[0]).all()) and sizes[0] > 1
    return np.repeat(np.arange(folds), 2 * sizes[0]) if is_regular and 2 <= folds <= MOST_FOLDS else None
