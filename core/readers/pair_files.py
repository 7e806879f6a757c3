"""Files of pairs that a user brings, made into pairs with distances: scores, scores with a list of trials beside them,
and lists of pairs with the embeddings of their samples. numpy alone, for the web process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.readers.column_names import DISTANCE, EITHER, SIMILARITY
from core.readers.folds import check_folds, folds_of
from core.readers.identity_names import named_identities
from core.readers.pair_list import NOTHING_SAID, SMALLER, Corrections, PairList
from core.readers.pair_reader import read_pair_list
from core.readers.trials import with_trials
from core.readers.understanding import Reading, Understanding
from core.verification.scored_pairs import LEFT_OUT, Failures, ScoredPairs, check_kinds

GUESSED = "a guess, for nothing says so"


def read_scores(
    path: str | Path, corrections: Corrections = NOTHING_SAID, *, trials: str | Path | None = None
) -> Reading:
    """Pairs with scores; the truth is in the same file, or in the list of `trials`.

    Raises ValueError where a file is wrong, where truth or scores are missing, and where nothing tells which scores
    are closer.
    """
    if trials is None:
        listed = read_pair_list(path, corrections)
    else:
        of_scores, of_trials = (
            replace(corrections, truth="", same="", folds=""),
            replace(corrections, score="", closer=""),
        )
        listed = with_trials(read_pair_list(path, of_scores), read_pair_list(trials, of_trials))
    if (scores := listed.scores) is None:
        raise ValueError(
            f"{listed.name} must hold scores, got {len(listed.lines):,} pairs without any ({listed.form()}). Add a "
            "column distance, similarity or score, or bring it as a list (--pairs) with an .npz of embeddings."
        )
    if listed.is_same is None:
        raise ValueError(
            f"{listed.name} must say which pairs are of the same identity, got {len(listed.lines):,} scores without "
            f"it ({listed.form()}). Add a column is_same, or columns first and second that name the identities, or "
            "bring the list of trials too (--trials FILE)."
        )
    listed = _directed(listed, corrections)
    # Not -s, which makes the distance -0 of a similarity of 0.
    distances = scores if listed.direction == DISTANCE else 0.0 - scores
    return finished(listed, distances, corrections, folds_by_order=False)


def finished(
    listed: PairList, distances: np.ndarray, corrections: Corrections, *, folds_by_order: bool, compared_by: str = ""
) -> Reading:
    """The pairs with their distances (P,), NaN where there was nothing to compare."""
    is_same, failed = listed.is_same, np.isnan(distances)
    assert is_same is not None, "whoever finishes pairs has asked for their truth"
    fold, folds_known_by = folds_of(listed, is_same, corrections.folds, by_order=folds_by_order)
    failures = _failures(listed, failed, corrections)
    check_kinds(listed.name, is_same[~failed])
    if fold is not None:
        check_folds(listed.name, fold[~failed], is_same[~failed])
    identities, known_by = _identities(listed, is_same)
    is_left = ~failed if failures and failures.treated == LEFT_OUT else np.ones(len(failed), bool)
    pairs = ScoredPairs(
        np.where(failed, np.inf, distances)[is_left],
        is_same[is_left],
        *(identities[1][:, is_left] if identities else (None, None)),
        identities=identities[0] if identities else None,
        is_similarity=listed.direction == SIMILARITY and not compared_by,
        fold=None if fold is None else fold[is_left],
        lines=listed.lines[is_left],
        failures=failures,
    )
    understanding = replace(
        _as_listed(listed, is_same),
        direction="" if compared_by else listed.direction,
        compared_by=compared_by,
        folds=0 if fold is None else int(fold.max()) + 1,
        folds_known_by=folds_known_by,
        identities=len(pairs.identities or ()),
        identities_known_by=known_by,
        failures=failures,
    )
    return Reading(pairs, understanding)


def _as_listed(listed: PairList, is_same: np.ndarray) -> Understanding:
    """How the file was read, before anything is known of its folds, identities and failures."""
    return Understanding(
        listed.name,
        "pairs" if listed.sides is None or listed.sides.are_identities else "trials",
        int(is_same.sum()),
        int((~is_same).sum()),
        listed.truth,
        known_by=listed.known_by,
        columns=listed.columns,
        words=listed.words,
        notes=listed.notes,
        is_told=listed.is_told,
    )


def _identities(listed: PairList, is_same: np.ndarray) -> tuple[tuple[tuple[str, ...], np.ndarray] | None, str]:
    """The sorted names of those that are listed and their places (2, P), and how one knows; None where nobody does."""
    if listed.sides is None or (identities := named_identities(listed.sides, is_same)) is None:
        return None, ""
    names, places, known_by = identities
    used, numbers = np.unique(places, return_inverse=True)
    return (tuple(names[at] for at in used.tolist()), numbers.reshape(places.shape)), known_by


def _directed(listed: PairList, corrections: Corrections) -> PairList:
    """The same with a direction. Raises ValueError where nothing tells it."""
    if listed.direction != EITHER:
        return listed
    if not corrections.closer_otherwise:
        raise ValueError(
            f"the direction of the scores in {listed.name} must be given, got none. Say which scores are closer "
            "(--closer larger or --closer smaller), or name the column distance or similarity."
        )
    direction = DISTANCE if corrections.closer_otherwise == SMALLER else SIMILARITY
    return replace(listed, direction=direction, known_by=GUESSED)


def _failures(listed: PairList, failed: np.ndarray, corrections: Corrections) -> Failures | None:
    """Raises ValueError where there are any and nobody said what becomes of them."""
    count = int(failed.sum())
    if not count:
        return None
    treated = corrections.failures or corrections.failures_otherwise
    if not treated:
        raise ValueError(
            f"{listed.name}, line {listed.lines[failed.argmax()]} must have a score, got none, as in {count:,} of "
            f"{len(failed):,} pairs. Count them as refused, as failures to enrol or to acquire (--failures refused), "
            "or leave them out (--failures left-out)."
        )
    return Failures(count, treated)
