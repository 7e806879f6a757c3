"""The columns that the index has of settings."""

from __future__ import annotations

import pytest

from core.runs.derived import DERIVED, derived, derived_of


def test_all_values_are_searched_and_no_name_of_a_setting() -> None:
    described = {"loss": {"kind": "Triplet", "margin": 0.25}, "schedule": {"drawn": [1, 2]}}
    assert derived(described)["settings"] == "triplet 0.25 [1, 2]"


@pytest.mark.parametrize(
    ("described", "is_awaited", "data", "dataset"),
    [
        ({}, 0, "", ""),
        ({"dataset": {"kind": "digits"}}, 0, "", "digits"),
        ({"dataset": {"kind": "brought", "data": "ab"}}, 0, "ab", "ab"),
        ({"dataset": {"kind": "brought"}}, 0, "", "brought"),
        ({"dataset": "of another version"}, 0, "", ""),
        ({"upload": {}}, 1, "", ""),
        ({"kind": "trained"}, 0, "", ""),
        ({"kind": "scores"}, 1, "", ""),
        ({"kind": "of a newer version"}, 1, "", ""),
    ],
)
def test_by_what_runs_are_found(described: dict, is_awaited: int, data: str, dataset: str) -> None:
    found = derived(described)
    assert (found["is_awaited"], found["data"], found["dataset"]) == (is_awaited, data, dataset)


@pytest.mark.parametrize("written", ["", "{", "[]", "3"])
def test_settings_that_are_damaged_have_none(written: str) -> None:
    assert {name: derived_of(written, name) for name in DERIVED} == derived({})
