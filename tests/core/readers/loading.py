"""The pairs of a file alone, without how it was understood."""

from __future__ import annotations

from pathlib import Path

from core.readers.listed_pairs import read_listed
from core.readers.pair_files import read_scores
from core.readers.pair_list import Corrections
from core.verification.scored_pairs import ScoredPairs


def load_pairs(path: Path, embeddings_path: Path) -> ScoredPairs:
    """Of a list, with the Euclidean distances of its samples' embeddings."""
    return read_listed(path, embeddings_path).pairs


def load_scores(path: Path, *, smaller_is_closer: bool | None = None) -> ScoredPairs:
    """Of a file with scores, whose direction is said here or by the file."""
    closer = {None: "", True: "smaller", False: "larger"}[smaller_is_closer]
    return read_scores(path, Corrections(closer=closer)).pairs
