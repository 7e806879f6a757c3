"""Who asks, who may be found, and which pairs count: the protocols of re-identification; numpy alone.

As on Market-1501 (Zheng et al., "Scalable Person Re-identification: A Benchmark", ICCV 2015), every point has a role:

- `query`: it asks the gallery. `gallery`: it may be found. `both`: it asks, and all others find it.
- `distractor`: it stands in the gallery and is of no identity, so it is never right and always in the way.
- `junk`: it is left out of everything, even of what a distance learns from all points (`Distance.prepared`).

A pair counts where one of its points asks and the other stands in the gallery, once, whichever way round. It is
positive where both are of one identity. So two points of the gallery make no pair, nor do two distractors, of whom
nobody knows whether they are the same. Where groups (a camera, an artist, a session) are to be crossed, a pair of one
identity and one group is left out, as if that point of the gallery were not there for that query; a pair of two
identities in one group stays, as in that benchmark. With `both` for all points and no groups, every pair counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

QUERY, GALLERY, BOTH, DISTRACTOR, JUNK = ROLES = ("query", "gallery", "both", "distractor", "junk")


class _Within(NamedTuple):
    """How many pairs there are, and how many others of its key stand in the gallery for each point (N,)."""

    pairs: int
    found: np.ndarray


@dataclass(frozen=True)
class Roles:
    """Of N points with `labels` (N,): the role of each, its place in ROLES (N,), and where pairs of one identity in one
    group are left out, the group of each (N,). The labels that were named for junk and for distractors are kept."""

    labels: np.ndarray
    numbers: np.ndarray
    groups: np.ndarray | None = None
    junk_labels: tuple[str, ...] = ()
    distractor_labels: tuple[str, ...] = ()

    @cached_property
    def is_query(self) -> np.ndarray:
        """(N,) which points ask."""
        return self._are(QUERY, BOTH)

    @cached_property
    def in_gallery(self) -> np.ndarray:
        """(N,) which points may be found."""
        return self._are(GALLERY, BOTH, DISTRACTOR)

    @cached_property
    def is_distractor(self) -> np.ndarray:
        """(N,) which points of the gallery match nobody."""
        return self._are(DISTRACTOR)

    @cached_property
    def has_identity(self) -> np.ndarray:
        """All but junk and distractors (N,) bool."""
        return self._are(QUERY, GALLERY, BOTH)

    @cached_property
    def queries(self) -> np.ndarray:
        """Their rows, ascending (Q,)."""
        return np.flatnonzero(self.is_query)

    @cached_property
    def gallery(self) -> np.ndarray:
        """Their rows, ascending (G,)."""
        return np.flatnonzero(self.in_gallery)

    @cached_property
    def _gallery_labels(self) -> np.ndarray:
        """Of distractors -1, which is no label (G,)."""
        return np.where(self.is_distractor, -1, self.labels)[self.gallery]

    @property
    def compared(self) -> int:
        """How many distances it takes, junk left out."""
        return len(self.queries) * len(self.gallery)

    def found_by(self, query: int) -> tuple[np.ndarray, np.ndarray]:
        """Which of the gallery stand there for this query, and which of these are of its identity, (G,) bool each."""
        there, is_same = self.gallery != query, self._gallery_labels == self.labels[query]
        if self.groups is not None:
            there &= ~(is_same & (self.groups[self.gallery] == self.groups[query]))
        return there, is_same & there

    def new_pairs_of(self, query: int) -> np.ndarray:
        """Which of the gallery make a pair with this query that no query before it has made, (G,) bool."""
        there, _ = self.found_by(query)
        if self.in_gallery[query]:
            before = slice(int(np.searchsorted(self.gallery, query)))
            there[before] &= ~self.is_query[self.gallery[before]]
        return there

    def without_junk(self) -> tuple[np.ndarray, Roles]:
        """The rows of all others (M,), ascending, and their roles."""
        rows = np.flatnonzero(~self._are(JUNK))
        return rows, self._of(rows)

    def without(self, rows: np.ndarray) -> tuple[np.ndarray, Roles]:
        """The rows of all others than these (M,), ascending, and their roles. Raises ValueError where no pair of one of
        both kinds is left."""
        left = np.delete(np.arange(len(self.labels)), rows)
        roles = self._of(left)
        _check(roles)
        return left, roles

    def _of(self, rows: np.ndarray) -> Roles:
        groups = None if self.groups is None else self.groups[rows]
        return replace(self, labels=self.labels[rows], numbers=self.numbers[rows], groups=groups)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many points play which part, how many queries have nobody to find, and how many pairs there are.

        `pairs_left_out` are those of one identity and one group.
        """
        known = self.has_identity
        own, together = (
            self._within(self.labels, known),
            self._within(np.zeros_like(self.labels), known | self.in_gallery),
        )
        positives, left_out = own.found[self.queries], 0
        if self.groups is not None:
            both = np.unique(np.stack([self.labels, self.groups]), axis=1, return_inverse=True)[1].reshape(-1)
            grouped = self._within(both, known)
            positives, left_out = positives - grouped.found[self.queries], grouped.pairs
        alone = int((positives == 0).sum())
        return {
            "queries": len(self.queries) - alone,
            "queries_without_positive": alone,
            "gallery": len(self.gallery),
            "distractors": int(self.is_distractor.sum()),
            "junk": int(self._are(JUNK).sum()),
            "pairs_left_out": left_out,
            "positive_pairs": own.pairs - left_out,
            "negative_pairs": together.pairs - own.pairs,
        }

    @property
    def identities(self) -> int:
        """Among the queries and the gallery; distractors are of none."""
        return len(np.unique(self.labels[self.has_identity]))

    def described(self) -> dict[str, int | bool]:
        """What a list of numbers says of it, beside the numbers of pairs."""
        counts = {
            name: count for name, count in self.counts.items() if name not in ("positive_pairs", "negative_pairs")
        }
        return counts | {"across_groups": self.groups is not None}

    @property
    def on_card(self) -> dict[str, int | bool | list[str]]:
        """The same with the labels that were named, so that it can be asked for again (`words_for`)."""
        named = {"junk_labels": list(self.junk_labels), "distractor_labels": list(self.distractor_labels)}
        return self.described() | named

    def _within(self, keys: np.ndarray, chosen: np.ndarray) -> _Within:
        """Among the points that are `chosen` (N,) bool, of those with one key (N,) to each other."""
        asking, standing = self.is_query & chosen, self.in_gallery & chosen
        size = int(keys.max()) + 1
        queries, gallery, both = (
            np.bincount(keys[there], minlength=size) for there in (asking, standing, asking & standing)
        )
        # A point makes no pair with itself, and two that both ask and stand make one, not two.
        return _Within(int((queries * gallery - both * (both + 1) // 2).sum()), gallery[keys] - standing)

    def _are(self, *names: str) -> np.ndarray:
        return np.isin(self.numbers, [ROLES.index(name) for name in names])


def roles_of(
    labels: np.ndarray,
    class_names: Sequence[str],
    role: np.ndarray | None = None,
    group: np.ndarray | None = None,
    *,
    junk: Sequence[str] = (),
    distractors: Sequence[str] = (),
    across_groups: bool = False,
) -> Roles | None:
    """Class numbers (N,) with their names, the arrays `role` and `group` (N,) of an archive, and what is asked for ->
    the roles; None where nothing of the kind is said, and every pair of two points counts.

    Labels that are named for junk or for distractors are that, whatever `role` says. Raises ValueError where a label,
    the groups, a query with somebody to find, or a negative pair is missing.
    """
    if across_groups and group is None:
        raise ValueError(
            "pairs across groups must have the array group in the archive, got none. Save the camera, artist or "
            "session of each point as group."
        )
    if role is None and not junk and not distractors and not across_groups:
        return None
    numbers = np.full(len(labels), ROLES.index(BOTH)) if role is None else role.copy()
    for kind, named in ((DISTRACTOR, distractors), (JUNK, junk)):
        for name in named:
            numbers[labels == _place(name, class_names, kind)] = ROLES.index(kind)
    roles = Roles(labels, numbers, group if across_groups else None, tuple(junk), tuple(distractors))
    _check(roles)
    return roles


def words_for(on_card: Mapping[str, Any]) -> list[str]:
    """The options of the command line that ask for the same roles of the same archive."""
    named = [f"--junk={name}" for name in on_card["junk_labels"]]
    named += [f"--distractors={name}" for name in on_card["distractor_labels"]]
    return named + (["--across-groups"] if on_card["across_groups"] else [])


def _place(name: str, class_names: Sequence[str], kind: str) -> int:
    if name not in class_names:
        raise ValueError(
            f"a label for {kind} must be one of the archive, got {name[:100]!r}. Take one such as "
            f"{class_names[0][:100]!r}."
        )
    return list(class_names).index(name)


def _check(roles: Roles) -> None:
    if not len(roles.queries) or not len(roles.gallery):
        raise ValueError(
            f"roles must leave queries and a gallery, got {len(roles.queries)} and {len(roles.gallery)} points. "
            "Give some points the role query or both, others gallery or both."
        )
    counts = roles.counts
    if not counts["queries"]:
        crossed = " of another group" if roles.groups is not None else ""
        raise ValueError(
            f"a query must have another point of its identity{crossed} in the gallery, got none for any of "
            f"{len(roles.queries)} queries. Add such points."
        )
    if not counts["negative_pairs"]:
        raise ValueError(
            "a query must have a point of another identity in the gallery, got none for any. Add other identities."
        )
