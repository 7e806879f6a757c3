"""What `python -m core verify` is told of lists of pairs and of scores, and how it reads them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.readers.npz_archive import held_arrays, is_archive
from core.readers.pair_list import CORRECTED, LARGER, SMALLER, Corrections
from core.readers.understanding import Reading
from core.verification.scored_pairs import LEFT_OUT, REFUSED


def add_reading_options(parser: ArgumentParser) -> None:
    """The lists, and what can be said where they are understood wrongly."""
    parser.add_argument("--pairs", metavar="FILE", help="only these pairs of an .npz: a list that names its samples")
    parser.add_argument("--trials", metavar="FILE", help="the list that says which scores are of the same identity")
    parser.add_argument("--truth", metavar="WHERE", help="the column of the truth: first, last, its name or number")
    parser.add_argument("--same", metavar="WORD", help="the word in that column that means the same identity")
    parser.add_argument("--score", metavar="COLUMN", help="the column of the scores, its name or number")
    parser.add_argument("--closer", choices=(SMALLER, LARGER), help="which scores are closer")
    parser.add_argument("--folds", metavar="WHICH", help="a column, a number of equal parts of the list, or none")
    parser.add_argument("--failures", choices=(REFUSED, LEFT_OUT), help="what becomes of pairs without a score")


def corrections_of(options: Namespace) -> Corrections:
    """What the command line says of a file of pairs, for the reader to go by."""
    corrections = {name: getattr(options, name) or "" for name in CORRECTED}
    return Corrections(**corrections)


def reading_of(options: Namespace, distance: Distance) -> Reading | None:
    """The pairs that the words name, told on stderr as they were understood; None where all pairs of embeddings are
    meant. Raises ValueError where files and words do not go together."""
    path, corrections = Path(options.file), corrections_of(options)
    holds_embeddings = is_archive(path)
    if holds_embeddings and options.trials:
        raise ValueError(
            f"--trials must come with a file of scores, got the archive {path.name}. Say --pairs for a list of pairs "
            "of its samples."
        )
    if options.pairs and not holds_embeddings:
        raise ValueError(
            f"--pairs must come with an .npz of embeddings, got {path.name}. Say --trials where that is a file of "
            "scores."
        )
    if options.pairs or (holds_embeddings and "issame" in held_arrays(path)):
        from core.readers.listed_pairs import read_couples, read_listed

        reading = (
            read_listed(options.pairs, path, corrections, distance=distance)
            if options.pairs
            else read_couples(path, corrections, distance=distance)
        )
    elif holds_embeddings:
        _check_no_corrections(corrections, path.name)
        return None
    else:
        from core.readers.pair_files import read_scores

        if distance != EUCLIDEAN:
            raise ValueError(
                f"--distance must be left out where scores are given, got {distance.name}. Scores are taken as they "
                "are."
            )
        reading = read_scores(path, corrections, trials=options.trials)
    print(f"understood: {reading.understanding.in_words()}", file=sys.stderr)
    return reading


def _check_no_corrections(corrections: Corrections, name: str) -> None:
    words = [f"--{option}" for option, value in vars(corrections).items() if value]
    if words:
        raise ValueError(
            f"{words[0]} must come with a list of pairs or of scores, got the embeddings of {name} alone. Leave it out."
        )
