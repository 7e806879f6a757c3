"""Settings in words."""

from __future__ import annotations

import pytest

from core.experiment.setting_changes import Difference
from dashboard.train.words import spoken, titled


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
