"""What was made of a list of pairs, in words, to be shown before it is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from core.verification.scored_pairs import LEFT_OUT, Failures, ScoredPairs

CLOSER = {"distance": "smaller is closer", "similarity": "larger is closer"}


@dataclass(frozen=True)
class Understanding:
    """How many pairs of which kind a file holds, and how its truth, scores, folds and identities were read.

    `direction` is distance or similarity and `known_by` how one knows; where embeddings were compared instead,
    `compared_by` is the distance. `columns` are those that may hold the truth, `words` its spellings. `is_told` is
    whether the names of its columns say all of it.
    """

    name: str
    noun: str
    same: int
    different: int
    truth: str
    direction: str = ""
    known_by: str = ""
    compared_by: str = ""
    folds: int = 0
    folds_known_by: str = ""
    identities: int = 0
    identities_known_by: str = ""
    failures: Failures | None = None
    columns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_told: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether nothing was guessed and nobody has to say what becomes of a pair."""
        return self.is_told and not self.failures

    def in_words(self) -> str:
        """In one line: the pairs, the truth and the direction first, then the details."""
        count = self.same + self.different
        parts = [f"{self.name}: {count:,} {self.noun} ({self.same:,} same, {self.different:,} different)", self.truth]
        if self.compared_by:
            parts.append(f"compared by {self.compared_by}")
        else:
            parts.append(f"{self.direction} ({CLOSER[self.direction]}, {self.known_by})")
        return "; ".join([", ".join(parts), *self._details()])

    def _details(self) -> list[str]:
        details = list(self.notes)
        if self.folds:
            details.append(f"{self.folds:,} {'folds' if self.folds > 1 else 'fold'} {self.folds_known_by}")
        if self.identities:
            details.append(f"{self.identities:,} identities {self.identities_known_by}".rstrip())
        if self.failures:
            treated = "left out" if self.failures.treated == LEFT_OUT else "counted as refused"
            details.append(f"{self.failures.count:,} that could not be compared {treated}")
        return details


class Reading(NamedTuple):
    """Pairs, and how their files were understood."""

    pairs: ScoredPairs
    understanding: Understanding
