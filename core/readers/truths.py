"""How people write whether two samples are of one identity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.system.quoting import shown

SPELLINGS = (  # the same identity, different ones; in any case, and with or without a hyphen or an underscore inside
    ("1", "0"),
    ("1", "-1"),
    ("true", "false"),
    ("yes", "no"),
    ("same", "different"),
    ("same", "diff"),
    ("target", "nontarget"),
    ("tgt", "imp"),
    ("genuine", "impostor"),
    ("genuine", "imposter"),
    ("match", "nonmatch"),
    ("match", "mismatch"),
    ("matched", "mismatched"),
    ("mated", "nonmated"),
    ("client", "impostor"),
    ("positive", "negative"),
    ("pos", "neg"),
)
IN_WORDS = "1 or 0, 1 or -1, true or false, yes or no, same or different, target or nontarget, genuine or impostor"
_MEANINGS = {word: place == 0 for spelling in SPELLINGS for place, word in enumerate(spelling)}


def canonical(cell: str) -> str:
    """The word as SPELLINGS has it, where it has it: 1.0 is 1, Non-Target is nontarget."""
    word = cell.strip().lower()
    if word in _MEANINGS:
        return word
    try:
        return {1.0: "1", 0.0: "0", -1.0: "-1"}.get(float(word), word)
    except ValueError:
        return word.replace("-", "").replace("_", "")


def is_truth(cell: str) -> bool:
    """Whether a cell is a spelling of same or different."""
    return canonical(cell) in _MEANINGS


class Truths:
    """The truth of pairs that come bit by bit, out of the column so named of a file.

    `same` is the one word for the same identity where somebody said so; then every other word is another identity.
    `form` is how the file was read, for those whom an error tells.
    """

    def __init__(self, name: str, column: str, same: str = "", form: str = "") -> None:
        self._name, self._column, self._same, self._form = name, column, canonical(same), form
        self._words: dict[str, str] = {}

    def read(self, lines: Sequence[int], cells: Sequence[str]) -> np.ndarray:
        """(B,) bool. Raises ValueError at a cell that is no truth, or that contradicts an earlier one."""
        meant: dict[str, bool] = {}
        for cell in dict.fromkeys(cells):  # in their order, so that words are told alike each time
            word = canonical(cell)
            if (is_same := word == self._same if self._same and word else _MEANINGS.get(word)) is None:
                raise self._unknown(lines, cells)
            meant[cell] = is_same
            self._words.setdefault(word, cell)
        self._check_words()
        return np.fromiter(map(meant.__getitem__, cells), bool, len(cells))

    def check_same(self) -> None:
        """Raise ValueError unless the word for the same identity has been met."""
        if self._same and self._same not in self._words:
            raise ValueError(
                f"the word for the same identity in {self._name} must be one of the column {self._column}, got "
                f"{shown(self._same)} where there are {self._met()}. Name one of these."
            )

    def words(self) -> tuple[str, ...]:
        """Those met, as they are written."""
        return tuple(self._words.values())

    def _check_words(self) -> None:
        if self._same and len(self._words) > 2:
            raise ValueError(
                f"{self._name} must hold two words for the truth in the column {self._column}, got {self._met()}. "
                "Name the column of the truth."
            )
        if {"0", "-1"} <= set(self._words) and not self._same:
            raise ValueError(
                f"{self._name} must spell the truth in one way in the column {self._column}, got 0 and -1. "
                "Write 1 for a pair of the same identity and 0 for any other."
            )

    def _met(self) -> str:
        return ", ".join(shown(cell) for cell in list(self._words.values())[:4])

    def _unknown(self, lines: Sequence[int], cells: Sequence[str]) -> ValueError:
        wrong = (not canonical(cell) if self._same else not is_truth(cell) for cell in cells)
        line, cell = next(
            pair for pair, is_wrong in zip(zip(lines, cells, strict=True), wrong, strict=True) if is_wrong
        )
        return ValueError(
            f"{self._name}, line {line}: {self._column} must be {IN_WORDS}, got {shown(cell)}{self._form}. "
            "Write it so, or say which word means the same identity (--same WORD)."
        )
