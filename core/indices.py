"""Mined rows have a type: pairs and triplets of row numbers into one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor


class Pairs(NamedTuple):
    """Row numbers into one batch, (P,) int64 each, and whether the two share a label, (P,) bool."""

    first: Tensor
    second: Tensor
    is_same: Tensor


class Triplets(NamedTuple):
    """Row numbers into one batch, each (T,) int64."""

    anchor: Tensor
    positive: Tensor
    negative: Tensor
