"""What columns of a list are called, and what cells look like, as far as that tells what a column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite

from core.readers.truths import is_truth

DISTANCE, SIMILARITY, EITHER = "distance", "similarity", "score"
NAMES = {
    "truth": "is_same issame same same_identity same_person truth ground_truth gt label target is_target match "
    "is_match matched is_duplicate duplicate genuine is_genuine y_true actual",
    DISTANCE: "distance dist euclidean l2 cosine_distance cos_dist",
    SIMILARITY: "similarity sim cosine cos cosine_similarity cos_sim llr plda inner_product",
    EITHER: "score scores value prediction y_score confidence",
    "fold": "fold folds fold_id split",
}
# Of these, names that can mean nothing else. A label is often 0 where two are the same, and what ends in similarity may
# be a dissimilarity.
CERTAIN = {
    "truth": "is_same issame same same_identity same_person",
    "scores": "distance dist cosine_distance cos_dist similarity sim cosine_similarity cos_sim",
}
# Followed by 1 and 2 or by a and b.
IDENTITIES = "id identity person people subject speaker label class"
SAMPLES = "file path img image name sample filename utt utterance wav audio photo picture face video text item"
BOB = ("claimed_id", "real_id")
BOB_NAMED = ("bio_ref_subject_id", "probe_subject_id")
FAILED = ("", "nan", "na", "n/a", "null", "none")  # in place of a score: there was nothing to compare

_ROLE_OF = {name: role for role, names in NAMES.items() for name in names.split()}
_COUPLES = (
    ("first", "second"),
    BOB,
    BOB_NAMED,
    ("enrol", "test"),
    ("enroll", "test"),
    ("enrollment", "test"),
    ("model", "segment"),
    ("model", "probe"),
    ("reference", "probe"),
    ("gallery", "probe"),
    ("query", "gallery"),
    ("left", "right"),
)
_NUMBERED = re.compile(r"(?P<base>[^0-9]*?)_?(?P<place>[12ab])")
_IDENTITY_COUPLES = _COUPLES[:3]


def word_of(cell: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def is_number(cell: str) -> bool:
    """Whether a cell is a finite number as a file writes one."""
    try:
        return "_" not in cell and isfinite(float(cell))
    except ValueError:
        return False


def role_of(cell: str) -> str:
    """What a column of this name holds, "" where the name is not known."""
    word = word_of(cell)
    if word in _ROLE_OF:
        return _ROLE_OF[word]
    if word.endswith(f"dis{SIMILARITY}"):  # larger where two differ more
        return DISTANCE
    return next((kind for kind in (DISTANCE, SIMILARITY) if word.endswith(kind)), "")


def direction_of(word: str) -> str:
    """Whether a name says distance or similarity, or either."""
    role = role_of(word)
    return role if role in (DISTANCE, SIMILARITY) else EITHER


def is_certain(what: str, cell: str) -> bool:
    """Whether a column of this name holds the truth, or scores whose closer end it says, and nothing else."""
    return word_of(cell) in CERTAIN[what].split()


def couple_of(words: Sequence[str]) -> tuple[int, int] | None:
    """The places of two columns that name the two sides of a pair."""
    for first, second in _COUPLES:
        if first in words and second in words:
            return words.index(first), words.index(second)
    bases = {
        (match["base"], match["place"]): at for at, word in enumerate(words) if (match := _NUMBERED.fullmatch(word))
    }
    for (base, place), at in bases.items():
        other = bases.get((base, {"1": "2", "a": "b"}.get(place, "")))
        if base and other is not None:
            return at, other
    return None


def base_of(word: str) -> str | None:
    """The name without the 1 or 2 at its end; None where it has none."""
    match = _NUMBERED.fullmatch(word)
    return match["base"] if match else None


def are_identities(first: str, second: str) -> bool:
    """Whether the names of two columns are those of identities, rather than of samples."""
    return (first, second) in _IDENTITY_COUPLES or base_of(first) in IDENTITIES.split()


def may_be_truth(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether the column is of truths; one of other words among them is told of when it is read."""
    others = [row[at] for row in rows if not is_truth(row[at])]
    return len(others) * 2 < len(rows) and not any(map(is_number, others))


def are_numbers(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether the column is of numbers, as far as there was something to compare; a word is told of when it is read."""
    words = [row[at].strip().lower().replace(",", ".") for row in rows]
    numbers = [word for word in words if is_number(word)]
    others = [word for word in words if word not in FAILED and not is_number(word)]
    return bool(numbers) and (not others or (len(others) < len(numbers) and any("." in word for word in numbers)))


def have_fractions(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether all cells of a column are numbers, and one at least has a point."""
    return are_numbers(rows, at) and any("." in row[at] for row in rows)


def is_name_of(cell: str, below: Sequence[str]) -> bool:
    """Whether a cell is the name of what stands below it: of numbers, or of truths that are spelt otherwise."""
    if cell.strip().lower() in FAILED:
        return False
    return all(is_number(other) or (is_truth(other) and not is_truth(cell)) for other in below)
