from __future__ import annotations

import json

import pytest

from core.admission.asked import Asked
from core.admission.preparation import Preparation


def test_what_is_asked_for_goes_through_json_whole() -> None:
    asked = Asked(
        files=(("a.npz", "/somewhere/0"),),
        title="mine",
        preparation=Preparation(32, 48, "pad"),
        chosen={"label": "who"},
        groups_from_folders=True,
        mends=("drop-single", "drop-not-finite"),
    )
    assert Asked.read(json.loads(json.dumps(asked.written()))) == asked
    again = Asked(data="0" * 32, mends=("drop-zero",))
    assert Asked.read(json.loads(json.dumps(again.written()))) == again


@pytest.mark.parametrize(
    "asked, title",
    [
        (Asked(files=(("deep/a.zip", ""),)), "a.zip"),
        (Asked(files=(("a.zip", ""),), title=" my\n\tcats \0"), "my cats"),
        (Asked(files=(("", ""),)), "data"),
        (Asked(files=(("x" * 300, ""),)), "x" * 100),
    ],
)
def test_a_title_is_one_line_that_can_be_seen(asked: Asked, title: str) -> None:
    assert asked.shown_title == title


def test_what_cannot_be_asked_for_is_said_so() -> None:
    with pytest.raises(ValueError, match="what is brought must be at least one file, got none"):
        Asked()
    with pytest.raises(ValueError, match="the mend must be one of drop-single, .* drop-not-finite, got 'repair'"):
        Asked(data="0" * 32, mends=("repair",))
    with pytest.raises(ValueError, match="the role must be one of label, group, session, time, name, got 'weather'"):
        Asked(data="0" * 32, chosen={"weather": "x"})
    with pytest.raises(ValueError, match="data must be the id of an admitted data set"):
        Asked(data="../../etc")
