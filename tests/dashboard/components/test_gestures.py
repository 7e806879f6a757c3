"""A gesture says at once what does not fit together, and travels to the browser without loss."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from dashboard.components.gestures import SHORT_TYPES, Follower, Handle, Readout, Recolour, Scrub, Sprite, encoded

STOPS = [0.1, 0.2, 0.2, 0.4]


def decoded(value: dict[str, str]) -> np.ndarray:
    """As plotly reads it in the browser."""
    return np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])


def test_stops_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ValueError, match="stops of handle 'margin' must ascend. Sort them, and their readouts"):
        Handle("margin", "x", 0.2, [0.1, 0.3, 0.2])
    assert Handle("margin", "x", 0.2, STOPS).stops == STOPS, "a stop may stand twice"


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"readouts": [Readout("fits", STOPS), Readout("hard", [1.0, 2.0, 3.0])]}, "readout 'hard'"),
        ({"followers": [Follower("dot", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0])]}, "follower 'dot'"),
        ({"words": {"count": ["one", "two", "three"]}}, "word 'count'"),
    ],
    ids=["readout", "follower", "word"],
)
def test_what_has_not_one_entry_a_stop_is_refused(parts: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=f"{what} of handle 'margin' must have one entry a stop, got 3 for 4 stops."):
        Handle("margin", "x", 0.2, STOPS, **parts)


@pytest.mark.parametrize("dtype", [*SHORT_TYPES, "int64", "bool"])
def test_numbers_travel_without_loss(dtype: str) -> None:
    numbers = np.array([0, 1, 100, 7]).astype(dtype)
    read = decoded(encoded(numbers))
    assert read.dtype == np.dtype(dtype if dtype in SHORT_TYPES else "float64")
    np.testing.assert_array_equal(read, numbers)


def test_counts_of_64_bits_are_exact() -> None:
    counts = np.array([2**53, 2**53 - 1])
    assert decoded(encoded(counts)).astype(np.int64).tolist() == counts.tolist()


def test_lists_of_numbers_are_arrays_and_other_lists_stay() -> None:
    np.testing.assert_array_equal(decoded(encoded([0.5, 1, np.float32(2)])), [0.5, 1, 2])
    assert encoded(["a", "b"]) == encoded(np.array(["a", "b"])) == ["a", "b"]
    assert encoded([0.0, "handle"]) == [0.0, "handle"] and encoded([]) == []
    assert encoded(np.int64(3)) == 3 and isinstance(encoded(np.int64(3)), int)


def test_a_handle_is_json_with_every_part_in_its_place() -> None:
    handle = Handle(
        "margin",
        "diagonal",
        0.2,
        STOPS,
        readouts=[Readout("hard", np.arange(4))],
        recolours=[Recolour("triplets", [0.0, 1.0], [0.0, "handle"], ["red", "blue", "grey"])],
        words={"own": ["a", "b", "c", "d"]},
    )
    content = json.loads(json.dumps(encoded(handle)))
    assert (content["name"], content["axis"], content["value"]) == ("margin", "diagonal", 0.2)
    np.testing.assert_array_equal(decoded(content["stops"]), STOPS)
    np.testing.assert_array_equal(decoded(content["readouts"][0]["values"]), range(4))
    assert content["recolours"][0]["cuts"] == [0.0, "handle"]
    assert content["words"] == {"own": ["a", "b", "c", "d"]}
    assert encoded(Scrub()) == {"seconds_per_frame": 0.6, "autoplay": False, "loop": False, "frame": None, "again": 0}
    assert encoded(Sprite("/p", 8, 9, 10)) == {"url": "/p", "tile_width": 8, "tile_height": 9, "columns": 10}
