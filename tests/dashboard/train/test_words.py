"""Settings in words."""

from __future__ import annotations

import pytest

from core.experiment.setting_changes import Difference
from dashboard.train.words import moves_in_words, spoken, titled


@pytest.mark.parametrize(
    ("value", "words"),
    [("p-by-k", "p by k"), (True, "on"), (False, "off"), (20, "20"), (0.001, "0.001")],
)
def test_a_value_reads_as_the_menus_and_fields_show_it(value: object, words: str) -> None:
    assert spoken(value) == words


def test_a_setting_has_a_capital_and_names_its_family_where_there_is_a_choice() -> None:
    assert titled(Difference("schedule", "learning_rate", 1, 2)) == "Learning rate"
    assert titled(Difference("loss", "margin", 1, 2)) == "Loss, margin"
    assert titled(Difference("miner", "kind", "all", "batch-hard")) == "Miner"


@pytest.mark.parametrize(
    ("shift", "mirror", "said"),
    [
        (0, False, []),
        (3, False, ["moved by up to 3 px"]),
        (0, True, ["half of them mirrored"]),
        (1, True, ["moved by up to 1 px", "half of them mirrored"]),
    ],
)
def test_what_the_schedule_does_to_images_is_said(shift: int, mirror: bool, said: list[str]) -> None:
    assert moves_in_words(shift, mirror) == said
