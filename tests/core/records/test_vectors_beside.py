from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.records.vectors_beside import VectorsBeside

BESIDE = VectorsBeside("vectors", trained=0.5, untrained=0.6, low=-0.15, high=-0.05, identities=20)


def test_it_is_read_back_as_it_was_written_also_what_a_newer_version_adds() -> None:
    written = json.loads(json.dumps(BESIDE.written() | {"later": 1}))
    assert VectorsBeside.read(written) == replace(BESIDE, other={"later": 1})
    assert VectorsBeside.read(written).written() == written


@pytest.mark.parametrize(
    "low, high, is_clear", [(-0.15, -0.05, True), (-0.2, 0.0, False), (-0.2, 0.1, False), (0.1, 0.2, True)]
)
def test_it_is_clear_where_the_interval_leaves_out_zero(low: float, high: float, is_clear: bool) -> None:
    assert replace(BESIDE, low=low, high=high).is_clear is is_clear


def test_equal_spaces_are_not_worse() -> None:
    assert BESIDE.is_worse and not replace(BESIDE, trained=0.6).is_worse


def test_what_is_damaged_is_refused() -> None:
    with pytest.raises(ValueError, match="beside_vectors in result.json must hold a fitting low, got 'much'"):
        VectorsBeside.read(BESIDE.written() | {"low": "much"})
