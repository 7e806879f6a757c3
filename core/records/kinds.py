"""What a run can be. Everything that depends on where a run comes from is a property of its kind.

Folders and requests of earlier versions do not name their kind: `kind_of_folder` and `kind_of_request` are the one rule
by which they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

AS_UPLOADED, BY_ROLE = "as uploaded", "queries against a gallery"
AS_SCORED, AS_LISTED = "pairs as scored", "pairs as listed"


class Kind(StrEnum):
    """Where a run comes from."""

    TRAINED = "trained"  # on images, by this code
    EMBEDDINGS = "embeddings"  # brought by a user
    ROLES = "roles"  # brought embeddings of which somebody said who asks and who may be found
    SCORES = "scores"  # brought pairs with scores
    LISTED = "listed"  # brought pairs that were compared here
    WITHDRAWN = "withdrawn"  # a snapshot of another run without some of its samples
    NEWER = "newer"  # asked for by a newer version; never written, and its folder is not opened

    @property
    def is_trained(self) -> bool:
        """Whether this code trained it."""
        return self is Kind.TRAINED

    @property
    def is_of_pairs(self) -> bool:
        """Whether it keeps the pairs that count, and is measured from them."""
        return self in (Kind.ROLES, Kind.SCORES, Kind.LISTED)

    @property
    def has_roles(self) -> bool:
        """Whether its points have roles, by which pairs count or do not."""
        return self is Kind.ROLES

    @property
    def is_archive(self) -> bool:
        """Whether it is of one archive of embeddings that a user has at hand."""
        return self in (Kind.EMBEDDINGS, Kind.ROLES)

    @property
    def is_compared_here(self) -> bool:
        """Whether its distances were computed by this code, and are not scores of another's."""
        return self is not Kind.SCORES

    @property
    def protocol(self) -> str:
        """How the pairs of what a user brought came to be; empty where the data of the run say it."""
        return _PROTOCOLS.get(self, "")


_PROTOCOLS = {
    Kind.EMBEDDINGS: AS_UPLOADED,
    Kind.ROLES: BY_ROLE,
    Kind.SCORES: AS_SCORED,
    Kind.LISTED: AS_LISTED,
}

_KNOWN = tuple(kind.value for kind in Kind if kind is not Kind.NEWER)


def kind_of_folder(written: Mapping[str, Any]) -> Kind:
    """Of a run whose run.json this is. Raises ValueError for a kind of a newer version."""
    if "kind" in written:
        if (kind := _named(written["kind"])) is not Kind.NEWER:
            return kind
        raise ValueError(
            f"the kind of a run must be one of {', '.join(_KNOWN)}, got {str(written['kind'])[:40]!r}. "
            "Open it with a newer Metric Lab."
        )
    if "without" in written:
        return Kind.WITHDRAWN
    data = _object(written.get("data"))
    if "pair_count" in data:
        listed = Kind.LISTED if data.get("protocol") == AS_LISTED else Kind.SCORES
        return Kind.ROLES if "roles" in data else listed
    families = set(_object(written.get("experiment"))) - {"distance"}  # what is brought has no other
    return Kind.TRAINED if families else Kind.EMBEDDINGS


def kind_of_request(request: Mapping[str, Any]) -> Kind:
    """Of a run that was asked for with these words: a described experiment, or what a user brought.

    An earlier version told pairs with scores and listed ones apart in run.json alone: both are SCORES here.
    """
    if "kind" in request:
        return _named(request["kind"])
    if "upload" not in request:
        return Kind.TRAINED
    upload = _object(request["upload"])
    if "pairs" in request:
        return Kind.ROLES if "roles" in upload else Kind.SCORES
    return Kind.WITHDRAWN if "without" in upload else Kind.EMBEDDINGS


def _named(name: object) -> Kind:
    return Kind(str(name)) if name in _KNOWN else Kind.NEWER


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
