"""A packed handle says all that the handle says, and its place beside it."""

from __future__ import annotations

import json

import numpy as np

from dashboard.components.frames import digest_of
from dashboard.components.gestures import Handle, Readout, encoded
from dashboard.components.packed_handle import pack_handle

STOPS = np.array([0.1, 0.5, 0.9])


def handle(value: float) -> Handle:
    return Handle("limit", "x", value, STOPS, readouts=[Readout("share", ["0 %", "50 %", "100 %"], "")])


def test_all_but_the_value_is_in_the_content() -> None:
    packed = pack_handle(handle(0.5))
    assert json.loads(packed.content) | {"value": packed.value} == encoded(handle(0.5))
    assert packed.digest == digest_of(packed.content)


def test_the_same_handle_elsewhere_is_not_sent_again() -> None:
    packed, moved = pack_handle(handle(0.5)), pack_handle(handle(0.9))
    assert moved == packed.at(0.9) and moved.digest == packed.digest and moved != packed
