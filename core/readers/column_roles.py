"""Which column of a list holds what: by the names in its first line, or where it has none by what the cells look like.

Names decide where they are known (column_names.py); what they leave open is told by the cells, and a column of no
known use is left aside. In a list without a first line a column of truths is the truth, two of words are the two
samples and one of numbers is the score. Lists of Bob name the claimed and the real identity instead of a truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.readers.column_names import (
    BOB,
    BOB_NAMED,
    DISTANCE,
    EITHER,
    IDENTITIES,
    NAMES,
    SAMPLES,
    SIMILARITY,
    are_identities,
    are_numbers,
    base_of,
    couple_of,
    direction_of,
    have_fractions,
    is_name_of,
    is_number,
    may_be_truth,
    role_of,
    word_of,
)
from core.readers.truths import canonical, is_truth
from core.system.quoting import shown

MOST_NAMED = 4
FEWEST_VALUES = 8  # columns of fractions without any name of a list that make a table of embeddings


@dataclass(frozen=True)
class Roles:
    """Places of the columns. `names` are those of two identities where `are_identities`, otherwise of two samples."""

    truth: int | None = None
    score: int | None = None
    names: tuple[int, int] | None = None
    are_identities: bool = False
    fold: int | None = None
    direction: str = EITHER
    form: str = ""  # where it is one that has a name

    def used(self) -> set[int]:
        """The places of all columns that have a role."""
        return {at for at in (self.truth, self.score, self.fold, *(self.names or ())) if at is not None}


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: with a known name, or with a word over numbers or truths."""
    first, rest = rows[0], rows[1:]
    if any(is_number(cell) for cell in first):
        return False
    words = [word_of(cell) for cell in first]
    if any(role_of(word) and not is_truth(word) for word in words) or _names_two_sides(words):
        return True
    columns = list(zip(*rest, strict=False)) if rest else []
    return any(is_name_of(cell, below) for cell, below in zip(first, columns, strict=False))


def check_is_a_list(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], known: Roles) -> None:
    """Raise ValueError where each row is one sample with its embedding: many columns of fractions, and none that is
    called as those of a list of pairs are."""
    is_list = known.used() or any(role_of(cell) in (DISTANCE, SIMILARITY, "fold") for cell in header)
    if is_list or not rows or _names_two_sides([word_of(cell) for cell in header]):
        return
    values = sum(have_fractions(rows, at) for at in range(len(rows[0])))
    if values >= FEWEST_VALUES:
        raise ValueError(
            f"{name} must list pairs or their scores, got {values:,} numbers in each row, as of embeddings. Bring it "
            "under Your data (python -m core import), where tables of embeddings are read."
        )


def _names_two_sides(words: Sequence[str]) -> bool:
    """Whether two of the columns are called as the sides of a pair, and not only numbered, as the values of a vector
    are."""
    couple = couple_of(words)
    return bool(couple) and ((base := base_of(words[couple[0]])) is None or base in f"{IDENTITIES} {SAMPLES}".split())


def roles_by_name(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], known: Roles) -> Roles:
    """What the first line says, and where it does not say what is the truth or the score, what the cells look like;
    `known` has the places of the columns that somebody named."""
    words = [word_of(cell) for cell in header]
    columns = [at for at in range(len(words)) if at not in known.used()]
    named = {role: [at for at in columns if role_of(header[at]) == role] for role in NAMES}
    names = couple_of([word if at in columns else "" for at, word in enumerate(words)])
    of_identities = names is not None and are_identities(words[names[0]], words[names[1]])
    left = [at for at in columns if words[at] and at not in (names or ()) and not role_of(header[at])]
    truths = named["truth"] or ([] if of_identities else [at for at in left if may_be_truth(rows, at)])
    truths = [at for at in truths if words[at] == "is_same"] or truths
    truth = known.truth if known.truth is not None else _only(name, "the truth", truths, header, "--truth NAME")
    scores = [at for kind in (DISTANCE, SIMILARITY, EITHER) for at in named[kind]]
    scores = scores or [at for at in left if at != truth and are_numbers(rows, at)]
    score = known.score if known.score is not None else _only(name, "scores", scores, header, "--score NAME")
    fold = known.fold if known.fold is not None else _only(name, "folds", named["fold"], header, "--folds NAME")
    direction = EITHER if score is None else direction_of(words[score])
    form = "Bob" if names and tuple(words[at] for at in names) in (BOB, BOB_NAMED) else ""
    if form and direction == EITHER:
        direction = SIMILARITY
    return Roles(truth, score, names, of_identities, fold, direction, form)


def roles_by_cells(name: str, rows: Sequence[Sequence[str]], known: Roles) -> Roles:
    """Of a list without a first line; `known` has the places of the columns that somebody named."""
    columns = [at for at in range(len(rows[0])) if at not in known.used()]
    if known.truth is None and (bob := _bob(rows)):
        return bob
    truth = (
        known.truth
        if known.truth is not None
        else _only_truth(name, rows, [at for at in columns if may_be_truth(rows, at)])
    )
    rest = [at for at in columns if at != truth]
    texts = [at for at in rest if not are_numbers(rows, at)]
    roles = replace(known, truth=truth)
    if known.score is not None:
        return roles if len(rest) != 2 else replace(roles, names=(rest[0], rest[1]), direction=SIMILARITY)
    if len(rest) == 1 and not texts:
        return replace(roles, score=rest[0])
    if not rest:
        return roles
    names = tuple(texts[:2]) if len(texts) == 2 else tuple(rest[:2])
    others = [at for at in rest if at not in names]
    if len(names) < 2 or len(others) > 1 or any(at in texts for at in others):
        raise _unknown(name, rows[0])
    if any(have_fractions(rows, at) for at in names):
        raise _unknown(name, rows[0])
    score = others[0] if others else None
    return replace(roles, names=(names[0], names[1]), score=score, direction=SIMILARITY)


def _bob(rows: Sequence[Sequence[str]]) -> Roles | None:
    """claimed_id real_id probe score, or claimed_id model real_id probe score, where some pairs are genuine."""
    width = len(rows[0])
    if width not in (4, 5) or any(len(row) != width for row in rows):
        return None
    claimed, real, probe, score = (0, width - 3, width - 2, width - 1)
    looks_so = are_numbers(rows, score) and not may_be_truth(rows, score) and not are_numbers(rows, probe)
    looks_so = looks_so and not any(map(is_truth, (row[probe] for row in rows)))
    if not looks_so or not any(row[claimed] == row[real] for row in rows):
        return None
    return Roles(None, score, (claimed, real), True, None, SIMILARITY, "Bob")


def _only(name: str, what: str, places: list[int], header: Sequence[str], option: str) -> int | None:
    if len(places) > 1:
        raise ValueError(
            f"{name} must have one column for {what}, got {_named(header, places)}. "
            f"Say which one it is ({option}), or keep one of them."
        )
    return places[0] if places else None


def _named(header: Sequence[str], places: Sequence[int]) -> str:
    """Columns by their names, of many the first ones."""
    names = [shown(header[at].strip()) for at in places]
    if len(names) > MOST_NAMED:
        names[MOST_NAMED - 1 :] = [f"{len(names) - MOST_NAMED + 1} more"]
    return " and ".join(names)


def _only_truth(name: str, rows: Sequence[Sequence[str]], places: list[int]) -> int | None:
    """The truth among columns that may be: words for it before numbers, which may also be names or scores."""
    places = [at for at in places if not is_number(rows[0][at])] or places
    if len(places) > 1:  # the only one of both kinds
        places = [at for at in places if len({canonical(row[at]) for row in rows}) > 1] or places
    if len(places) > 1:
        numbers = " and ".join(str(at + 1) for at in places)
        raise ValueError(
            f"{name} must have one column for the truth, got two that may be it, {numbers}, in lines such as "
            f"{shown(' '.join(rows[0]))}. Say which one it is (--truth first, --truth last or its number)."
        )
    return places[0] if places else None


def _unknown(name: str, row: Sequence[str]) -> ValueError:
    return ValueError(
        f"{name} must be a list of pairs in a form that is known here, got lines such as {shown(' '.join(row))}. "
        "Name its columns in a first line, such as is_same,first,second,score."
    )
