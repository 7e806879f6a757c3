"""The kind of a run, named or, in older files, told by the one rule."""

from __future__ import annotations

from typing import Any

import pytest

from core.records.kinds import Kind, kind_of_folder, kind_of_request

DATA = {"digest": "d", "class_names": [], "protocol": "as uploaded"}
OLD_FOLDERS: dict[Kind, dict[str, Any]] = {
    Kind.TRAINED: {"experiment": {"dataset": {"kind": "digits"}}, "data": DATA},
    Kind.EMBEDDINGS: {"experiment": {"distance": {"kind": "cosine"}}, "data": DATA},
    Kind.ROLES: {"experiment": {"distance": {}}, "data": DATA | {"pair_count": 5, "roles": {"junk": 1}}},
    Kind.SCORES: {"experiment": {}, "data": DATA | {"pair_count": 5, "protocol": "pairs as scored"}},
    Kind.LISTED: {"experiment": {"distance": {}}, "data": DATA | {"pair_count": 5, "protocol": "pairs as listed"}},
    Kind.WITHDRAWN: {"experiment": {"dataset": {}}, "data": DATA, "without": {"rows": [1]}},
}
OLD_REQUESTS: dict[Kind, dict[str, Any]] = {
    Kind.TRAINED: {"dataset": {"kind": "digits"}, "distance": {"kind": "euclidean"}},
    Kind.EMBEDDINGS: {"upload": {"name": "a.npz", "digest": "d"}, "distance": {"kind": "cosine"}},
    Kind.ROLES: {"upload": {"name": "a.npz", "digest": "d", "roles": {}}, "pairs": 5, "distance": {}},
    Kind.SCORES: {"upload": {"name": "a.csv", "digest": "d"}, "pairs": 5},
    Kind.WITHDRAWN: {"upload": {"without": [1], "run": "r", "step": 3}},
}


@pytest.mark.parametrize("kind, written", OLD_FOLDERS.items())
def test_a_folder_of_an_older_version_is_told_by_what_it_holds(kind: Kind, written: dict[str, Any]) -> None:
    assert kind_of_folder(written) is kind


@pytest.mark.parametrize("kind, asked", OLD_REQUESTS.items())
def test_a_request_of_an_older_version_is_told_by_what_it_asks(kind: Kind, asked: dict[str, Any]) -> None:
    assert kind_of_request(asked) is kind


def test_a_kind_that_is_named_is_taken_whatever_else_stands_there() -> None:
    for kind in OLD_FOLDERS:
        assert kind_of_folder(OLD_FOLDERS[Kind.SCORES] | {"kind": kind.value}) is kind
        assert kind_of_request(OLD_REQUESTS[Kind.TRAINED] | {"kind": kind.value}) is kind


@pytest.mark.parametrize("written", [{}, {"data": None, "experiment": None}, {"data": 3, "experiment": "x"}])
def test_a_damaged_folder_has_a_kind_for_the_lists(written: dict[str, Any]) -> None:
    assert kind_of_folder(written) is Kind.EMBEDDINGS


@pytest.mark.parametrize("name", ["newer", "videos", 7, None])
def test_a_kind_of_a_newer_version_is_listed_nowhere_and_not_opened(name: object) -> None:
    asked = kind_of_request({"kind": name})
    assert asked is Kind.NEWER and not asked.is_trained and not asked.is_of_pairs
    with pytest.raises(ValueError, match="the kind of a run must be one of trained, embeddings.*Open it with a newer"):
        kind_of_folder({"kind": name})


def test_what_follows_from_a_kind() -> None:
    kinds = [kind for kind in Kind if kind is not Kind.NEWER]
    assert [kind for kind in kinds if kind.is_trained] == [Kind.TRAINED]
    assert [kind for kind in kinds if kind.is_of_pairs] == [Kind.ROLES, Kind.SCORES, Kind.LISTED]
    assert [kind for kind in kinds if kind.has_roles] == [Kind.ROLES]
    assert [kind for kind in kinds if kind.is_archive] == [Kind.EMBEDDINGS, Kind.ROLES]
    assert [kind for kind in kinds if not kind.is_compared_here] == [Kind.SCORES]
